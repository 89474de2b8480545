"""The named doors through the wall: what must be known without, or beyond, the scope of the one who asks.

Each is one SQL function that runs as the owner and answers one narrow question; the Python function beside it
is its only caller. One file for each purpose; tested one by one in tests/security/test_doors.py.
"""

from collections.abc import Iterator

from app.security.doors import (
    annual,
    checking,
    classes,
    clients,
    counting,
    deadlines,
    deciding,
    epochs,
    institutions,
    learning,
    login,
    moving,
    notices,
    organizations,
    papers,
    registration,
    reopening,
    revoking,
    sampling,
    succession,
    transferring,
)
from app.security.doors.annual import drop_paper_file
from app.security.doors.checking import learned, numbers_used
from app.security.doors.classes import classes as classes_of
from app.security.doors.classes import meant
from app.security.doors.clients import (
    client,
    client_certificates,
    client_changes,
    client_persons,
    client_spends,
    client_years,
)
from app.security.doors.counting import below
from app.security.doors.deadlines import deadlines_for
from app.security.doors.deciding import begin_posts, deciders, unowned
from app.security.doors.door import built
from app.security.doors.institutions import institution_cities, open_classes
from app.security.doors.institutions import institutions as institutions_for
from app.security.doors.learning import (
    asked,
    course,
    courses,
    enrolled,
    learners,
    lesson_file,
    lessons,
    pool,
    taught,
)
from app.security.doors.login import applicant, posts, who
from app.security.doors.moving import move
from app.security.doors.notices import drop_notice_file, notice, notice_files, notices_for
from app.security.doors.organizations import administrators, directory, lineage, lineages, names, units
from app.security.doors.papers import certificates, shelved
from app.security.doors.registration import holders, number, receipt, verdict
from app.security.doors.reopening import reopened
from app.security.doors.revoking import begun, certified, drop, occupied
from app.security.doors.sampling import draw_samples
from app.security.doors.succession import take_over
from app.security.doors.transferring import gone_along, leaving, standing, transfer

__all__ = [
    "administrators",
    "applicant",
    "asked",
    "begin_posts",
    "begun",
    "below",
    "certificates",
    "certified",
    "classes_of",
    "client",
    "client_certificates",
    "client_changes",
    "client_persons",
    "client_spends",
    "client_years",
    "course",
    "courses",
    "deadlines_for",
    "deciders",
    "directory",
    "draw_samples",
    "drop",
    "drop_notice_file",
    "drop_paper_file",
    "enrolled",
    "gone_along",
    "holders",
    "institution_cities",
    "institutions_for",
    "learned",
    "learners",
    "leaving",
    "lesson_file",
    "lessons",
    "lineage",
    "lineages",
    "meant",
    "move",
    "names",
    "notice",
    "notice_files",
    "notices_for",
    "number",
    "numbers_used",
    "occupied",
    "open_classes",
    "pool",
    "posts",
    "receipt",
    "reopened",
    "shelved",
    "standing",
    "statements",
    "take_over",
    "taught",
    "transfer",
    "units",
    "unowned",
    "verdict",
    "who",
]

DOORS = (
    *login.DOORS,
    *organizations.DOORS,
    *registration.DOORS,
    *deciding.DOORS,
    *checking.DOORS,
    *classes.DOORS,
    *clients.DOORS,
    *counting.DOORS,
    *papers.DOORS,
    *revoking.DOORS,
    *reopening.DOORS,
    *sampling.DOORS,
    *succession.DOORS,
    *notices.DOORS,
    *deadlines.DOORS,
    *transferring.DOORS,
    *annual.DOORS,
    *learning.DOORS,
    *institutions.DOORS,
)


def statements() -> Iterator[str]:
    """All doors, and the triggers that end sessions; each statement may be run again."""
    for door in DOORS:
        yield from built(door)
    yield from built(moving.door())
    yield from built(transferring.door())
    yield from epochs.statements()
    yield from organizations.statements()
