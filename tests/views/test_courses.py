"""Courses as pages: made at the desk, taken by a professional, files sent in parts."""

import re
from io import BytesIO

import pytest

from app.services import media
from app.services.learning import needed
from tests.documents.test_lesson_file import mp4
from tests.services.teaching import FACTS, at

pytestmark = pytest.mark.usefixtures("today")
COURSE = {
    "title": "职业道德与法治", "subject": "public", "form": "platform_course", "hours": "1",
    "year_from": "2026", "year_to": "2026", "drawn": "5", "pass_mark": "60", "tries": "3",
}  # fmt: skip
PAGE = {"title": "第一课", "kind": "page", "body": "## 诚信\n\n守信为本。", "minutes": "45"}


@pytest.fixture(autouse=True)
def _lessons_here(tmp_path):
    media.use(f"{tmp_path.as_uri()}/lessons", most_megabytes=1)


@pytest.fixture
def office(visit):
    return visit(2, 2)


def made(office, **words):
    """A course with a bank of five questions, as a draft; its number."""
    office.get("/question_bank/add")
    bank = office.post("/question_bank/add", {"title": "公需科目题库"}).location.rpartition("/")[2]
    for fact in FACTS:
        office.post(
            f"/questions/{bank}/add", {"kind": "judgement", "body": fact, "answers": "正确", "points": "1"}
        )
    office.get("/course/add")
    return office.post("/course/add", COURSE | {"bank_id": bank} | words).location.rpartition("/")[2]


def published(office, visit, **words):
    course = made(office, **words)
    office.post(f"/course-desk/{course}/lessons/add", PAGE)
    assert office.post(f"/course-desk/{course}/submit").location == f"/course-desk/{course}"
    head = visit(1, 1)
    review = re.search(r"/reviews/course/(\d+)", head.page("/reviews/course/"))[1]
    assert PAGE["title"] not in head.page(f"/reviews/course/{review}")
    assert (
        head.post(f"/reviews/course/{review}/decide", {"action": "approve", "version": "1"}).status_code
        == 302
    )
    return course


def test_a_professional_takes_a_course_from_the_catalogue_to_the_hours(office, visit):
    course = published(office, visit)
    zhang = visit(31)
    assert COURSE["title"] in zhang.page("/courses/")
    assert "开始学习" in zhang.page(f"/courses/{course}")

    lesson = zhang.post(f"/courses/{course}/begin").location
    assert "守信为本" in zhang.page(lesson)
    opened = zhang.post(f"{lesson}/open").json
    for number in range(1, 31):
        words = {"token": opened["token"], "sequence": number, "from": 90 * number - 90, "to": 90 * number}
        with at(90 * number):
            counted = zhang.post("/courses/report", words).json
    assert counted == {"seconds": 2700, "needed": needed(2700), "finished": True, "text": "已学完"}

    test = zhang.post(f"/courses/{course}/test").location
    page = zhang.page(test)
    questions = sorted(set(re.findall(r'name="(q\d+)"', page)))
    assert (len(questions), "正确答案" in page) == (5, False)
    assert zhang.post(test, {questions[0]: "A"}).status_code == 422
    assert zhang.post(test, {questions[0]: "A", "sure": "1"}).location == test
    failed = zhang.page(test)
    assert ("未通过" in failed, "正确答案" in failed) == (True, False)

    test = zhang.post(f"/courses/{course}/test").location
    zhang.get(test)
    zhang.post(test, dict.fromkeys(questions, "A"))
    passed = zhang.page(test)
    assert ("已通过" in passed, "正确答案" in passed) == (True, True)
    assert COURSE["title"] in zhang.page("/my/year/2026")


def test_the_desk_says_what_is_missing_and_nothing_is_sent(office):
    course = made(office, drawn="6")

    page = office.page(f"/course-desk/{course}")
    assert "课程至少要有一个课件" in page
    assert "考核抽 6 题，题库中只有 5 题" in page
    assert office.post(f"/course-desk/{course}/submit").status_code == 422


def test_figures_that_cannot_be_are_said_at_their_fields(office):
    office.get("/course/add")
    for changed, sentence in (
        ({"pass_mark": "0"}, "合格线在 1% 到 100% 之间"),
        ({"pass_mark": "101"}, "合格线在 1% 到 100% 之间"),
        ({"hours": "0"}, "课程学时须大于 0"),
        ({"year_to": "2025"}, "截止年度不早于起始年度"),
    ):
        assert sentence in office.post("/course/add", COURSE | changed).text


