"""Style sheets, scripts and icons: read once, named after their content, sent compressed, kept for a year."""

import gzip
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request

from app.views import controls, grid

STATIC = Path(__file__).parent / "static"
YEAR = 365 * 24 * 60 * 60  # seconds


def _folder(
    kind: str, *, first: tuple[str, ...] = (), last: tuple[str, ...] = (), never: str = ""
) -> tuple[str, ...]:
    """The files of one folder in the order of their names, but for those that must come first or last."""
    names = sorted(path.name for path in (STATIC / kind).glob(f"*.{kind}"))
    between = [name for name in names if name not in {*first, *last, never}]
    return tuple(f"{kind}/{name}" for name in (*first, *between, *last))


BUNDLES = {
    "xueshi.css": (
        "vendor/tabler.css",
        *_folder("css", first=("tokens.css", "shell.css"), last=("print.css",)),
    ),
    "xueshi.js": _folder("js", first=("shell.js",), never="theme.js"),
    "theme.js": ("js/theme.js",),
    "solve.js": ("worker/solve.js",),
    "tom-select.js": ("vendor/tom-select.js",),
    "charts.js": ("vendor/echarts.js", "charts/chart.js"),
    "i.svg": ("vendor/icons.svg",),
    "favicon.svg": ("favicon.svg",),
}
"""What browsers fetch, and what it is made of. A sheet or a script that is dropped into its folder is in."""

KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as browsers get it: its name carries the hash of its content, so it may be kept for ever."""

    name: str
    kind: str
    body: bytes
    packed: bytes


def gathered(name: str, sources: tuple[str, ...]) -> Asset:
    """The files of one bundle as one file."""
    body = b"\n".join((STATIC / source).read_bytes() for source in sources)
    stem, suffix = name.rsplit(".", 1)
    return Asset(
        name=f"{stem}.{sha256(body).hexdigest()[:8]}.{suffix}",
        kind=KINDS[f".{suffix}"],
        body=body,
        packed=gzip.compress(body, 9, mtime=0),
    )


def sent(asset: Asset) -> Response:
    """The answer to a request for one asset."""
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    answer = Response(asset.packed if packed else asset.body, content_type=f"{asset.kind}; charset=utf-8")
    answer.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
    return answer


def dress(app: Flask) -> None:
    """Give an application its templates, its assets and `asset(name)` in templates.

    Must run before AppBuilder is made: Flask asks blueprints for a template in the order of their
    registration, and ours stand in front of FAB's.
    """
    by_bundle = {name: gathered(name, sources) for name, sources in BUNDLES.items()}
    by_name = {asset.name: asset for asset in by_bundle.values()}
    ui = Blueprint("ui", __name__, template_folder="templates")

    @ui.get("/static/ui/<name>")
    def asset(name: str) -> Response:
        found = by_name.get(name)
        return sent(found) if found else abort(404)

    def address(name: str) -> str:
        return f"{request.script_root}/static/ui/{by_bundle[name].name}"

    app.register_blueprint(ui)
    app.jinja_env.globals["asset"] = address
    app.jinja_env.filters.update(
        control=controls.control, ties=controls.ties, wrong_fields=controls.wrong_fields, rows=grid.rows
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
