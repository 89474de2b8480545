"""What stands in the browser tests' database: something in every state, made by the services themselves.

张丽 has a complete year with its certificate, and besides hours that wait, were rejected, are a draft, were
withdrawn. 王强, the hospital's administrator, has hours that wait at the health commission; 赵敏 has some
at the other city's hospital. A maternity hospital and a department wait for their registration, a base was
approved, 陈晨 waits to join the hospital and 吴桐 was refused. One workbook has been checked and holds
mistakes, another one has been imported. The branch's administrator has left, so that nobody leads it. The
city has asked for liaison lists, which are overdue, and 张丽's feedback waits at the hospital. Of
its training plans one waits, one was rejected, one was filed, and a class of it is over. The city has given a
program access, with a second secret. Everything is counted, and some have kept the figures.
The hospital has had its list of people written by a job.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from app.database import clock, sessions
from app.models.api_client import ApiClient
from app.models.deadline import Deadline
from app.models.export import Export
from app.models.feedback import Feedback
from app.models.import_batch import ImportBatch
from app.models.liaison import Liaison
from app.models.person import Person
from app.models.review import Review
from app.security.actor import NOBODY, Actor, actor_of
from app.security.scope import set_actor
from app.services import (
    annual_papers,
    api_clients,
    backlog,
    certificates,
    classes,
    exporting,
    feedback,
    hours,
    outlook,
    overseeing,
    plans,
    printing,
    records,
    reviews,
    roles,
    rosters,
    sign_in_codes,
)
from app.services.imports import apply, batches, staging
from app.services.imports.books import ModelBook
from app.services.imports.books import template as made
from app.services.registrations import register_person, register_unit
from app.services.statistics import counting, snapshots
from app.services.statistics.asked import asked
from app.services.statistics.overall import overall
from tests.browser.workbooks import colleague, filled, roll
from tests.cast import ID_NUMBERS, Cast, number
from tests.services.reviewing import (
    approve,
    conference,
    declared,
    one,
    photograph,
    reject,
    review_of,
    training,
)
from tests.services.training import CLASS, PLAN, at

ADDRESS = "127.0.0.1"
SECRET = "Lantern 2031"
CHEN = number("42100019880808002")

UNIT = {
    "document_type": "id_card",
    "password": SECRET,
    "password_again": SECRET,
    "phone": "13900000001",
    "email": "chen@example.cn",
    "no_code_reason": "尚在办理",
    "telephone": "",
    "pledge": True,
}
PERSON = {
    "organization_id": "4",
    "document_type": "id_card",
    "phone": "13900000002",
    "email": "sun@example.cn",
    "title_series": "engineering",
    "password": SECRET,
    "password_again": SECRET,
    "pledge": True,
}
IN_WORKBOOK = (
    "郑洁",
    "钱进",
    "冯远",
    "韩雪",
    "杨柳",
    "居民身份证",
    "工程技术人员",
    "炼金术",
    "荆州市中心医院专业技术人员名册",
    "序号",
    "员工",
    "身份证号",
    "职称系列",
    "鞋码",
    "高级工程师",
    "工程师",
)
"""What the workbooks hold; the database keeps it sealed."""

BRANCH = 9
"""The hospital's branch and the post of its administrator, who has left: it may be taken over from above."""

WAITING = "SELECT id FROM review WHERE kind = 'institution_registration'"
POST = "SELECT account_id, id FROM appointment WHERE organization_id = :id"
NEW_UNITS = (  # kind, name, administrator, ID number, parent
    ("employer", "荆州市妇幼保健院", "陈晨", CHEN, "3"),
    ("institution", "荆州市卫生健康继续教育基地", "何静", number("42100019880808004"), "3"),
    ("authority", "荆州市农业农村局", "马超", number("42100019880808006"), "2"),
)


@dataclass(frozen=True, slots=True)
class Scene:
    """What the database does not say: codes that are shown once, and who came in besides the cast."""

    receipt: str
    code: str
    pending: tuple[int, int]
    institution: tuple[int, int]
    sign_in: str


