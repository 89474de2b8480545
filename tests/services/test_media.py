"""Files of lessons stand wherever fsspec can read a part of one, and nothing of a failure stays."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import fsspec
import pytest

from app.database import clock
from app.services import lessons, media
from app.services.errors import Faulty
from app.services.shelf import Lost, TooLarge
from tests.documents.test_lesson_file import WEBM, mp4
from tests.services.teaching import drafted

MEGABYTE = 1 << 20


@pytest.fixture(params=["file", "memory"])
def place(request, tmp_path):
    """A folder, and a store that knows no folders, as object stores do."""
    url = tmp_path.as_uri() if request.param == "file" else f"memory://{uuid4().hex}"
    media.use(url, most_megabytes=1)
    return fsspec.core.url_to_fs(url)


def names(place):
    system, root = place
    return sorted(path.rpartition("/")[2] for path in system.find(root))


def test_any_part_of_a_file_can_be_had(place):
    kept = media.put(BytesIO(bytes(range(250)) * 2000))

    assert b"".join(media.part(kept.file, 300_000, 300_009)) == bytes(range(10))
    assert len(b"".join(media.part(kept.file, 0, 499_999))) == kept.size == 500_000
    assert names(place) == [kept.file.hex]
    media.drop(kept.file)
    assert names(place) == []
    with pytest.raises(Lost):
        list(media.part(kept.file, 0, 1))


def test_nothing_stays_of_a_file_that_is_too_large(place):
    with pytest.raises(TooLarge):
        media.put(BytesIO(bytes(MEGABYTE + 1)))

    assert names(place) == []


@pytest.mark.usefixtures("today")
def test_a_video_becomes_a_lesson_and_goes_with_it_unless_another_edition_has_it(office, place):
    course = drafted(office)
    video = {"title": "影片", "kind": "video", "captions": "WEBVTT\n\n00:00.000 --> 00:02.000\n你好"}

    made = lessons.add(office, course.id, video, BytesIO(WEBM))
    assert (made.seconds, made.media_type, names(place)) == (3, "video/webm", [made.file.hex])

    lessons.remove(office, made.id)
    assert names(place) == []


VIDEO = {"title": "影片", "kind": "video"}
PAGE = {"title": "文", "kind": "page", "body": "字", "minutes": "1"}
IMPOSSIBLE = (
    (VIDEO, None, "file"),
    (VIDEO, b"MZ" + bytes(100), "file"),
    (VIDEO, mp4(duration=0), "file"),
    (VIDEO, mp4(data=bytes(MEGABYTE)), "file"),
    (VIDEO | {"captions": "你好"}, WEBM, "captions"),
    (PAGE | {"title": ""}, None, "title"),
    (PAGE | {"body": " "}, None, "body"),
    (PAGE | {"minutes": "0"}, None, "minutes"),
    (PAGE | {"kind": "pdf"}, WEBM, "file"),
    (PAGE | {"kind": "song"}, None, "kind"),
)


@pytest.mark.usefixtures("today")
def test_a_lesson_that_cannot_be_is_refused_at_its_field(office, tmp_path):
    media.use(f"{tmp_path.as_uri()}/lessons", most_megabytes=1)
    course = drafted(office)

    for typed, file, field in IMPOSSIBLE:
        with pytest.raises(Faulty) as wrong:
            lessons.add(office, course.id, typed, BytesIO(file) if file is not None else None)
        assert list(wrong.value.problems) == [field]

    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_what_a_dead_process_left_is_swept_after_a_day(session, place):
    media.put(BytesIO(b"left"))
    assert media.sweep(session) == 0

    with clock.fixed(clock.now() + timedelta(hours=25)):
        assert media.sweep(session) == 1
    assert names(place) == []
