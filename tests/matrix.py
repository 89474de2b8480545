# ruff: noqa: E501, C901, PLR0911, PLR0912 -- tables of what each column holds, one line each
"""The material of the matrix: a marked row of every noun at every position, and what may not happen to it."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, dataclass, field, fields
from typing import Any
from uuid import uuid4

import pdfplumber
from sqlalchemy import Connection, Engine, Table, inspect, text
from sqlalchemy.dialects.postgresql import JSONB

from app.documents.certificate import CertificateContent, CertificateTexts
from app.encrypted import context, ring
from app.security.scope import model_of, scoped

PLACES = {"own": 4, "parent": 3, "child": 9, "sibling": 5, "cousin": 8, "none": 0}
"""Positions seen from the hospital (4) of tests/cast.py. `none` is a key that stands nowhere."""

NOWHERE = 999_999_999
MARK = re.compile(r"zz(\d+)zz")
PEOPLE = {3: 11, 4: 2, 5: 5, 8: 4, 9: 6}
"""A person at each organisation, as the owner of its marked rows."""

UNGUARDED = {"message", "audit_event"}
"""Written by every act: they grow, and nobody's own rows change."""


@dataclass
class Marked:
    """The ids and uids of the marked rows, by table and organisation."""

    ids: dict[str, dict[int, int]] = field(default_factory=dict)
    uids: dict[str, dict[int, str]] = field(default_factory=dict)

    def id(self, table: str, place: str) -> int:
        """The key of the row of a table at a place."""
        return self.ids.get(table, {}).get(PLACES[place], NOWHERE)

    def uid(self, table: str, place: str) -> str:
        """Its random name."""
        return self.uids.get(table, {}).get(PLACES[place], str(uuid4()))


def mark(owner: Engine) -> Marked:
    """Put one marked row of every placed noun at every organisation of PLACES, and return their keys."""
    made = Marked()
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        _people(connection)
        made.ids["person"] = dict(PEOPLE)
        made.ids["organization"] = {org: org for org in PLACES.values() if org}
        made.ids["appointment"] = dict(made.ids["organization"])  # each one's administrator has its number
        made.ids["role"] = {org: _role(connection, org) for org in made.ids["organization"]}
        for org in made.ids["organization"]:
            connection.execute(
                text("UPDATE organization SET address = :mark, telephone = :mark WHERE id = :id"),
                {"mark": f"zz{org}zz", "id": org},
            )
        for table in (
            "department", "registration", "hour_record", "review", "decision", "hour_entry", "certificate", "attachment",
            "import_batch", "notice", "deadline", "liaison", "feedback", "sample_draw", "sample_check",
            "training_plan", "training_class", "class_member", "attendance",
            "annual_paper", "question_bank", "course", "reopening", "api_client", "printing",
        ):  # fmt: skip
            for org in made.ids["organization"]:
                _row(connection, made, table, org)
    return made


def _people(connection: Connection) -> None:
    """Mark everybody, and put one more person directly under the department."""
    connection.execute(text("UPDATE person SET name = 'zz' || organization_id || 'zz'"))
    values: dict[str, Any] = {"id": PEOPLE[3], "uid": uuid4(), "name": "zz3zz", "document_type": "id_card"}
    values |= {
        "id_number_index": b"11",
        "id_number_tail": b"11",
        "state": "active",
        "organization_id": 3,
        "extra": {},
    }
    stored: Table = inspect(model_of("person")).local_table
    _seal(stored, values)
    connection.execute(stored.insert().values(values))


def _role(connection: Connection, org: int) -> int:
    """A role that an organisation made, with the mark as its name."""
    wanted = {"mark": f"zz{org}zz", "org": org}
    key = connection.scalar(text("INSERT INTO ab_role (name) VALUES (:mark) RETURNING id"), wanted)
    made = (
        "INSERT INTO role (id, kind, label, organization_id) SELECT :key, kind, :mark, id FROM organization"
    )
    connection.execute(text(f"{made} WHERE id = :org"), {**wanted, "key": key})
    return int(key)


def _row(connection: Connection, made: Marked, table: str, org: int) -> None:
    """Insert a row whose columns are filled by their type, marked wherever it has text."""
    model = next(m for m in scoped() if m.__tablename__ == table)
    stored: Table = inspect(model).local_table
    values: dict[str, Any] = {}
    for column in stored.columns:
        if column.name == "id" or column.name.startswith("ancestor_"):
            continue
        values[column.name] = _value(table, column, org, made)
    values = {key: value for key, value in values.items() if value is not None}
    _seal(stored, values)
    key = connection.execute(stored.insert().values(values).returning(stored.c.id)).scalar_one()
    made.ids.setdefault(table, {})[org] = key
    if "uid" in values:
        made.uids.setdefault(table, {})[org] = str(values["uid"])


