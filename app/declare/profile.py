"""A province as one file of facts.

Every key is read somewhere in the product; docs/province.md says what each does.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, StrictBool, StrictInt, StringConstraints
from pydantic_core import PydanticCustomError

from app.declare.annual_paper import AnnualPaper
from app.declare.certificate_words import CertificateWords
from app.declare.chain import Chain, Kind
from app.declare.clock import Calendar, Clock
from app.declare.learning import Learning
from app.declare.learning_form import FieldType, LearningForm
from app.declare.menu import MenuModule, UserKind, menu_of
from app.declare.part import Choice, Day, Hours, Key, Part, Text, Words, Year
from app.declare.titles import LEVELS, TitleSeries, national
from app.declare.training import Training
from app.declare.year_rule import Span, YearRule


class ProductWords(Part):
    """Words that provinces say differently."""

    hours: Text
    """The unit of account: 学时, 学分 or 学时（分）."""


class UserType(Part):
    """One entry of the portal's list of user types."""

    key: Key
    """The name in addresses of the portal."""
    label: Text
    """What people read; the portal shows the English below the Chinese."""
    kind: UserKind
    """What the user is to the product."""
    levels: tuple[Literal["province", "city", "county"], ...] = ()
    """Which levels of HR offices it stands for: at login it chooses among one's posts."""
    registers: StrictBool
    """Whether one may register. HR offices are given their accounts from above."""
    second_factor: Literal["required", "optional"] = "optional"
    """required: users of this type log in with a code of an app as well as with the password, and set that up
    at their first login. optional: whoever wants to. A demonstration asks it of nobody.
    """


class Contact(Part):
    """A line of the help desk."""

    label: Text
    """What it is, for example a telephone."""
    value: Words
    """The number or address."""


class Portal(Part):
    """The public front page."""

    login_window: Text
    """The title of the login window."""
    entries: Literal["inside", "separate"]
    """inside: one registers and logs in inside the login window, after choosing the user type. separate:
    each user type has entries of its own.
    """
    help: Text
    """What is said to those who cannot log in."""
    contacts: tuple[Contact, ...]
    """The help desk."""
    tool_column: Text | None = None
    """The title of the column at the right that holds the guides, where the portal has one. Left out: the
    help leads to them.
    """


class PersonRegistration(Part):
    """How persons join: always after a review, for who else would say that they are who they say."""

    waiting: Text
    """What is said while the review is open, and whom to ask."""


class UnitRegistration(PersonRegistration):
    """How organisations join."""

    review: StrictBool
    """Whether registrations are reviewed; the chain stands in reviews."""
    login_before_review: StrictBool
    """Whether one may log in, to a restricted menu, before the review."""
    credit_code: Literal["required", "optional"]
    """required: a unit without one is shown no_credit_code and goes on with a reason and a proof.
    optional: a reason is enough.
    """


class Registration(Part):
    """How one joins. A kind of user that registers has its own table here."""

    notes: tuple[Text, ...]
    """What stands above the form."""
    pledge: Text
    """What one declares by registering."""
    department: Text
    """The department with which a unit begins: its first administrator works there."""
    no_credit_code: Text | None = None
    """What is said to units without a credit code where it is required."""
    employer: UnitRegistration | None = None
    """How employers join."""
    authority: UnitRegistration | None = None
    """How supervisory departments join."""
    institution: UnitRegistration | None = None
    """How institutions and bases join."""
    person: PersonRegistration | None = None
    """How professionals join."""


class ReviewChecks(Part):
    """From where on a reviewer is told to look with more care."""

    day_hours: Hours
    """Hours of learning that one day can hold."""
    new_account_days: Annotated[StrictInt, Field(ge=0, le=366)]
    """Days for which an account counts as new; 0: never."""


class ExtraField(Part):
    """A field that only this province keeps of persons or organisations."""

    key: Key
    """What the database keeps; it may not be the name of a field of the product."""
    label: Text
    """What people read."""
    type: FieldType
    """What kind of value it is."""
    required: StrictBool
    """Whether it must be filled in."""
    choices: tuple[Choice, ...] = ()
    """The values that a choice offers."""
    list: StrictBool = False
    """Whether lists show it."""
    search: StrictBool = False
    """Whether one may search by it."""
    export: StrictBool = False
    """Whether exports have it."""


class PersonField(ExtraField):
    """A field that only this province keeps of persons. Persons alone come from workbooks."""

    importable: Annotated[StrictBool, Field(alias="import")] = False
    """Whether the workbook of persons has a column for it."""


class OrganizationField(ExtraField):
    """A field that only this province keeps of organisations."""

    of: tuple[Literal["employer", "authority", "institution", "hr_office"], ...] = ()
    """The kinds of organisation that have it. Left out: all of them."""
    public: StrictBool = False
    """Whether anybody reads it on the public page of institutions, and finds them by it. For institutions."""


class ExtraFields(Part):
    """The province's own fields."""

    person: tuple[PersonField, ...] = ()
    """Fields of persons."""
    organization: tuple[OrganizationField, ...] = ()
    """Fields of organisations."""


class ImportantDate(Part):
    """A date that the portal shows."""

    label: Text
    """What is due."""
    on: Day
    """The day."""


