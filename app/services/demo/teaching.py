"""Courses of the invented province: short pages of ours, a bank of questions, and people who have begun."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.declare.province import province
from app.models.course import Course
from app.models.lesson import Lesson
from app.models.question_bank import QuestionBank
from app.security.scope import acting
from app.services import courses, questions
from app.services.demo.asking import writer
from app.services.demo.units import Office

FORM = "platform_course"

ETHICS = """## 为什么要讲诚信

专业技术人员的判断，会成为别人的依据：一份检测报告、一张处方、一套图纸。**数据真实**是底线。

- 不编造、不篡改数据；
- 不署没有参加的成果；
- 发现错误及时更正，并说明原因。

## 遇到压力怎么办

先保留原始记录，再按程序报告。需要时请上级单位或行业协会出面。
"""
LAW = """## 与工作有关的法律

继续教育既是权利也是义务。用人单位应当保障专业技术人员参加继续教育的时间和经费。

## 个人信息保护

收集信息要有明确目的，只取必要的部分；不再需要时应当删除。
"""
DIGITAL = """## 数据从哪里来

先弄清数据的来源、口径和时间，再谈分析。两个部门的“人数”往往不是同一个数。

## 怎样看一张图

- 坐标轴从哪里开始；
- 有没有漏掉的时段；
- 平均数掩盖了什么。
"""
SAFETY = """## 账号和密码

一个平台一个密码，不告诉他人，不写在便签上。收到索要验证码的电话，直接挂断。

## 文件外发之前

想一想：里面有没有个人信息，对方是否需要，用什么方式发送。
"""
FACTS = (
    ("发现已提交的数据有误，应当及时更正并说明原因。", True),
    ("没有参加的项目，经同事同意就可以署名。", False),
    ("专业技术人员参加继续教育既是权利也是义务。", True),
    ("收集个人信息越多越好，以备将来使用。", False),
    ("用人单位应当保障专业技术人员参加继续教育的时间。", True),
    ("看统计图时应当留意坐标轴从哪里开始。", True),
    ("平均数能够完整地反映一组数据。", False),
    ("接到索要验证码的电话，核对对方姓名后可以告知。", False),
    ("同一指标在不同部门的口径可能不同。", True),
    ("外发文件之前应当检查其中是否有个人信息。", True),
    ("多个平台使用同一个密码更便于保管。", False),
    ("原始记录应当妥善保存。", True),
)


@dataclass(frozen=True, slots=True)
class Taught:
    """One course: its title, what it counts as, and its lessons as (title, text)."""

    title: str
    lessons: tuple[tuple[str, str], ...]
    subject: int = 0
    hours: int = 1
    project: str = ""
    series: str | None = None
    state: str = "published"
    about: str = field(default="每个课件都有正文，学完后参加考核，{hours}自动计入。")


TAUGHT = (
    Taught("专业技术人员职业道德", (("诚信是底线", ETHICS), ("法律与责任", LAW)), hours=2),
    Taught("个人信息保护与网络安全", (("个人信息保护", LAW), ("保管好账号", SAFETY)), hours=2),
    Taught("数据思维入门", (("数据与图表", DIGITAL),), subject=-1, project="digital_engineer"),
    Taught("科研诚信案例", (("从一份检测报告说起", ETHICS),), subject=-1, project="capability"),
    Taught(
        "工程技术人员数字素养", (("数据从哪里来", DIGITAL), ("安全地使用", SAFETY)), subject=-1, hours=2,
        series="engineering",
    ),
    Taught("新版安全课程", (("保管好账号", SAFETY),), state="draft"),
)  # fmt: skip

BEGUN = """
WITH learner AS (
    SELECT p.id, p.organization_id, row_number() OVER (ORDER BY o.id, p.id) AS number
    FROM ab_user u JOIN person p ON p.id = u.person_id JOIN organization o ON o.id = p.organization_id
    WHERE u.state = 'active' AND p.state = 'active' ORDER BY o.id, p.id LIMIT :most),
enrolled AS (
    INSERT INTO enrolment (organization_id, person_id, course_id, root_id, state, begun_at)
    SELECT l.organization_id, l.id, c.id, c.id, 'learning', CAST(:begun AS timestamptz)
    FROM learner l JOIN course c ON c.state = 'published' AND (l.number + c.id) % 3 > 0
    RETURNING id, course_id)
INSERT INTO lesson_progress (enrolment_id, lesson_id, length, token, opened_at, watched, seconds, place,
    finished_at)
SELECT e.id, l.id, l.seconds, gen_random_uuid(), CAST(:begun AS timestamptz),
    int4multirange(int4range(0, done.seconds)), done.seconds, done.seconds % l.seconds,
    CASE WHEN done.seconds = l.seconds THEN CAST(:begun AS timestamptz) + interval '1 hour' END
FROM enrolled e JOIN lesson l ON l.course_id = e.course_id,
    LATERAL (SELECT CASE WHEN l.position = 1 OR e.course_id % 2 = 0 THEN l.seconds ELSE l.seconds / 3
        END AS seconds) done"""

LEARNERS = 60


def teach(session: Session, offices: tuple[Office, ...], now: datetime) -> None:
    """Publish the courses and let some people begin them, in the caller's transaction."""
    if not courses.offered() or province().form(FORM) is None:
        return
    top = next(office for office in offices if office.depth == 1)
    with acting(session, writer(top)):
        bank = QuestionBank(organization_id=top.id, title="公需科目综合题库", about="各门课程共用。")
        session.add(bank)
        session.flush()
        told = (
            {"kind": "judgement", "body": body, "answers": "正确" if true else "错误"} for body, true in FACTS
        )
        questions.keep(session, bank, [questions.read(each) for each in told])
        for number, taught in enumerate(TAUGHT):
            _publish(session, top, bank, taught, now - timedelta(days=90 - 10 * number))
    session.execute(text(BEGUN), {"most": LEARNERS, "begun": now - timedelta(days=5)})


def _publish(session: Session, top: Office, bank: QuestionBank, taught: Taught, moment: datetime) -> None:
    profile = province()
    projects = profile.choices("projects")
    course = Course(
        organization_id=top.id,
        title=taught.title,
        subject=profile.subjects[taught.subject].key,
        form=FORM,
        project=taught.project if taught.project in projects else None,
        title_series=taught.series if taught.series in profile.choices("title_series") else None,
        hours=Decimal(taught.hours),
        year_from=moment.year,
        year_to=moment.year + 1,
        about=taught.about.format(hours=profile.words.hours.zh),
        bank_id=bank.id,
        drawn=5,
        pass_mark=60,
        tries=3,
        state=taught.state,
        published_at=moment if taught.state == "published" else None,
    )
    session.add(course)
    session.flush()
    length = int(taught.hours * courses.LESSON_OF_ACCOUNT / len(taught.lessons))
    for place, (title, body) in enumerate(taught.lessons, start=1):
        session.add(
            Lesson(course_id=course.id, position=place, title=title, kind="page", seconds=length, body=body)
        )
    session.flush()
