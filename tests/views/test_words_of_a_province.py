"""A province's words stand wherever they are read: the unit of account, and the verbs of those who decide."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from app.database import sessions
from app.models.hour_record import HourRecord
from app.models.review import Review
from app.reviews import KINDS
from app.security.scope import set_actor
from app.services import chains
from tests.cast import ROOT
from tests.views.workspace import ZHANG, words

STATES = {"submitted": "待审验", "approved": "审验通过", "returned": "审验不通过"}
REVIEWS = {"submitted": "open", "approved": "approved", "returned": "rejected"}


@pytest.fixture
def records(owner, web):
    """One declaration of 张丽 in each state, with its review."""
    with sessions(owner)() as session:
        set_actor(session, ROOT)
        for state in STATES:
            said = {"subject": "public", "form": "online_course", "title": f"课程{state}", "values": {}}
            record = HourRecord(person_id=1, organization_id=4, year=2026, hours=8, state=state, **said)
            session.add(record)
            session.flush()
            chain = [step | {"organization_id": 4} for step in chains.steps_of("hours")]
            review = Review(
                kind="hours", subject=KINDS["hours"].subject, subject_id=record.id, person_id=1, chain=chain,
                title=record.title, organization_id=4, state=REVIEWS[state],
                waiting_id=4 if state == "submitted" else None, submitted_at=record.declared_at,
            )  # fmt: skip
            session.add(review)
        session.commit()


@pytest.mark.parametrize("province", ["hainan"], indirect=True)
def test_hainans_verbs_and_unit_stand_in_lists_filters_tabs_and_exports(visit, records):
    client = visit(4, 4)
    listed = client.page("/hour_record/list/")
    for told in STATES.values():
        assert f">{told}</span>" in listed
        assert f">{told}</option>" in listed
    assert "学时（分）申报记录" in listed
    queue = client.page("/reviews/hours/?tab=all")
    assert [told in queue for told in ("待审验", "已审验", "审验通过", "审验不通过")] == [True] * 4
    assert [told in client.page("/review/list/") for told in STATES.values()] == [True] * 3
    book = client.post("/hour_record/export", buffered=True).data
    cells = [cell.value for row in load_workbook(BytesIO(book)).active.iter_rows() for cell in row]
    assert [told in cells for told in STATES.values()] == [True] * 3


@pytest.mark.parametrize("province", ["hainan"], indirect=True)
def test_the_professional_reads_the_same_words(visit, records):
    told = words(visit(ZHANG).page("/my/year/2026"))
    assert [word in told for word in ("审验通过", "审验不通过", "8 学时（分）")] == [True] * 3
    assert "驳回" not in told


@pytest.mark.parametrize("province", ["hubei"], indirect=True)
def test_hubei_says_it_in_its_own(visit, records):
    listed = visit(4, 4).page("/hour_record/list/")
    assert [told in listed for told in ("通过", "驳回", "审核中", "学时申报记录")] == [True] * 4
    assert "学时（分）" not in listed
