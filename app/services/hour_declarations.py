"""A declaration of an organisation while it is written: whom it is for, its proof, and how it is sent.

A template is one that is kept to begin from: a name and answers, without people and files.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.words import _
from app.models.hour_declaration import HourDeclaration
from app.models.hour_record import HourRecord
from app.models.person import Person
from app.security import audit
from app.security.actor import actor_of
from app.services import attachments, declarations, group_declarations, lists
from app.services.attachments import Upload
from app.services.conditions import conditions
from app.services.declarations import Declaration
from app.services.errors import Faulty, NotEligible, NotFound
from app.services.group_declarations import Sent, declarer
from app.services.group_judgement import Applicant, Judged

NOUN = HourDeclaration.__tablename__
MOST = 500
"""So many people are declared for at once by hand."""

OFFERED = 200
"""So many of one's own people are offered on a page."""

TOO_MANY = _("At most %(most)d people belong to one declaration.")
NO_NAME = _("Please give the template a name.")
LONG_NAME = _("At most 60 characters fit here.")


def drafts(session: Session) -> Sequence[HourDeclaration]:
    """What the acting account has begun here and not sent, the latest first."""
    mine = HourDeclaration.creator_id == actor_of(session).account_id
    asked = select(HourDeclaration).where(*_here(session), HourDeclaration.name == "", mine)
    return session.scalars(asked.order_by(HourDeclaration.id.desc()).limit(20)).all()


def templates(session: Session) -> Sequence[HourDeclaration]:
    """The templates of the acting organisation, by name."""
    asked = select(HourDeclaration).where(*_here(session), HourDeclaration.name != "")
    return session.scalars(asked.order_by(HourDeclaration.name, HourDeclaration.id)).all()


def begin(session: Session, said: Declaration, people: Sequence[int] = ()) -> HourDeclaration:
    """Begin a declaration. Raises Faulty for a year, subject and form that do not go together, Forbidden."""
    actor = actor_of(session)
    form = declarations.chosen_form(session, said, declarer(actor))
    with transaction(session):
        row = HourDeclaration(
            organization_id=actor.organization_id,
            creator_id=actor.account_id,
            name="",
            people=[],
            changed_at=clock.now(),
            **_answers(said, declarations.drafted(said, form)),
        )
        session.add(row)
        session.flush()
        audit.record_on(session, "create", row)
        if people:
            _add(session, row, people)
    return row


def found(session: Session, key: Any, *, template: bool = False) -> HourDeclaration:
    """A draft of the acting account, or a template of its organisation. Raises NotFound."""
    row = lists.one(session, HourDeclaration, key)
    if row is None or row.organization_id != actor_of(session).organization_id or bool(row.name) != template:
        raise NotFound
    if not template and row.creator_id != actor_of(session).account_id:
        raise NotFound
    return row


def keep(
    session: Session,
    row: HourDeclaration,
    said: Declaration,
    own: Mapping[int, Mapping[str, Any]],
    uploads: Sequence[Upload] = (),
) -> None:
    """Keep what was filled in so far; `own` are the answers of single people. Raises Faulty, Stale."""
    form = declarations.chosen_form(session, said, declarer(actor_of(session)))
    fields = declarations.own_fields(form)
    with transaction(session):
        for key, value in _answers(said, declarations.drafted(said, form)).items():
            setattr(row, key, value)
        row.people = [
            {**each, "own": _own(own.get(each["person_id"], each["own"]), fields)} for each in row.people
        ]
        row.changed_at = clock.now()
        attachments.keep_all(session, row, uploads)


def add(session: Session, row: HourDeclaration, people: Sequence[int]) -> None:
    """Let it be for these as well. Raises NotEligible for more than MOST, or for somebody else's people."""
    with transaction(session):
        _add(session, row, people)


def remove(session: Session, row: HourDeclaration, person_id: int) -> None:
    """Let it not be for this one any more."""
    with transaction(session):
        row.people = [each for each in row.people if each["person_id"] != person_id]