def play(app_url: str, owner_url: str, site: str) -> Scene:
    """Let it all happen in a database that holds the cast."""
    engine, cast = create_engine(app_url), Cast()
    with ExitStack() as opened:
        opened.callback(engine.dispose)

        def acts(actor: Actor) -> Session:
            session = opened.enter_context(sessions(engine)())
            set_actor(session, actor)
            return session

        code = _year(acts, cast, site)
        declared(acts(cast.professional(3)), conference("省级心电学术年会"))
        declared(acts(cast.professional(4)), conference("华中护理学术年会"))
        pending, institution = _units(acts, cast, owner_url)
        receipt = _people(acts, cast)
        _imports(acts(cast.administrator(4)))
        roles.save(acts(cast.administrator(4)), None, "办事员", {"person.update"})
        overseeing.disable(acts(cast.administrator(4)), BRANCH, "已离职")
        _asked_from_above(acts, cast)
        _papers(acts, cast)
        _sampled(owner_url)
        _begun(owner_url, (4, 4), institution)
        sign_in = _taught(acts, cast)
        _let_in(acts(cast.administrator(2)))
        counting.count(acts(cast.administrator(1)))
        outlook.fold(acts(NOBODY))
        backlog.fold_months(acts(NOBODY))
        _exported(acts(cast.administrator(4)))
        for account in (2, 3, 4):
            session = acts(cast.administrator(account))
            snapshots.take(session, overall(session, asked(session, None, 2026, by="organization")))
    return Scene(receipt, code, pending, institution, sign_in)


def _exported(session: Session) -> None:
    """A list of the hospital that a job has written, though it is short."""
    later, exporting.LATER = exporting.LATER, 0
    try:
        row = exporting.order(session, "list:person", {}, "zh")
    finally:
        exporting.LATER = later
    assert isinstance(row, Export)
    exporting.write(session, row.id)


def _sampled(owner_url: str) -> None:
    """Approvals of the health commission that the city looks at once more, and the lot of a month."""
    owner = create_engine(owner_url)
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'scene', true)"))
        connection.execute(
            text(
                "INSERT INTO sample_check"
                " (organization_id, decider_id, review_id, round, kind, title, reason)"
                " SELECT 2, 3, id, round, kind, title, 'alone' FROM review"
                " WHERE state = 'approved' AND kind = 'hours'"
            )
        )
        connection.execute(
            text(
                "INSERT INTO sample_draw"
                " (organization_id, decider_id, kind, month, percent, seed, drawn_until)"
                " VALUES (2, 3, 'hours', '2026-01-01', 5, repeat('5eed', 16), now())"
            )
        )
    owner.dispose()


def _begun(owner_url: str, *posts: tuple[int, int]) -> None:
    """What a unit and an institution have begun to declare for people, of the account and post of each."""
    owner = create_engine(owner_url)
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'scene', true)"))
        for account, post in posts:
            connection.execute(
                text(
                    "INSERT INTO hour_declaration (organization_id, creator_id, year, subject, form, values,"
                    " people) SELECT organization_id, :account, 2026, 'professional', 'training_class', '{}',"
                    " '[]' FROM appointment WHERE id = :post"
                ),
                {"account": account, "post": post},
            )
    owner.dispose()


def _let_in(city: Session) -> None:
    """A program that may ask, and has changed its secret."""
    words = {"name": "职称评审系统", "addresses": "10.20.0.0/16", "valid_until": clock.today()}
    client = records.create(city, ApiClient(**words))
    for _time in range(2):
        api_clients.rotate(city, client.id)


def _year(acts: Callable[[Actor], Session], cast: Cast, site: str) -> str:
    zhang = acts(cast.professional(1))
    for said in (
        training(4, "public", "公需科目脱产培训班"),
        training(8, "professional", "心血管介入技术研修班"),
    ):
        review_id = review_of(zhang, declared(zhang, said)).id
        for organization in (4, 3, 2):
            approve(acts(cast.administrator(organization)), review_id)
    refused = declared(zhang, conference("湖北省心血管病论坛", level="provincial"))
    reject(acts(cast.administrator(4)), review_of(zhang, refused).id)
    taken_back = declared(zhang, conference("荆楚医学大会", level="provincial"))
    waiting = review_of(zhang, taken_back)
    reviews.withdraw(zhang, waiting.id, waiting.version)
    hours.draft(zhang, 1, conference("全国护理学大会"))
    declared(zhang, conference("全国心血管病大会"))
    code = certificates.issue(zhang, 1, 2026, site=site).code
    printing.begin(acts(cast.administrator(4)), [1, 2], 2026, "pdf", site=site)
    return code


