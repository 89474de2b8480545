"""Certificates for the printer: who has one and who could, and batches of them made at once or by a job."""

import zipfile
from io import BytesIO

import pdfplumber
import pypdfium2
import pytest

from app.database import transaction
from app.jobs import certificates as jobs
from app.models.person import Person
from app.security.scope import Forbidden
from app.services import certificates, printable, printing
from app.services.errors import CountChanged, NotEligible, NotFound
from app.services.printable import Asked
from tests.services.reviewing import really

pytestmark = pytest.mark.usefixtures("today")
SITE = "https://xueshi.example.cn"


@pytest.fixture
def hospital(counted, wang, zhang):
    """张丽 has her certificate, 李娜 could have one, 王强 falls short."""
    counted(1, professional=90)
    counted(2, professional=70, public=30)
    counted(3, professional=12)
    certificates.issue(zhang, 1, 2026, site=SITE)
    return wang


def states(session, **asked):
    found = printable.page(session, Asked(year=2026, **asked))
    return {each.name: each.state for each in found.lines}


def text_of(content: bytes) -> list[str]:
    with pdfplumber.open(BytesIO(content)) as pdf:
        return [page.extract_text().replace(" ", "") for page in pdf.pages]


def crowd(session, counted, many):
    """So many more professionals of the hospital, all complete; their ids."""
    with transaction(session):
        people = [Person(organization_id=4, name=f"人{number}", state="active") for number in range(many)]
        for number, each in enumerate(people):
            each.id_number = f"E{number:08}"
            session.add(each)
    for each in people:
        counted(each.id, professional=90)
    return [each.id for each in people]


def test_the_unit_sees_who_has_one_who_could_and_who_falls_short(hospital):
    assert states(hospital, own=True) == {"张丽": "issued", "李娜": "ready", "王强": "short"}
    assert [set(states(hospital, own=True, state=each)) for each in ("issued", "ready", "short")] == [
        {"张丽"}, {"李娜"}, {"王强"},
    ]  # fmt: skip
    assert set(states(hospital)) == {"张丽", "李娜", "王强", "孙悦"}
    assert states(hospital, words={"name": "李"}) == {"李娜": "ready"}


def test_a_few_are_printed_at_once_and_who_is_complete_gets_one(hospital, owner):
    batch = printing.begin(hospital, [1, 2, 3], 2026, "pdf", site=SITE)

    assert (batch.state, batch.issued, batch.printed, batch.total) == ("done", 1, 2, 3)
    assert [(each["name"], each["why"]["en"]) for each in batch.refused] == [
        ("王强", "The year is not complete.")
    ]
    pages = text_of(b"".join(printing.file(hospital, batch)))
    assert [[name for name in ("张丽", "李娜", "王强") if name in page] for page in pages] == [
        ["张丽"],
        ["李娜"],
    ]
    assert really(owner, "SELECT action FROM audit_event WHERE noun = 'printing' ORDER BY id") == [
        ("print",), ("download",),
    ]  # fmt: skip


def test_single_papers_come_as_they_are_given_out_one_by_one(hospital):
    batch = printing.begin(hospital, [1, 2], 2026, "zip", site=SITE)
    with zipfile.ZipFile(BytesIO(b"".join(printing.file(hospital, batch)))) as archive:
        papers = {name: archive.read(name) for name in archive.namelist()}
    issued = [certificates.valid(hospital, person, 2026) for person in (1, 2)]
    assert papers == {f"{each.number}.pdf": certificates.paper(hospital, each.id) for each in issued}


def test_names_that_no_font_has_are_listed_and_never_blank(hospital, sql):
    sql("UPDATE person SET name = '李𒀀娜' WHERE id = 2")
    batch = printing.begin(hospital, [1, 2], 2026, "pdf", site=SITE)
    assert (batch.printed, [each["why"]["en"] for each in batch.refused]) == (
        1, ["These characters cannot be printed: 𒀀"],
    )  # fmt: skip


def test_many_are_printed_by_a_job_on_all_cores(hospital, counted, sql, owner):
    ids = crowd(hospital, counted, 60)
    batch = printing.begin(hospital, [1, *ids], 2026, "pdf", site=SITE)
    assert (batch.state, batch.printed) == ("waiting", 0)

    printing.make(hospital, batch.id, SITE)
    printing.make(hospital, batch.id, SITE)
    done = printing.find(hospital, batch.uid)
    assert (done.state, done.progress, done.issued, done.printed) == ("done", 100, 60, 61)
    with pypdfium2.PdfDocument(b"".join(printing.file(hospital, done))) as paper:
        assert len(paper) == 61
    assert really(owner, "SELECT count(*)::int, count(DISTINCT number)::int FROM certificate") == [(61, 61)]


def test_a_batch_that_is_stopped_makes_no_file(hospital, counted, sql):
    batch = printing.begin(hospital, crowd(hospital, counted, 21), 2026, "pdf", site=SITE)
    printing.cancel(hospital, batch)
    printing.make(hospital, batch.id, SITE)
    stopped = printing.find(hospital, batch.uid)
    assert (stopped.state, stopped.file_uid) == ("cancelled", None)
    with pytest.raises(NotFound):
        printing.file(hospital, stopped)


def test_a_job_whose_owner_has_lost_the_post_makes_nothing(hospital, liu, counted, sql, owner):
    batch = printing.begin(liu, crowd(hospital, counted, 21), 2026, "pdf", site=SITE)
    sql("UPDATE appointment SET ends_on = '2026-01-02' WHERE account_id = 21")
    jobs.batches.make(liu, batch.id, SITE)
    assert really(owner, "SELECT state FROM printing") == [("failed",)]
    assert really(owner, "SELECT count(*)::int FROM certificate") == [(1,)]


def test_others_neither_print_nor_see_it(hospital, session_for, cast, zhang):
    batch = printing.begin(hospital, [1], 2026, "pdf", site=SITE)
    for actor in (cast.administrator(5), cast.administrator(3)):
        with pytest.raises(NotFound):
            printing.find(session_for(actor), batch.uid)
    with pytest.raises(Forbidden):
        printing.begin(zhang, [1], 2026, "pdf", site=SITE)
    with pytest.raises(NotFound):
        printable.chosen(session_for(cast.administrator(5)), [1])


def test_all_of_a_filter_are_those_that_were_shown(hospital):
    asked = Asked(year=2026, own=True)
    assert printable.whole(hospital, asked, 3) == [1, 2, 3]
    with pytest.raises(CountChanged):
        printable.whole(hospital, asked, 2)
    with pytest.raises(NotEligible):
        printable.chosen(hospital, [])


def test_what_was_revoked_is_printed_by_no_unit(hospital, session_for, cast):
    certificates.revoke(session_for(cast.administrator(3)), certificates.valid(hospital, 1, 2026).id, "误")
    batch = printing.begin(hospital, [1, 2], 2026, "pdf", site=SITE)
    assert (batch.printed, [each["name"] for each in batch.refused]) == (1, ["张丽"])


def test_after_a_week_the_file_is_gone_and_the_batch_says_so(hospital, sql, shelf_here, owner):
    printing.begin(hospital, [1], 2026, "pdf", site=SITE)
    sql("UPDATE printing SET created_at = now() - interval '400 days'")
    assert (printing.sweep(hospital), printing.sweep(hospital)) == (1, 0)
    assert really(owner, "SELECT state, file_uid FROM printing") == [("expired", None)]
    assert [each for each in shelf_here.rglob("*") if each.is_file()] == []
