"""Which rule of a declaration opens one row to a post, and whether its review may be decided there."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.declare.access import Account, Belongs, Common, Everyone, Granted, Owner, Rule, Through, Waiting
from app.declare.part import Text
from app.declare.words import _
from app.models.review import STATES, Review
from app.security import audit, doors, widths
from app.security.actor import Actor
from app.security.scope import acting, model_of, opened_by
from app.services import functions
from app.services.errors import NotFound
from app.services.judgement import judge
from app.services.selection import Ids, load
from app.services.told import Told
from app.services.values import choices, declared

EVERYONE = Told(_("everything of this kind"))
COMMON = Told(_("what is the same for all organizations"))
OWNER = Told(_("one's own as a professional"))
ACCOUNT = Told(_("what belongs to one's own account"))
BELOW = Told(_("what stands at its organization or below it"))
HERE = Told(_("what stands at its organization itself, not below it"))
DEPARTMENT = Told(_("what stands in the department in which it works"))
NAMED = Told(_("what names its organization"))
WAITING = Told(_("what waits for a decision at its organization"))
THROUGH = Told(_("what belongs to something that it may view under “%(function)s”"))
WHILE = Told(_("%(way)s, while the state is: %(states)s"))

WAYS = Told(_("This opens: %(ways)s."))
NO_WAY = Told(_("This opens no record to whoever acts for an organization."))
OPENS = Told(_("The record stands at %(place)s. It is open as %(way)s."))
ELSEWHERE = Told(_("The record stands at %(place)s, which is neither %(organization)s nor below it."))
BELOW_ONLY = Told(_("The record stands at %(place)s, below %(organization)s; open is only %(way)s."))
NARROW = Told(_("The record stands at %(place)s. The data scope of the role opens only %(way)s."))
STATE = Told(_("The state of the record is “%(state)s”; open is %(way)s."))
CLOSED = Told(_("The record stands at %(place)s. Open is only: %(ways)s."))

NO_REVIEW = Told(_("No review of it is there."))
SEEN = Told(_("Its review can be seen at %(organization)s."))
UNSEEN = Told(_("Its review is not within the reach of %(organization)s."))
ENDED = Told(_("Its review has ended: %(state)s."))
AT_STEP = Told(_("Step %(number)d of %(all)d, “%(step)s”, waits at %(organization)s."))
BARRED = Told(_("%(step)s %(reason)s"))

Found = tuple[Literal["scope", "step"], bool, Told]


def ways_of(actor: Actor, permission: str) -> tuple[bool, Told]:
    """Which records a permission opens to whoever acts so; False where none."""
    model, action = _of(permission)
    ways = tuple(_said(rule, model, actor) for rule in _rules(model, action, actor))
    return (True, WAYS.filled(ways=ways)) if ways else (False, NO_WAY)


def reaches(session: Session, actor: Actor, permission: str, row: Any) -> tuple[bool, Told]:
    """Whether one of the declared rules opens this row to the actor, which one, or what is missing.

    Every rule is asked as it stands, then without its states and without its narrowness, so that the answer
    can name the part that closes it.
    """
    model, action = _of(permission)
    rules = _rules(model, action, actor)
    asked = {(rule, part): each for rule in rules for part, each in _parts(rule)}
    opened = _opened(session, actor, permission, row, asked)
    places = _places(session, actor, row)
    for what, found in (("", OPENS), ("state", STATE), ("own", BELOW_ONLY)):
        for rule, part in opened:
            if part == what:
                way = _said(rule, model, actor)
                return not what, found.filled(way=way, state=_state(row), **places)
    far = replace(actor, permissions=widths.widest(actor.permissions))
    for rule, part in _opened(session, far, permission, row, asked):
        if not part:
            return False, NARROW.filled(way=_said(rule, model, actor), **places)
    if any(isinstance(rule, Granted) for rule in rules):
        return False, ELSEWHERE.filled(**places)
    return False, CLOSED.filled(
        ways=tuple(_said(rule, model, actor) for rule in rules), **places
    ) if rules else NO_WAY


def decides(session: Session, actor: Actor, row: Any) -> Iterator[Found]:
    """Whether the actor may decide the review of a row now: where its step waits, and what bars him."""
    review = session.scalar(
        select(Review)
        .where(Review.subject == row.__tablename__, Review.subject_id == row.id)
        .order_by(Review.id.desc())
        .limit(1)
    )
    if review is None:
        yield "step", False, NO_REVIEW
        return
    names = doors.names(session, [actor.organization_id, review.waiting_id])
    here = names[actor.organization_id].name if actor.organization_id else ""
    choice, judged = Ids(((review.id, review.version),)), None
    with acting(session, actor):
        try:
            judged = judge(session, load(session, choice), choice, "approve")
        except NotFound:
            yield "scope", False, UNSEEN.filled(organization=here)
    if judged is not None:
        yield "scope", True, SEEN.filled(organization=here)
    if review.state != "open":
        yield "step", False, ENDED.filled(state=STATES[review.state])
        return
    step = AT_STEP.filled(
        number=review.step + 1,
        all=len(review.chain),
        step=Text(**review.chain[review.step]["label"]),
        organization=names[review.waiting_id].name if review.waiting_id else "",
    )
    why = None if judged is None else next(iter((*judged.gone, *judged.barred)), None)
    may = judged is not None and why is None
    yield "step", may, step if why is None else BARRED.filled(step=step, reason=why.reason)


def _of(permission: str) -> tuple[Any, str]:
    noun, _dot, action = permission.partition(".")
    return model_of(noun), action


def _rules(model: Any, action: str, actor: Actor) -> tuple[Rule, ...]:
    """The rules that can open anything to this actor; a professional's are none of an administrator's."""
    declared_rules: tuple[Rule, ...] = tuple(model.access.get(action, ()))
    return tuple(
        rule for rule in declared_rules if not (isinstance(rule, Owner | Belongs) and actor.person_id is None)
    )


def _parts(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """A rule as it stands, and without each part that narrows it."""
    yield "", rule
    if isinstance(rule, Granted) and rule.while_in:
        yield "state", replace(rule, while_in=())
    if isinstance(rule, Granted) and rule.own:
        yield "own", replace(rule, own=False, while_in=())


def _opened(
    session: Session, actor: Actor, permission: str, row: Any, asked: dict[tuple[Rule, str], Rule]
) -> list[tuple[Rule, str]]:
    """Which of these rules open the row, in one statement under the actor's own walls."""
    model = type(row)
    conditions = [opened_by((rule,), actor, permission, model) for rule in asked.values()]
    if not conditions:
        return []
    with acting(session, actor):
        found = session.execute(select(*conditions).where(model.id == row.id)).one_or_none()
    return [key for key, yes in zip(asked, found or (), strict=False) if yes]


