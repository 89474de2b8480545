"""Every page there is: the application's own map, filled with rows of the scene. A new page cannot escape.

A page is what answers GET with HTML. The places of an address are filled with one row for each state that the
visitor can see; `variants` are pages that differ by what follows the question mark.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from app.declare.province import province
from app.reviews import KINDS
from app.security import sessions
from app.security.actor import NOBODY
from app.security.manager import COOKIE
from app.security.scope import model_of, set_actor
from app.views.guides import FOLDER, GUIDES
from app.views.shell import LOCALE_COOKIE
from tests.browser.harness import ROLES
from tests.browser.scene import BRANCH, Scene
from tests.visit import Visit

SEERS = ("employer", "professional", "nobody", "city", "authority")
"""Between them they can open every page; whoever comes first sees most on it."""

ROLES_THAT_SEE = (*SEERS, "institution", "pending")

OK, BROKEN = 200, 500
STAR = '<span class="star"'
"""What marks a field that must be filled in."""


@dataclass(frozen=True, slots=True)
class Place:
    """One page as one role sees it; `rule` is the route it is an example of.

    A `variant` shows the same page with other rows, or none; a page that `asks` has a form with fields that
    must be filled in.
    """

    role: str
    rule: str
    path: str
    variant: bool = False
    asks: bool = False


@dataclass(slots=True)
class Atlas:
    """The application and the scene, and from them every page."""

    web: Flask
    scene: Scene
    tables: dict[str, str] = field(default_factory=dict)
    known: dict[str, list[Place]] = field(default_factory=dict)
    """The pages of a role, once they have been found."""
    answers: dict[str, set[tuple[int, str]]] = field(default_factory=dict)
    """What each route answered while pages were looked for: statuses and kinds of content."""

    def __post_init__(self) -> None:
        for view in self.web.appbuilder.baseviews:
            noun = getattr(view, "noun", "") or view.class_permission_name
            self.tables |= {f"{view.endpoint}.{name}": noun for name in dir(type(view))}

    def post(self, role: str) -> tuple[int | None, int | None]:
        """The account and the post of a role."""
        newcomers = {"pending": self.scene.pending, "institution": self.scene.institution}
        return newcomers.get(role) or ROLES[role]

    def visitor(self, role: str, locale: str = "zh") -> Visit:
        """Somebody in this role, who reads this language."""
        visit = Visit(self.web, *self.post(role))
        visit.client.set_cookie(LOCALE_COOKIE, locale)
        return visit

    def pages(self, role: str) -> list[Place]:
        """Every page that this role can open."""
        if role not in self.known:
            self.known[role] = self._found(role)
        return self.known[role]

    def first_seen(self, role: str) -> list[Place]:
        """The pages of one of SEERS of whose routes none before it can open any; without variants."""
        richer = {place.rule for each in SEERS[: SEERS.index(role)] for place in self.pages(each)}
        return [place for place in self.pages(role) if place.rule not in richer and not place.variant]

    def examples(self, role: str) -> list[Place]:
        """One of them for each route: a page that asks for something, where there is one."""
        found = {place.rule: place for place in reversed(self.first_seen(role))}
        found |= {place.rule: place for place in reversed(self.first_seen(role)) if place.asks}
        return list(found.values())

    def _found(self, role: str) -> list[Place]:
        visit = self.visitor(role)
        found: dict[str, Place] = {}
        for rule, path, variant in self._addresses(visit):
            answer = visit.client.get(path)
            self.answers.setdefault(rule.rule, set()).add((answer.status_code, answer.mimetype))
            assert answer.status_code < BROKEN, f"{path} as {role}: {answer.status_code}"
            if answer.status_code == OK and answer.mimetype == "text/html":
                asks = STAR in answer.get_data(as_text=True)
                found.setdefault(path, Place(role, rule.rule, path, variant=variant, asks=asks))
        return list(found.values())

    def _addresses(self, visit: Visit) -> Iterator[tuple[Rule, str, bool]]:
        for rule in self.web.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.endpoint == "ui.asset":
                continue
            for values in self._fillings(visit, rule):
                built = rule.build(values)
                assert built is not None, f"{rule.rule} cannot be filled with {values}"
                yield rule, built[1], False
                for question in variants(rule.endpoint):
                    yield rule, built[1] + question, not question.startswith("?subject=")

    def _fillings(self, visit: Visit, rule: Rule) -> Iterator[dict[str, Any]]:
        names = sorted(rule.arguments - {"kind"}) if "review_id" in rule.arguments else sorted(rule.arguments)
        for filled in product(*(self._fills(visit, rule, name) for name in names)):
            values = dict(zip(names, filled, strict=True))
            if "review_id" in values:
                values["kind"], values["review_id"] = values["review_id"]
            yield values

    def _fills(self, visit: Visit, rule: Rule, name: str) -> list[Any]:
        """What may stand at this place of an address."""
        choices = getattr(rule._converters[name], "items", None)
        words = {
            "year": [2026],
            "since": [2025, 2026],
            "half_day": ["2026-11-12a"],
            "noun": ["person"],
            "kind": list(KINDS),
            "part": ["identity", "basic", "title", "education", "qualification", "academic_title"],
            "key": ["phone"] if self.tables[rule.endpoint] == "liaison" else ["id_number", "organization_id"],
        }
        if choices:
            return sorted(choices)
        if rule.endpoint.startswith("GuidePage."):
            pictures = sorted(each.stem for each in (FOLDER / "pictures").glob("*.png"))
            return pictures if rule.endpoint == "GuidePage.picture" else list(GUIDES)
        if rule.endpoint.startswith("OrphansPage."):
            return [BRANCH]
        if name == "code":
            return [self.scene.sign_in if rule.endpoint.startswith("SignInPage.") else self.scene.code]
        if name == "plan_id":
            return [key for _state, key in self._examples(visit, "training_plan", "state")]
        if name == "lesson_id":
            return [key for _state, key in self._examples(visit, "lesson", "kind")]
        if name == "review_id":
            return self._examples(visit, "review", "kind", "state")
        if name in words:
            return words[name]
        assert name in {"pk", "id", "uid"}, f"say in {__name__} what fills <{name}> of {rule.rule}"
        table = "attachment" if rule.rule.startswith("/files/") else self.tables[rule.endpoint]
        return [key for _state, key in self._examples(visit, table, "state")]

    def _examples(self, visit: Visit, table: str, *varied: str) -> list[tuple[Any, Any]]:
        """A row for each value of these columns that the visitor can read, as (first column, key)."""
        model = model_of(table)
        columns = [getattr(model, name) for name in varied if hasattr(model, name)]
        key = model.uid if table in {"attachment", "import_batch", "printing", "export"} else model.id
        with self.web.config["SESSIONS"]() as session:
            cookie = visit.client.get_cookie(COOKIE)
            who = sessions.resolve(session, cookie.value) if cookie else None
            session.rollback()
            set_actor(session, who.actor if who else NOBODY)
            rows = session.execute(select(key, *columns).order_by(model.id)).all()
        found: dict[tuple[Any, ...], tuple[Any, Any]] = {}
        for one, *values in rows:
            found.setdefault(tuple(values), (values[0] if values else "", one))
        return list(found.values())


def variants(endpoint: str) -> list[str]:
    """Pages of one address that differ by what is asked of them."""
    profile = province()
    if endpoint == "PortalPage.portal":
        return [f"?as={each.key}" for each in profile.user_types]
    if endpoint == "DeclarePage.declare":
        return [
            f"?subject={subject.key}&form={form.key}"
            for subject in profile.subjects
            for form in profile.forms_for(subject.key, "person")
        ]
    if endpoint == "ReviewsPage.queue":
        return ["?tab=reviewed", "?tab=all", "?tab=deleted", "?words=zzzz"]
    if endpoint == "StatisticsPage.show":
        return ["?by=series&before=1"]
    if endpoint == "StatisticsPage.people":
        return ["?figure=employers"]
    if endpoint.endswith("Screen.list"):
        return ["?page=last", "?name=zzzz"]
    return []
