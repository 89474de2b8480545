"""`xueshi catalogue`: everything that was found, and what it still lacks."""

from collections.abc import Iterator

from flask import Flask

from app.declare.chain import Chain
from app.declare.column import columns
from app.declare.province import province
from app.reviews import KINDS
from app.security.permissions import catalogue
from app.security.scope import scoped


def lines(web: Flask) -> Iterator[str]:
    """Models, permissions, kinds of review and routes, one a line; what is lacking begins with `!`."""
    yield from _models()
    yield from _permissions()
    yield from _reviews()
    yield from _routes(web)


def _models() -> Iterator[str]:
    yield "models"
    for model in scoped():
        screen = getattr(model, "screen", None)
        yield f"  {model.__tablename__}: {', '.join(columns(model)) or 'no declared column'}"
        if screen is not None:
            yield f"    screen in {screen.menu}, {'with' if screen.form else 'without'} a form"
            if not any(column.field.list for column in columns(model).values()):
                yield "    ! no column of its list is declared: field(…, list=True)"
        if "read" not in model.access:
            yield "    ! nobody may read it: access has no 'read'"


def _permissions() -> Iterator[str]:
    yield "permissions"
    for kind, held in catalogue().items():
        yield f"  {kind}: {', '.join(sorted(held))}"


def _reviews() -> Iterator[str]:
    yield "reviews"
    chains: dict[str, Chain] = {str(key): chain for key, chain in province().reviews.items()}
    for key, kind in KINDS.items():
        chain = chains.get(key)
        steps = (
            " → ".join(step.at for step in chain.steps) if chain else "! this province has no chain for it"
        )
        yield f"  {key}: {kind.subject}, {steps}"


def _routes(web: Flask) -> Iterator[str]:
    yield "routes"
    known = web.extensions["xueshi_access"]
    for rule in sorted(web.url_map.iter_rules(), key=lambda rule: rule.rule):
        access = known.get(rule.endpoint)
        verbs = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        if access is None:
            need = "! nobody: mark it @public, @signed_in or @allowed"
        elif access.public:
            need = "public"
        elif access.signed:
            need = "signed by a program"
        else:
            need = " or ".join(access.permissions) or "signed in"
        yield f"  {verbs} {rule.rule}: {need}"
