"""How courses are told: their length, what they count as, where a learner goes on."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.declare.computed import plain
from app.declare.province import province
from app.declare.words import language
from app.services.learning import Part, Taken
from app.services.wording import said
from app.views.parts import Cell

MINUTE = 60


def minutes(seconds: int) -> str:
    """A length as people read it: at least one minute."""
    return str(ngettext("%(num)d minute", "%(num)d minutes", max(1, round(seconds / MINUTE))))


def about(course: Any) -> str:
    """Under the title: subject, hours, years, project, series, and who offers it."""
    profile = province()
    lists = {key: profile.choices(key) for key in ("subjects", "projects", "title_series")}
    first, last = course.year_from, course.year_to
    told = [
        lists["subjects"].get(course.subject, course.subject),
        f"{plain(course.hours)} {said(profile.words.hours, language())}",
        str(first) if first == last else f"{first}–{last}",
        lists["projects"].get(course.project) if course.project else None,
        lists["title_series"].get(course.title_series) if course.title_series else None,
    ]
    return " · ".join(said(each, language()) for each in told if each)


def standing(state: str | None) -> Cell | None:
    """What somebody has to do with a course; None where he has not begun it."""
    known = {
        "passed": Cell(text=_("Passed"), tone="ok"),
        "learning": Cell(text=_("Begun"), tone="wait"),
    }
    return known.get(state or "")


def watched(parts: Iterable[Part]) -> tuple[int, int]:
    """How many lessons are finished, of how many."""
    listed = list(parts)
    return sum(part.finished for part in listed), len(listed)


def part_state(part: Part) -> Cell:
    """How far a lesson is."""
    if part.finished:
        return Cell(text=_("Finished"), tone="ok")
    if part.seconds:
        return Cell(text=_("%(share)d%% watched", share=part.share), tone="wait")
    return Cell(text=_("Not begun"), tone="calm")


def next_part(found: Taken, lesson_id: int) -> Part | None:
    """The lesson behind this one."""
    ids = [part.lesson.id for part in found.parts]
    at = ids.index(lesson_id) + 1
    return found.parts[at] if at < len(ids) else None