def offered(session: Session, row: HourDeclaration, words: str, after: int | None) -> Sequence[Person]:
    """The acting organisation's own professionals who are not in it yet, by name or number, from one on."""
    typed = words.strip()
    asked = {"id_number" if any(sign.isdigit() for sign in typed) else "name": typed} if typed else {}
    try:
        within = conditions(session, Person, asked)
    except Faulty:
        return ()
    here = (Person.organization_id == actor_of(session).organization_id, Person.state == "active")
    chosen = [each["person_id"] for each in row.people]
    statement = select(Person).where(*here, *within, Person.id.not_in(chosen), Person.id > (after or 0))
    return session.scalars(statement.order_by(Person.id).limit(OFFERED + 1)).all()


def said(row: HourDeclaration) -> Declaration:
    """What all have in common, as it was filled in."""
    return Declaration(row.year, row.subject, row.form, dict(row.values))


def preview(session: Session, row: HourDeclaration) -> list[Judged]:
    """What would become of each if it were sent now, in their order. Raises Faulty."""
    return group_declarations.preview(session, said(row), _applicants(row))


def send(session: Session, row: HourDeclaration, expected: int | None) -> Sent:
    """Send what is right of it; what is not stays as a draft. Raises Faulty, CountChanged, NotEligible."""
    with transaction(session):
        papers = attachments.of(session, row)
        judged = preview(session, row)
        sent = group_declarations.send(session, said(row), _applicants(row), papers, expected=expected)
        left = {each.line.person_id for each in judged if each.problems}
        row.people = [each for each in row.people if each["person_id"] in left]
        if not row.people:
            _drop(session, row)
    return sent


def discard(session: Session, row: HourDeclaration) -> None:
    """Throw it away with its files; a template too."""
    with transaction(session):
        _drop(session, row)


def keep_as_template(session: Session, row: HourDeclaration, name: str) -> HourDeclaration:
    """Keep its answers under a name, for the whole organisation to begin from. Raises Faulty under `name`."""
    called = name.strip()
    if not called or len(called) > HourDeclaration.name.type.length:
        raise Faulty({"name": [LONG_NAME if called else NO_NAME]})
    with transaction(session):
        same = (each for each in templates(session) if each.name == called)
        kept = next(same, None) or HourDeclaration(
            organization_id=row.organization_id, name=called, people=[]
        )
        kept.creator_id, kept.changed_at = actor_of(session).account_id, clock.now()
        for key, value in _answers(said(row), row.values).items():
            setattr(kept, key, value)
        session.add(kept)
        session.flush()
        audit.record_on(session, "keep", kept, after={"name": called})
    return kept


def of_record(session: Session, key: Any) -> HourRecord:
    """A record that the acting organisation declared, to declare it anew. Raises NotFound."""
    record = lists.one(session, HourRecord, key)
    if record is None or record.declarer_id != actor_of(session).organization_id:
        raise NotFound
    return record


def _add(session: Session, row: HourDeclaration, people: Sequence[int]) -> None:
    known = {each["person_id"] for each in row.people}
    wanted = [key for key in dict.fromkeys(people) if key not in known]
    if len(known) + len(wanted) > MOST:
        raise NotEligible(TOO_MANY, most=MOST)
    here = Person.organization_id == actor_of(session).organization_id
    found = session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted), here))
    names = {person.id: person.name for person in found}
    row.people = [
        *row.people,
        *({"person_id": key, "name": names[key], "own": {}} for key in wanted if key in names),
    ]


def _drop(session: Session, row: HourDeclaration) -> None:
    attachments.remove_all(session, row)
    audit.record_on(session, "delete", row)
    session.delete(row)


def _here(session: Session) -> tuple[Any, ...]:
    return (HourDeclaration.organization_id == actor_of(session).organization_id,)


def _answers(said: Declaration, values: Mapping[str, Any]) -> dict[str, Any]:
    return {"year": said.year, "subject": said.subject, "form": said.form, "values": dict(values)}


def _own(typed: Mapping[str, Any], fields: Sequence[str]) -> dict[str, str]:
    """The answers of one person, as they were typed; blank is what all have."""
    return {key: str(typed[key])[:60] for key in fields if str(typed.get(key) or "").strip()}


def _applicants(row: HourDeclaration) -> list[Applicant]:
    return [Applicant(each["person_id"], each["own"], each.get("learner", "")) for each in row.people]
