"""What the tests of the workspace have in common: a professional on the web, and what the browser sends."""

import re
from io import BytesIO
from typing import Any

from PIL import Image

from app.services.declarations import Declaration
from tests.services.reviewing import approve, declared, review_of, training

ZHANG, ZHAO = 31, 33
"""The accounts of 张丽 (person 1, hospital 4) and of 赵敏 (person 4, a hospital of another city)."""

CONFERENCE = {
    "title": "全国心血管病大会",
    "organizer": "中华医学会",
    "level": "national",
    "begins": "2026-06-20",
}
FIXED = ("evidence", "photo", "action", "reload", "again", "version")
ASKED = re.compile(r'<(?:input|select|textarea)(?![^>]*type="hidden")[^>]*name="answer_(\w+)"')


def photograph(name: str = "结业证书.jpg") -> tuple[BytesIO, str]:
    """A picture as a phone sends it."""
    target = BytesIO()
    Image.new("RGB", (40, 30), "white").save(target, "JPEG")
    return BytesIO(target.getvalue()), name


def filled(form: str = "conference", subject: str = "professional", **changed: Any) -> dict[str, Any]:
    """What the browser sends for a declaration."""
    fixed = {key: changed.pop(key) for key in FIXED if key in changed}
    answers = {f"answer_{key}": value for key, value in {**CONFERENCE, **changed}.items()}
    return {"year": "2026", "subject": subject, "form": form, **answers, **fixed}


def wrong(page: str) -> list[str]:
    """The fields that the summary above the form leads to."""
    return re.findall(r'<li><a href="#(\w+)">', page)


def asked(page: str) -> list[str]:
    """What the learning form on the page asks, in its order."""
    return ASKED.findall(page)


def typed(page: str, name: str) -> str:
    """What stands in a field of the page."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page)
    return found.group(1) if found else ""


def words(page: str) -> str:
    """The text of a page without its tags."""
    inside = re.search(r"<main[^>]*>(.*?)</main>", page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", inside.group(1) if inside else page).split())


def counted(session_for: Any, cast: Any, *said: Declaration) -> None:
    """Let these declarations of 张丽 pass every step of Hubei's chain."""
    places = [session_for(cast.administrator(*post)) for post in ((4, 21), (3,), (2,))]
    for each in said:
        record = declared(session_for(cast.professional(1)), each)
        review = review_of(places[0], record).id
        for place in places:
            approve(place, review)


def complete(session_for: Any, cast: Any) -> None:
    """Let 张丽 have 64 professional and 32 public hours in 2026."""
    counted(session_for, cast, training(8), training(4, "public", "公需科目培训"))