def _places(session: Session, actor: Actor, row: Any) -> dict[str, str]:
    ids = {"place": audit.place_of(row), "organization": actor.organization_id}
    names = doors.names(session, ids.values())
    return {key: names[number].name if number in names else "—" for key, number in ids.items()}


def _state(row: Any) -> Any:
    column = declared(type(row)).get("state")
    state = getattr(row, "state", "")
    return choices(column).get(state, state) if column is not None else state


def _said(rule: Rule, model: Any, actor: Actor) -> Told:
    """A rule in words."""
    match rule:
        case Everyone():
            told = EVERYONE
        case Common():
            told = COMMON
        case Owner():
            told = OWNER
        case Account():
            told = ACCOUNT
        case Granted(own=own, at=at):
            far = widths.reach(actor, model.__tablename__)
            near = HERE if own or far == widths.UNIT else BELOW
            told = NAMED if at else DEPARTMENT if far == widths.DEPARTMENT else near
        case Waiting():
            told = WAITING
        case Belongs():
            told = OWNER
        case Through(table=table):
            told = THROUGH.filled(function=functions.called(table))
    states: tuple[str, ...] = getattr(rule, "while_in", ())
    if not states:
        return told
    labels = choices(declared(model)["state"])
    return WHILE.filled(way=told, states=tuple(labels.get(state, state) for state in states))
