"""One hour's way below the pages, in three provinces: from its declaration to a verified certificate."""

from pathlib import Path

import pytest

from app.models.review import Review
from app.security.actor import NOBODY
from app.services import certificates, hours, reviews, shelf
from app.services.certificates import NotComplete
from app.services.declarations import Declaration
from app.services.selection import Filter
from app.services.verification import verify
from app.services.years import year_of
from tests.services.reviewing import now, photograph, really, reject, sums_agree

DAYS = {"begins": "2026-05-01", "ends": "2026-05-30", "organizer": "荆州市卫健委", "place": "荆州"}
DECLARED = {  # by province: the learning form, what gives 60 or more professional and the rest public hours
    "hubei": ("training_class", {"days": "8"}, {"days": "4"}, 96),
    "hainan": ("classroom", {"half_days": "15"}, {"half_days": "8"}, 92),
    "shandong": ("post_training", {"hours": "60"}, {"hours": "30"}, 90),
}
REVIEWERS = {"hubei": (4, 3, 2), "hainan": (4,), "shandong": (4, 3)}


@pytest.fixture(autouse=True)
def _today(tmp_path: Path):
    shelf.use(tmp_path.as_uri())
    with now():
        yield


def said(province, subject: str, title: str, **answers: str) -> Declaration:
    form = province.form(DECLARED[province.code][0])
    asked = {field.key for field in form.fields}
    values = {key: text for key, text in DAYS.items() if key in asked}
    return Declaration(2026, subject, form.key, values | {"title": title} | answers)


@pytest.mark.parametrize("province", ["hubei", "hainan", "shandong"], indirect=True)
def test_from_a_declaration_to_a_verified_certificate(province, session_for, cast, owner):
    _form, professional, public, total = DECLARED[province.code]
    zhang = session_for(cast.professional(1))
    most = hours.declare(zhang, 1, said(province, "professional", "专业培训", **professional), [photograph()])
    rest = hours.declare(zhang, 1, said(province, "public", "公需培训", **public), [photograph()])
    assert (year_of(zhang, 1, 2026).total, year_of(zhang, 1, 2026).pending) == (0, total)

    unit = session_for(cast.administrator(4, 21))
    reject(unit, hours.review_of(zhang, rest).id)
    zhang.expire_all()
    with pytest.raises(NotComplete):
        certificates.issue(zhang, 1, 2026, site="https://xueshi.example.cn")
    version = hours.review_of(zhang, rest).version
    hours.correct(
        zhang, rest.id, version, said(province, "public", "公需科目培训", **public), [photograph("二.jpg")]
    )

    for organization in REVIEWERS[province.code]:
        account = 21 if organization == 4 else organization
        reviewer = session_for(cast.administrator(organization, account))
        assert reviews.decide(reviewer, Filter("hours", expected=2), "approve").measure == total
    zhang.expire_all()
    assert [zhang.get_one(Review, hours.review_of(zhang, each).id).state for each in (most, rest)] == [
        "approved",
        "approved",
    ]

    assert year_of(zhang, 1, 2026).complete
    issued = certificates.issue(zhang, 1, 2026, site="https://xueshi.example.cn")
    assert certificates.paper(zhang, issued.id).startswith(b"%PDF-")
    found = verify(session_for(NOBODY), issued.code)
    assert (found.state, found.name, found.number, found.subjects[-1][1]) == (
        "valid",
        "张**",
        f"{province.certificate.number_prefix}2026{issued.id:08}",
        str(total),
    )
    assert found.issuer == province.certificate.issuer.zh
    assert really(owner, "SELECT count(*) FROM hour_entry") == [(2,)]
    assert sums_agree(owner)
