"""By what rule a certificate was issued stays as it was: a profile that says otherwise is refused."""

import pytest

from app.declare.problem import BrokenProfile
from app.models.parent_change import ParentChange as Origin
from app.services import certificates, crediting, frozen, provinces
from config import PROVINCES
from tests.services.test_console import command
from tests.services.test_crediting import earned, origin

pytestmark = pytest.mark.usefixtures("today")
__all__ = ["command", "origin"]


@pytest.fixture
def certified(zhang, department, origin):
    """张丽 has a certificate of 2026."""
    crediting.credit(department, Origin, [earned(1, "64"), earned(1, "64", subject="public")])
    certificates.issue(zhang, 1, 2026, site="https://xueshi.example")


@pytest.fixture
def profile(tmp_path):
    """Writes Hubei's profile with another rule of 2026, and tells its path."""

    def written(old="total = 90", new="total = 90"):
        head, of_2026 = (PROVINCES / "hubei.toml").read_text().split("[rules.2026]")
        path = tmp_path / "hubei.toml"
        path.write_text(f"{head}[rules.2026]{of_2026.replace(old, new, 1)}")
        return path

    return written


def said(path, database):
    return [each.text("en") for each in frozen.problems(database.owner, path, provinces.load(path))]


def line(path, words):
    text = path.read_text()
    return text.count("\n", 0, text.index(words, text.index("[rules.2026]"))) + 1


def test_a_rule_without_a_certificate_may_change(profile, database):
    assert said(profile(new="total = 80"), database) == []


def test_the_rule_of_a_certificate_may_not(certified, profile, database):
    assert said(profile(), database) == []
    path = profile(new="total = 80")
    (told,) = said(path, database)
    assert told == (
        f"hubei.toml:{line(path, 'total = 80')}: rules.2026.total: was 90 when the first certificate of 2026"
        " was issued, and is 80 here. The rule of that year does not change any more; write the new one for a"
        " later year."
    )
    with pytest.raises(BrokenProfile):
        frozen.require(database.owner, path, provinces.load(path))


def test_its_dates_and_the_rules_of_other_years_may_change(certified, profile, database):
    assert said(profile("closes = 2027-01-31", "closes = 2027-03-31"), database) == []
    path = profile()
    path.write_text(path.read_text().replace("total = 90", "total = 91", 1))  # of 2025
    assert said(path, database) == []


def test_the_check_of_a_profile_can_ask_the_database(certified, profile, command):
    path = profile("professional = 60", "professional = 61")
    assert command("province", "check", str(path)).exit_code == 0
    found = command("province", "check", str(path), "--installed", "--language", "en")
    assert (found.exit_code, "rules.2026.minimum.professional: was 60" in found.output) == (1, True)