def test_a_number_that_no_database_holds_is_none(office, visit):
    course = published(office, visit)
    zhang = visit(31)
    endless = "9" * 5000

    assert COURSE["title"] in zhang.page(f"/courses/?year={endless}")
    assert zhang.get(f"/courses/{endless}").status_code == 404
    assert zhang.post("/act-as", {"post": endless}).status_code == 404
    reading = {"title": "阅读", "kind": "page", "body": "文字", "minutes": endless}
    answer = office.post(f"/course-desk/{course}/lessons/add", reading)
    assert answer.status_code in {404, 422}


def test_a_file_that_is_no_video_is_refused_at_its_field(office):
    course = made(office)
    sent = {"title": "第一课", "kind": "video", "file": (BytesIO(b"MZ" + bytes(2000)), "课.mp4")}

    answer = office.post(f"/course-desk/{course}/lessons/add", sent)

    assert (answer.status_code, "这不是视频文件" in answer.text) == (422, True)


@pytest.fixture
def video(office, visit, owner, web):
    """The address of a file of 1000 bytes in a course that 张丽 has begun."""
    course = published(office, visit)
    zhang = visit(31)
    zhang.page(f"/courses/{course}")
    zhang.post(f"/courses/{course}/begin")
    kept = media.put(BytesIO(bytes(range(250)) * 4))
    with owner.begin() as connection:
        connection.exec_driver_sql("SELECT set_config('xueshi.actor', 'test', true)")
        connection.exec_driver_sql(
            "UPDATE lesson SET kind = 'video', file = %s, size = 1000, media_type = 'video/webm'",
            (str(kept.file),),
        )
    return zhang, f"/lesson-files/{kept.file}"


def test_a_player_is_sent_the_part_it_asks_for(video):
    zhang, url = video
    whole = zhang.client.get(url)
    assert (whole.status_code, len(whole.data), whole.headers["Accept-Ranges"]) == (200, 1000, "bytes")

    def part(asked, **more):
        answer = zhang.client.get(url, headers={"Range": asked, **more})
        return answer.status_code, answer.data, answer.headers.get("Content-Range")

    assert part("bytes=0-9") == (206, bytes(range(10)), "bytes 0-9/1000")
    assert part("bytes=990-") == (206, bytes(range(240, 250)), "bytes 990-999/1000")
    assert part("bytes=-5") == (206, bytes(range(245, 250)), "bytes 995-999/1000")
    assert part("bytes=990-5000")[2] == "bytes 990-999/1000"
    assert part("bytes=1000-") == (416, b"", "bytes */1000")
    assert part("bytes=0-1,5-9") == (416, b"", "bytes */1000")
    assert part("bytes=0-9", **{"If-Range": '"another"'})[0] == 200
    assert part("bytes=0-9", **{"If-Range": whole.headers["ETag"]})[0] == 206
    head = zhang.client.head(url)
    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", "1000")


def test_only_who_has_begun_the_course_or_sees_to_it_has_its_files(video, visit, office):
    _zhang, url = video
    assert office.client.get(url).status_code == 200
    assert visit(33).get(url).status_code == 404
    assert visit(4, 4).get(url).status_code == 403
    assert visit().get(url).status_code in {302, 401}


def test_nginx_sends_the_file_where_the_setting_says_so(video, web, monkeypatch):
    zhang, url = video
    settings = web.config["SETTINGS"]
    monkeypatch.setitem(web.config, "SETTINGS", type(settings)(**{**vars(settings), "accel": "/lessons/"}))

    answer = zhang.client.get(url)

    name = url.rpartition("/")[2].replace("-", "")
    assert (answer.data, answer.headers["X-Accel-Redirect"]) == (b"", f"/lessons/{name[:2]}/{name}")


def test_a_video_larger_than_any_proof_is_taken_from_those_alone_who_teach(office, visit, tmp_path, web):
    media.use(f"{tmp_path.as_uri()}/lessons", most_megabytes=30)
    course = made(office)
    more = web.config["MAX_CONTENT_LENGTH"] + 1

    def sent(visitor):
        """The form as a browser sends it, in one piece."""
        words = {"csrf_token": visitor.token, "title": "第一课", "kind": "video"}
        head = (
            'Content-Disposition: form-data; name="file"; filename="a.mp4"\r\nContent-Type: video/mp4\r\n\r\n'
        )
        parts = [
            f'Content-Disposition: form-data; name="{key}"\r\n\r\n{text}'.encode()
            for key, text in words.items()
        ]
        parts.append(head.encode() + mp4(data=bytes(more)))
        body = b"".join(b"--xueshi\r\n" + part + b"\r\n" for part in parts) + b"--xueshi--\r\n"
        path = f"/course-desk/{course}/lessons/add"
        return visitor.client.post(
            path, data=body, content_type="multipart/form-data; boundary=xueshi"
        ).status_code

    other = visit(4, 4)
    other.page("/home")
    assert (sent(office), sent(other)) == (302, 413)