def _taught(acts: Callable[[Actor], Session], cast: Cast) -> str:
    """Plans that wait, were rejected and were filed; of the last a class is over; returns a code of it."""
    hospital, department = acts(cast.administrator(4)), acts(cast.administrator(3))
    with at(10, 9):
        made = [
            plans.declare(hospital, PLAN | {"title": title}) for title in ("急救培训", "院感培训", "护理培训")
        ]
        refused, filed = (department.get_one(Review, plans.review_of(hospital, each).id) for each in made[1:])
        reject(department, refused.id)
        approve(department, filed.id)
        days = {"first_day": "2026-11-12", "last_day": "2026-11-13"}
        found = classes.make(hospital, made[2].id, CLASS | days)
        rosters.pick(hospital, found.id, [1, 2])
    return sign_in_codes.code(found.id, found.half_days[0], printed=True)


def _papers(acts: Callable[[Actor], Session], cast: Cast) -> None:
    """Annual materials of the department: a guide that waits, a notice of which there is a draft."""
    department = acts(cast.administrator(3))
    for key, sort, whole in (("study_guide", "guide", True), ("work_notice", "notice", False)):
        said = annual_papers.Said(files={sort: [photograph()]})
        annual_papers.begin(department, key, 2026, said, hand_in=whole)


def _asked_from_above(acts: Callable[[Actor], Session], cast: Cast) -> None:
    """A list that is overdue, filled in and not handed in; feedback that waits at the hospital."""
    asked = Deadline(
        title="报送联络员名单",
        matter="liaison",
        audience="all",
        due_on=date(2026, 1, 31),
        note="每单位一名",
    )
    records.create(acts(cast.administrator(2)), asked)
    person = Liaison(name="赵联络", post="人事科长", phone="13800000009")
    records.create(acts(cast.administrator(4)), person)
    told = Feedback(title="证明上传不了", topic="problem", body="上传后页面没有反应。")
    feedback.write(acts(cast.professional(1)), told, [])


def _units(
    acts: Callable[[Actor], Session], cast: Cast, owner_url: str
) -> tuple[tuple[int, int], tuple[int, int]]:
    """The administrators of the hospital that waits and of the base that was approved, as (account, post)."""
    nobody, made = acts(NOBODY), []
    for kind, name, administrator, id_number, parent in NEW_UNITS:
        typed = UNIT | {
            "name": name,
            "administrator": administrator,
            "id_number": id_number,
            "parent_id": parent,
        }
        registered = register_unit(nobody, kind, typed, address=ADDRESS, evidence=[photograph()])
        made.append(registered.organization_id)
    department = acts(cast.administrator(3))
    approve(department, department.scalars(text(WAITING)).one())
    owner = create_engine(owner_url)
    with owner.connect() as connection:
        posts = [tuple(connection.execute(text(POST), {"id": each}).one()) for each in made[:2]]
    owner.dispose()
    return posts[0], posts[1]


def _people(acts: Callable[[Actor], Session], cast: Cast) -> str:
    receipt = register_person(acts(NOBODY), PERSON | {"name": "陈晨", "id_number": CHEN}, address=ADDRESS)
    register_person(
        acts(NOBODY), PERSON | {"name": "吴桐", "id_number": number("42100019880808008")}, address=ADDRESS
    )
    hospital = acts(cast.administrator(4))
    newest = hospital.scalars(text("SELECT max(id) FROM review WHERE kind = 'person_registration'")).one()
    reviews.decide(hospital, one(hospital.get_one(Review, newest)), "reject", reason_key="not_ours")
    return receipt


def _imports(hospital: Session) -> None:
    template = made(hospital, ModelBook(Person), "zh")
    wrong = colleague(2, "钱进", id_number="421000199501010019")
    strange = colleague(3, "冯远", title_series="炼金术")
    known = {"name": "李娜", "id_number": ID_NUMBERS[2], "title": "主管护师"}
    _checked(hospital, filled(template, colleague(1, "郑洁"), wrong, strange, known))
    _checked(hospital, roll(colleague(6, "褚云")))
    batch = _checked(hospital, filled(template, colleague(4, "韩雪"), colleague(5, "杨柳")))
    batches.begin(hospital, batch, "good")
    apply.apply(hospital, batch.id)


def _checked(hospital: Session, book: bytes) -> ImportBatch:
    batch = batches.receive(hospital, Person, BytesIO(book), "人员信息.xlsx", most_megabytes=20)
    staging.read(hospital, batch.id, "zh")
    set_actor(hospital, actor_of(hospital))
    hospital.refresh(batch)
    return batch
