"""Annual papers of the invented province: approved ones of last year, and what waits of this one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO

from sqlalchemy.orm import Session

from app.database import SHANGHAI, clock
from app.declare.annual_paper import AnnualPaper as Asked
from app.declare.province import province
from app.models.review import Review
from app.security.scope import acting
from app.services import annual_papers, reviews
from app.services.annual_papers import Said
from app.services.attachments import Upload
from app.services.demo.accounts import Holder
from app.services.demo.asking import writer
from app.services.demo.invented import chance_of
from app.services.demo.learning import answer
from app.services.demo.proofs import page
from app.services.demo.units import Office, Unit
from app.services.selection import Ids

HANDING_IN = 6
"""So many organisations of a kind have handed in something."""

APPROVED, WAITING = timedelta(days=366), timedelta(days=9)
"""So long ago what was approved, and what waits, was handed in; what waits not before this year began."""


def hand_in(
    session: Session,
    offices: Sequence[Office],
    units: Sequence[Unit],
    administrators: Mapping[int, Holder],
    now: datetime,
) -> None:
    """Hand in as some institutions and departments do; the first of each kind has still something to do."""
    begins = datetime(now.astimezone(SHANGHAI).year, 1, 1, tzinfo=SHANGHAI)
    lately = max(now - WAITING, begins)
    places: dict[int, Office | Unit] = {office.id: office for office in offices}
    places |= {unit.id: unit for unit in units}
    for kind in ("institution", "authority"):
        active = [unit for unit in units if unit.kind == kind and unit.state == "active"]
        for number, unit in enumerate(active[:HANDING_IN]):
            holder = administrators[unit.id]
            for place, asked in enumerate(province().papers_of(kind)):
                if asked.years[0] == "this":
                    review = _write(session, unit, asked, holder, now - APPROVED)
                    _approve(session, places, administrators, review, now - APPROVED + timedelta(days=3))
                    if number or not place:
                        _write(session, unit, asked, holder, lately)


def _approve(
    session: Session,
    places: Mapping[int, Office | Unit],
    administrators: Mapping[int, Holder],
    review: Review,
    day: datetime,
) -> None:
    """Approve it as whoever acts where it waits, if somebody does."""
    here = review.waiting_id or 0
    if here in administrators:
        holder = administrators[here]
        actor = replace(writer(places[here]), account_id=holder.account, name=holder.name)
        with clock.fixed(day), acting(session, actor):
            reviews.decide(session, Ids(((review.id, review.version),)), "approve")


def _write(session: Session, unit: Unit, asked: Asked, holder: Holder, day: datetime) -> Review:
    """Hand in a paper of the year of a day, on that day."""
    chance = chance_of(asked.key, unit.id)
    actor = replace(writer(unit), account_id=holder.account, name=holder.name)
    values = {field.key: answer(field, chance) for field in asked.fields}
    files = {
        sort.key: [Upload(f"{sort.label.zh}.png", BytesIO(page()))] for sort in asked.files if sort.required
    }
    with clock.fixed(day), acting(session, actor):
        made = annual_papers.begin(session, asked.key, clock.today().year, Said(values, files), hand_in=True)
        review = annual_papers.review_of(session, made)
    if review is None:
        raise LookupError(made.title)
    return review
