"""What the tests of transfers have in common: who asks for one, who decides, where somebody stands."""

from datetime import date

from app.models.person_year import PersonYear
from app.services import transfers
from tests.services.reviewing import approve, photograph

WHY = {"person_id": "1", "to_id": "8", "reason": "工作调动", "leaves_on": date(2026, 11, 20)}


def start(session_for, actor, **changed):
    """A transfer that this actor asks for, and its review."""
    session = session_for(actor)
    made = transfers.start(session, WHY | changed, [photograph("调动通知.jpg")])
    return made, transfers.review_of(session, made)


def out(session_for, cast, **changed):
    """张丽 goes from 荆州市中心医院 to 宜昌市中心医院; 刘芳, the hospital's second administrator, asks."""
    return start(session_for, cast.administrator(4, 21), **changed)


def moved(session_for, cast, **changed):
    """The same, confirmed by the new hospital; in Shandong after the old one let go."""
    made, review = out(session_for, cast, **changed)
    if len(review.chain) > 1:
        approve(session_for(cast.administrator(4)), review.id)
    approve(session_for(cast.administrator(made.to_id)), review.id)
    return made, review


def counted(session, person=1):
    """The hours that count for somebody, as this session sees them."""
    return sum(each.total for each in session.query(PersonYear).filter_by(person_id=person))
