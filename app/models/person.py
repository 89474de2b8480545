"""Professionals: who learns, declares hours and receives certificates."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import ADMINISTRATORS, Granted, Owner, Within
from app.declare.data_part import DataPart
from app.declare.field import field
from app.declare.screen import Screen, Way
from app.declare.words import _
from app.encrypted import Encrypted, Sealed
from app.models.credential import KINDS as CREDENTIALS
from app.models.placed import Placed, by_ancestor
from app.models.second_factor import LOST

GENDERS = {"male": _("Male"), "female": _("Female")}

EDUCATION = {
    "doctor": _("Doctoral studies"),
    "master": _("Master's studies"),
    "bachelor": _("Bachelor's studies"),
    "college": _("Junior college"),
    "secondary": _("Secondary vocational"),
    "other": _("Other"),
}

STATES = {"active": _("Active"), "left": _("Left"), "closed": _("Closed")}


class Person(Placed, Record):
    """One professional. The ID number is unique among the living and never stored in clear."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("state IN ('active', 'left', 'closed')", name="state_known"),
        CheckConstraint("char_length(name) BETWEEN 1 AND 50", name="name_length"),
        Index(
            "uq_person_id_number_index",
            "id_number_index",
            unique=True,
            postgresql_where=text("state <> 'closed'"),
        ),
        Index("ix_person_phone_index", "phone_index"),
        Index("ix_person_id_number_index", "id_number_index"),  # a search does not ask whether one is closed
        Index("ix_person_id_number_tail", "id_number_tail"),
        Index(
            "ix_person_department_id",
            "department_id",
            "id",
            postgresql_where=text("department_id IS NOT NULL"),
        ),
        Index("ix_person_title_series", "title_series", "id"),  # a rare one, in a wide scope
        *by_ancestor("person"),
        {"extend_existing": False},
    )

    uid: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    name: Mapped[str] = mapped_column(
        String(50),
        info=field(
            _("Full name"),
            also=("姓名", "名字", "人员姓名", "Name"),
            list=True,
            search=True,
            sort=True,
            importable=True,
            needs_review=True,
            identifies=True,
            check="person_name",
            example="张三",
        ),
    )
    document_type: Mapped[str] = mapped_column(
        String(30),
        default="id_card",
        info=field(
            _("Document type"),
            also=("证件类型", "证件种类"),
            importable=True,
            needs_review=True,
            identifies=True,
            choices="document_types",
            example="居民身份证",
        ),
    )
    id_number_sealed: Mapped[bytes] = mapped_column(
        Encrypted,
        info=field(
            _("ID number"),
            also=("证件号码", "证件号", "身份证号", "身份证号码", "身份证", "公民身份号码"),
            list=True,
            search=True,
            importable=True,
            needs_review=True,
            identifies=True,
            check="id_number",
            mask="id_number",
            example="11010519491231002X",
        ),
    )
    id_number_index: Mapped[bytes] = mapped_column(LargeBinary(16))
    id_number_tail: Mapped[bytes] = mapped_column(LargeBinary(8))
    gender: Mapped[str | None] = mapped_column(
        String(10),
        info=field(
            _("Gender"), also=("性别",), importable=True, needs_review=True, choices=GENDERS, example="男"
        ),
    )
    birth_date: Mapped[date | None] = mapped_column(
        info=field(
            _("Date of birth"),
            also=("出生日期", "出生年月日", "出生年月"),
            importable=True,
            needs_review=True,
            check="birth_date",
            example="1949-12-31",
        )
    )
    phone_sealed: Mapped[bytes | None] = mapped_column(
        Encrypted,
        info=field(
            _("Mobile phone"),
            also=("手机", "手机号", "手机号码", "联系电话", "联系方式", "电话"),
            list=True,
            search=True,
            importable=True,
            check="phone",
            mask="phone",
            example="13800138000",
        ),
    )
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    email: Mapped[str | None] = mapped_column(
        String(200),
        info=field(
            _("E-mail"),
            also=("邮箱", "电子邮箱", "电子邮件", "Email"),
            importable=True,
            check="email",
            example="zhangsan@example.cn",
        ),
    )
    department_id: Mapped[int | None] = mapped_column(
        BigInteger,
        ForeignKey("department.id"),
        info=field(
            _("Department"),
            also=("部门", "科室", "所在部门", "所在科室", "处室"),
            search=True,
            importable=True,
            own=True,
            example="人事部门",
        ),
    )
    title_series: Mapped[str | None] = mapped_column(
        String(40),
        info=field(
            _("Title series"),
            also=("职称系列", "系列", "专业技术职务系列"),
            list=True,
            search=True,
            importable=True,
            needs_review=True,
            choices="title_series",
            example="工程技术人员",
        ),
    )
    title: Mapped[str | None] = mapped_column(
        String(60),
        info=field(
            _("Professional title"),
            also=("职称", "职称名称", "现任职称", "专业技术职务"),
            list=True,
            importable=True,
            needs_review=True,
            example="工程师",
        ),
    )
    title_level: Mapped[str | None] = mapped_column(
        String(20),
        info=field(
            _("Title level"),
            also=("职称级别", "职称等级", "级别"),
            search=True,
            importable=True,
            needs_review=True,
            choices="title_levels",
            example="中级",
        ),
    )
    title_since: Mapped[date | None] = mapped_column(
        info=field(
            _("Title held since"),
            also=("取得时间", "职称取得时间", "取得职称时间", "任职时间", "评定时间"),
            importable=True,
            needs_review=True,
            example="2020-12-01",
        )
    )
    education: Mapped[str | None] = mapped_column(
        String(20),
        info=field(
            _("Education"),
            also=("学历", "最高学历", "文化程度"),
            importable=True,
            needs_review=True,
            choices=EDUCATION,
            example="本科",
        ),
    )
    extra: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    state: Mapped[str] = mapped_column(
        String(20), default="active", info=field(_("State"), form=False, choices=STATES, badge=True)
    )
    import_batch_id: Mapped[int | None] = mapped_column()
    created_at: Mapped[datetime] = moment(server_default=text("now()"))

    id_number = Sealed("id_number_sealed", index="id_number_index", tail="id_number_tail")
    phone = Sealed("phone_sealed", index="phone_index")

    within = Within(department="department_id")
    access = {
        "read": (Owner("id"), Granted(to=ADMINISTRATORS)),
        "create": (Granted(to=("employer", "authority"), own=True),),
        "update": (Granted(to=("employer", "authority"), own=True),),
        "keep": (Owner("id"),),
        "reveal": (Granted(to=("employer", "authority", "hr_office")),),
        "import": (Granted(to=("employer", "authority"), own=True),),
        "reset": (Granted(to=ADMINISTRATORS, super=True),),
        "reset_password": (Granted(to=ADMINISTRATORS, super=True),),
        "remind": (Granted(to=ADMINISTRATORS),),
        "export": (Granted(to=ADMINISTRATORS),),
        "export_full": (Granted(to=("employer", "authority", "hr_office"), super=True),),
    }
    data_parts = {
        "identity": DataPart(label=_("Identity"), keys=("name", "document_type", "id_number")),
        "basic": DataPart(label=_("Basic data"), rest=True),
        "title": DataPart(
            label=_("Professional title"), keys=("title_series", "title", "title_level", "title_since")
        ),
        "education": DataPart(label=CREDENTIALS["education"], keys=("education",), list="education"),
        "qualification": DataPart(label=CREDENTIALS["qualification"], list="qualification"),
        "academic_title": DataPart(label=CREDENTIALS["academic_title"], list="academic_title"),
    }
    screen = Screen(
        label=_("Professionals"),
        menu="statistics",
        icon="users",
        form={
            _("Basic data"): (
                "name",
                "document_type",
                "id_number",
                "gender",
                "birth_date",
                "phone",
                "email",
                "department_id",
            ),
            _("Professional title"): ("title_series", "title", "title_level", "title_since", "education"),
        },
        empty=_("Nobody is here yet. Import a workbook or wait for people to register."),
        position=10,
        ways=(
            Way(
                label=_("Reset password"),
                endpoint="FirstPasswordPage.reset",
                action="reset_password",
                icon="lock",
                row=True,
            ),
            Way(
                label=_("Reset the second factor"),
                endpoint="LostFactorOfPersonPage.reset",
                action="reset",
                icon="key",
                row=True,
                confirm=LOST,
            ),
            Way(
                label=_("Correct the identity"),
                endpoint="ChangesPage.identity",
                action="update",
                icon="id",
                row=True,
            ),
        ),
    )
