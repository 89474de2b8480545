"""What browsers fetch: small, from nowhere else, and true to its name."""

import gzip
import re
from hashlib import sha256
from pathlib import Path

from app.views.assets import BUNDLES, STATIC, gathered

TEMPLATES = STATIC.parent / "templates"
BUDGET = {
    "xueshi.css": 60,
    "xueshi.js": 70,
    "tom-select.js": 20,
    "i.svg": 40,
    "theme.js": 1,
    "solve.js": 2,
    "charts.js": 250,
    "favicon.svg": 1,
}
"""Kilobytes, gzipped (U7 of ui.md): css 60, scripts 90 together, icons 40; charts stand outside of it."""


def texts(*suffixes: str) -> list[tuple[str, str]]:
    found = [path for folder in (STATIC, TEMPLATES) for path in folder.rglob("*") if path.suffix in suffixes]
    return [(str(path.relative_to(STATIC.parent)), path.read_text()) for path in found]


def test_each_bundle_is_within_its_budget():
    assert set(BUDGET) == set(BUNDLES)
    for name, sources in BUNDLES.items():
        assert len(gathered(name, sources).packed) <= BUDGET[name] * 1000, name


def test_no_script_of_ours_is_long():
    assert [path.name for path in (STATIC / "js").iterdir() if path.stat().st_size > 12_000] == []


def test_every_file_is_in_a_bundle():
    bundled = {source for sources in BUNDLES.values() for source in sources}
    there = {str(path.relative_to(STATIC)) for path in STATIC.rglob("*.*")} - {
        "vendor/LICENCES.md"
    }  # SHA256SUMS has no suffix
    assert there == bundled


def test_what_is_vendored_is_what_was_built():
    for line in (STATIC / "vendor" / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split()
        assert sha256((STATIC / "vendor" / name).read_bytes()).hexdigest() == digest


def test_nothing_is_fetched_from_another_host():
    for name, text in texts(".css", ".js", ".html", ".svg"):
        addresses = re.findall(r"https?://[^\s\"')<]+", text)
        known = (
            "http://www.w3.org/", "https://github.com/orchidjs/", "http://www.apache.org/licenses/",
            "https://github.com/ecomfe/zrender/blob/master/LICENSE",
        )  # fmt: skip
        assert [each for each in addresses if not each.startswith(known)] == [], name


def test_no_colour_needs_a_browser_of_this_year():
    for name, text in texts(".css"):
        assert (
            re.findall(r"light-dark\(|color-mix\(|oklch|@layer|@container", text) == [] or "tokens" in name
        ), name


def test_no_template_has_inline_style_script_or_handler():
    for name, text in texts(".html"):
        assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", text) == [], name


def test_every_icon_that_a_page_names_is_in_the_sprite():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "vendor" / "icons.svg").read_text()))
    named = {icon for _name, text in texts(".html") for icon in re.findall(r"icon\('([\w-]+)'\)", text)}
    app = Path(STATIC).parents[1]
    named |= {icon for path in app.rglob("*.py") for icon in re.findall(r'icon="([\w-]+)"', path.read_text())}
    assert named - drawn == set()


def test_an_asset_is_named_after_its_content_and_kept_for_ever(visit):
    page = visit().get("/login").get_data(as_text=True)
    address = re.search(r'href="(/static/ui/xueshi\.[0-9a-f]{8}\.css)"', page).group(1)
    answer = visit().client.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Encoding"] == "gzip"
    body = gzip.decompress(answer.data)
    assert sha256(body).hexdigest().startswith(address.split(".")[1])
    assert visit().get(address).data == body
    assert visit().get("/static/ui/xueshi.css").status_code == 404
    assert visit().get("/static/ui/../../config.py").status_code == 404
