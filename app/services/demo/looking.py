"""What submitting would have noted of the invented declarations, and the sample of the invented approvals."""

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.declare.province import province
from app.models.review import Review
from app.security.scope import acting
from app.services import checks, samples
from app.services.demo.asking import writer
from app.services.demo.units import Office

FILES = """
UPDATE review SET files = kept.many
FROM (SELECT subject, subject_id, count(*) AS many FROM attachment GROUP BY subject, subject_id) kept
WHERE kept.subject = review.subject AND kept.subject_id = review.subject_id"""

BY_UNITS = """
UPDATE hour_record SET declarer_id = organization_id
WHERE id IN (SELECT id FROM hour_record WHERE form = ANY (:forms) AND state = 'approved'
    AND source = 'declaration' AND id % 6 = 0 ORDER BY id LIMIT :most)"""
"""What units have declared for their people, where the province lets them."""

MOST = 1000
"""So many open reviews are checked; a larger population shows what is found when one is opened."""


def look(session: Session, top: Office) -> None:
    """Note files and doubts as submitting would have, and draw as the night would; the caller commits."""
    session.execute(text(FILES))
    forms = [
        form.key for subject in province().subjects for form in province().forms_for(subject.key, "employer")
    ]
    session.execute(text(BY_UNITS), {"forms": sorted(set(forms)), "most": MOST})
    with acting(session, writer(top)):
        waiting = select(Review).where(Review.kind == "hours", Review.state == "open")
        reviews = session.scalars(waiting.order_by(Review.id).limit(MOST)).all()
        found = checks.found(session, "hours", reviews)
        for review in reviews:
            review.doubts = [doubt.check.key for doubt in found.get(review.id, ())]
        session.flush()
        samples.draw(session)
