"""One hour's way: from registration to a verified certificate, in each province from its own profile."""

import pytest

from tests.stories import chapters
from tests.stories.plan import CONFERENCE, CORRECTED, PROFESSIONAL, PUBLIC

pytestmark = pytest.mark.browser

PROVINCES = ["hubei", *(pytest.param(each, marks=pytest.mark.long) for each in ("hainan", "shandong"))]


@pytest.mark.parametrize("province", PROVINCES, indirect=True)
def test_from_registration_to_a_verified_certificate(person, web, served, owner, worker, province):
    public, professional = PUBLIC[province.code], PROFESSIONAL[province.code]
    hours = public.hours + professional.hours + CORRECTED

    served.paths.clear()
    chen = chapters.a_unit_registers(person)
    chapters.it_waits_for_its_review(chen)
    chapters.the_department_approves_it(person)
    chapters.its_people_come_by_a_workbook(chen, owner)

    lin, receipt = chapters.a_professional_registers(person, owner)
    chapters.the_unit_approves_and_claims(chen, lin, receipt, owner)

    chapters.she_declares(lin, [public, professional, CONFERENCE])
    chapters.one_by_key_one_rejected_the_rest_at_once(chen, public.title)
    chapters.she_corrects_it(lin)
    chapters.the_reviewer_sees_what_changed(chen)
    chapters.those_above_approve(person, 3)

    code = chapters.the_certificate_is_printed(lin, hours)
    chapters.anybody_verifies_it(person, code, hours)
    secrets = {lin.name, lin.number, public.title, professional.title, CONFERENCE.title}
    chapters.nobody_else_sees_any_of_it(web, served.paths, secrets)