FIXED: dict[str, Any] = {
    "kind": "hours", "subject": "hour_record", "year": 2026, "hours": 8, "form": "conference", "source": "declaration",
    "document_type": "id_card", "verdict": "approve", "noun": "person", "media_type": "application/pdf", "size": 1,
    "step": 0, "round": 1, "sign": 1, "chain": [{"at": "employer", "label": {"zh": "审", "en": "r"},
    "approve": {"zh": "过", "en": "y"}, "reject": {"zh": "不", "en": "n"}}], "version": 1, "audience": "institution", "matter": "liaison", "topic": "problem", "direct": True,
    "half_days": ["2026-11-20a"], "half_day": "2026-11-20a", "enrolment": "picked", "joined_by": "picked", "how": "list",
    "capacity": 30, "since": 2026,
    "year_from": 2026, "year_to": 2026,
}  # fmt: skip
STATES = {"registration": "pending", "hour_record": "submitted", "review": "open", "certificate": "valid",
          "import_batch": "checked", "notice": "draft", "feedback": "open", "training_plan": "approved", "training_class": "open", "annual_paper": "draft",
          "course": "draft", "printing": "done"}  # fmt: skip


def _value(table: str, column: Any, org: int, made: Marked) -> Any:
    name = column.name
    if name in {"organization_id", "waiting_id", "decider_id"}:
        return org
    if name == "person_id":
        return PEOPLE[org]
    if name in {"plan_id", "class_id", "member_id"}:
        return made.ids[
            {"plan_id": "training_plan", "class_id": "training_class", "member_id": "class_member"}[name]
        ][org]
    if name == "review_id":
        return made.ids["review"][org]
    if name == "subject_id":
        return made.ids["hour_record"][org]
    if name == "subject" and table in {"hour_record", "training_plan", "training_class", "course"}:
        return "professional"
    if name == "state":
        return STATES.get(table)
    if name == "uid":
        return uuid4()
    if name == "kind" and table == "annual_paper":
        return "annual_plan"
    if name == "kind" and table == "printing":
        return "pdf"
    if name == "since" and table != "certificate":
        return None
    if name == "year" and table == "deadline":
        return None  # a year belongs to annual papers alone
    if name == "reason" and table == "sample_check":
        return "drawn"
    if name == "round" and table == "decision":
        return 0  # of an earlier round: the open one can still be decided
    if name in FIXED:
        return FIXED[name]
    if column.nullable or column.server_default is not None or column.foreign_keys:
        return None
    if name == "content" and table == "certificate":
        return _paper(f"zz{org}zz")
    if isinstance(column.type, JSONB):
        return {"title": f"zz{org}zz"}
    python = column.type.python_type
    if python is bytes:
        return f"{table}{org}".encode()
    if python is str:
        return f"zz{org}zz"[: column.type.length or 50]
    return {
        "datetime": text("now()"),
        "date": text("current_date"),
        "int": org,
        "float": 1.0,
        "Decimal": 1,
        "bool": False,
    }.get(python.__name__)


def _paper(marked: str) -> dict[str, Any]:
    """The frozen content of a certificate that says whose it is."""
    texts = {field.name: field.name for field in fields(CertificateTexts)}
    words = {field.name: field.name for field in fields(CertificateContent) if field.default is MISSING}
    return {**words, "name": marked, "subjects": [["a", "60"], ["b", "90"]], "texts": texts}


def _seal(stored: Table, values: dict[str, Any]) -> None:
    """Fill the sealed columns with a number that opens in this very row."""
    for column in stored.columns:
        if key := column.name.removesuffix("_sealed") if column.name.endswith("_sealed") else "":
            values[column.name] = ring().seal("421000199001011239", context(stored.name, key, values["uid"]))


def marks_in(body: bytes) -> set[int]:
    """The organisations whose marks a response shows, also inside a workbook."""
    found = {int(number) for number in MARK.findall(body.decode("utf-8", "replace"))}
    if body.startswith(b"%PDF"):
        with pdfplumber.open(io.BytesIO(body)) as paper:
            found |= {int(number) for page in paper.pages for number in MARK.findall(page.extract_text())}
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            for name in book.namelist():
                found |= {int(number) for number in MARK.findall(book.read(name).decode("utf-8", "replace"))}
    return found


def state_of(owner: Engine, reach: Iterable[int]) -> dict[str, str]:
    """A digest of every table's rows that stand outside these organisations."""
    reached = sorted(reach)
    digests = text(" UNION ALL ".join(_digests(everything=not reached)))
    with owner.connect() as connection:
        rows = connection.execute(digests, {"reach": reached})
        return {row.noun: row.digest for row in rows}


def _digests(*, everything: bool) -> Iterator[str]:
    for model in scoped():
        table = model.__tablename__
        if table in UNGUARDED:
            continue
        if table == "organization":
            outside = "NOT id = ANY (:reach)"
        elif hasattr(model, "organization_id"):
            outside = "NOT organization_id = ANY (:reach)"
        else:
            outside = "true" if everything else "false"
        yield (
            f"SELECT '{table}' AS noun, count(*) || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS digest"
            f" FROM {table} t WHERE {outside}"
        )
