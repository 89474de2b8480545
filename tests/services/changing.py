"""What the tests of changes have in common: who asks for what, and with which proof."""

from app.models.organization import Organization
from app.models.person import Person
from app.services import changes
from app.services.changes import Wanted
from app.services.versions import WHATEVER
from tests.services.reviewing import photograph

TITLE = {"title": "副主任医师", "title_level": "associate_senior"}


def wanted(values=None, proof="职称证书.jpg", under="title", **words):
    evidence = {under: [photograph(proof)]} if proof else {}
    return Wanted(values if values is not None else TITLE, evidence=evidence, **words)


def ask(session_for, cast, person=1, said=None):
    """The professional asks; the request that waits then, and its review."""
    session = session_for(cast.professional(person))
    return asked(session, session.get_one(Person, person), said)


def ask_for_unit(session_for, cast, organization=4, said=None):
    session = session_for(cast.administrator(organization))
    unit = session.get_one(Organization, organization)
    return asked(session, unit, said or wanted({"name": "荆州市第三医院"}, under="name"))


def asked(session, row, said=None):
    (request,) = changes.change(session, row, said or wanted(), WHATEVER).requests
    return request, changes.review_of(session, request)