def _series(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value != "national":
        raise PydanticCustomError("literal_error", "not 'national'", {"expected": "'national'"})
    return national()


def _or_national(schema: dict[str, Any]) -> None:
    listed = {"type": schema.pop("type"), "items": schema.pop("items")}
    schema["anyOf"] = [listed, {"const": "national"}]


class Transfers(Part):
    """How professionals go from one organisation to another; the chain stands in reviews."""

    open_declarations: Literal["go_along", "finish"]
    """What becomes of hours that are under review. go_along: the new organisation's chain goes on with them.
    finish: the present organisation's chain decides them. They count for the person either way.
    """


class ChangeRules(Part):
    """Which fields are changed at once and which after a review, where the province differs (CRV-01)."""

    reviewed: tuple[Key, ...] = ()
    """Fields that are reviewed here, though the product lets everybody change them at once."""
    direct: tuple[Key, ...] = ()
    """Fields that are changed at once here, though the product lets them be reviewed."""


class Changes(Part):
    """What people and organisations change about themselves; the chains stand in reviews."""

    person: ChangeRules = ChangeRules()
    """Fields of persons. Name, document and number are corrected by a review in every province."""
    organization: ChangeRules = ChangeRules()
    """Fields of organisations."""


class Profile(Part):
    """One province. Lists keep the order of the file, on screen as well."""

    code: Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z_]*$", max_length=30)]
    """The name of the file; the folder of the installation's state has it too."""
    division: Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9]{2}$")]
    """The first two digits of its GB/T 2260 code."""
    name: Text
    """The name of the province."""
    platform_name: Text
    """The name of the platform."""
    words: ProductWords
    """Words that provinces say differently."""
    user_types: Annotated[tuple[UserType, ...], Field(min_length=1)]
    """The user types of the portal, in this order."""
    portal: Portal
    """The public front page."""
    dates: tuple[ImportantDate, ...] = ()
    """Dates that the portal shows."""
    menu: tuple[MenuModule, ...] = ()
    """The modules after login, in the words and the order of the manuals."""
    registration: Registration
    """How one joins."""
    reviews: dict[Kind, Chain]
    """The chains of approval by kind of review."""
    clock: Clock
    """How long a decision may take, and who is told when it takes longer."""
    calendar: Calendar = Calendar()
    """The province's own days off and working days."""
    checks: ReviewChecks
    """From where on a reviewer is told to look with more care."""
    transfers: Transfers | None = None
    """How professionals are transferred, where reviews.transfer says who agrees."""
    training: Training | None = None
    """Plans and classes, where the province has them."""
    subjects: Annotated[tuple[Choice, ...], Field(min_length=1)]
    """The subjects that hours count to, any number."""
    rules: Annotated[dict[Year, YearRule], Field(min_length=1)]
    """What completes a calendar year, by year."""
    span: Span | None = None
    """Years that must be complete one after the other, where reviews of titles ask it."""
    forms: Annotated[tuple[LearningForm, ...], Field(min_length=1)]
    """The learning forms, in this order."""
    annual_papers: tuple[AnnualPaper, ...] = ()
    """What organisations hand in once a year, in this order; none where the province asks for nothing."""
    learning: Learning | None = None
    """Courses on the platform, where there are any."""
    title_series: Annotated[
        tuple[TitleSeries, ...], BeforeValidator(_series), Field(json_schema_extra=_or_national)
    ]
    """The word "national" for the 27 series of the national list, or a list of its own."""
    certificate: CertificateWords
    """What the certificate says."""
    fields: ExtraFields = ExtraFields()
    """The province's own fields."""
    changes: Changes = Changes()
    """Which fields need a review when they are changed."""
    _seal: bytes = PrivateAttr(default=b"")

    @property
    def seal_picture(self) -> bytes:
        """The picture of the issuer's seal (PNG), none where the profile names none."""
        return self._seal

    def with_seal(self, picture: bytes) -> "Profile":
        """The same profile, with the picture that lies beside it."""
        self._seal = picture
        return self

    def menu_of(self, kind: str) -> tuple[MenuModule, ...]:
        """The menu of one kind of user as the manual names it, with what the product does not have yet."""
        return menu_of(self.menu, kind)

    def form(self, key: str) -> LearningForm | None:
        """The learning form with this key, if the province has it."""
        return next((form for form in self.forms if form.key == key), None)

    def forms_for(self, subject: str, declarer: str) -> tuple[LearningForm, ...]:
        """The learning forms that a `person`, `employer` or `institution` may choose for one subject."""
        return tuple(form for form in self.forms if subject in form.subjects and declarer in form.declared_by)

    def annual_paper(self, key: str) -> AnnualPaper | None:
        """The annual paper with this key, if the province asks for it."""
        return next((paper for paper in self.annual_papers if paper.key == key), None)

    def papers_of(self, kind: str, review: str = "") -> tuple[AnnualPaper, ...]:
        """The annual papers that organisations of this kind hand in; with `review`, of one kind of review."""
        return tuple(
            paper
            for paper in self.annual_papers
            if kind in paper.handed_in_by and review in {"", paper.review}
        )

    def user_type(self, key: str) -> UserType | None:
        """The user type with this key, if the portal has it."""
        return next((user_type for user_type in self.user_types if user_type.key == key), None)

    def asks_second_factor(self, kind: str, level: str) -> bool:
        """Whether users of this kind, and of this level of HR offices, must log in with a second factor."""
        return any(
            each.second_factor == "required" and each.kind == kind and level in (each.levels or (level,))
            for each in self.user_types
        )

    def registration_of(self, kind: str) -> PersonRegistration | None:
        """How a kind of user joins; None where it is given its accounts from above."""
        found = getattr(self.registration, kind, None)
        return found if isinstance(found, PersonRegistration) else None

    def choices(self, source: str) -> Mapping[str, Any]:
        """Labels by key of a list that declarations name (declare.field.SOURCES)."""
        if source == "title_levels":
            return LEVELS
        listed: dict[str, tuple[Choice | LearningForm | AnnualPaper | TitleSeries, ...]] = {
            "subjects": self.subjects,
            "forms": self.forms,
            "annual_papers": self.annual_papers,
            "projects": self.learning.projects if self.learning else (),
            "title_series": self.title_series,
        }
        return {item.key: item.label for item in listed[source]}
