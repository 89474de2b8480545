"""A province as one file of facts.

Every key is read somewhere in the product; docs/province.md says what each does.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StrictBool, StringConstraints
from pydantic_core import PydanticCustomError

from app.declare.chain import Chain, Kind
from app.declare.learning_form import FieldType, LearningForm
from app.declare.part import Choice, Day, Hours, Key, Part, Text, Words, Year
from app.declare.titles import LEVELS, TitleSeries, national

UserKind = Literal["person", "employer", "authority", "institution", "hr_office"]


class ProductWords(Part):
    """Words that provinces say differently: `hours` is the unit of account (学时, 学分, 学时（分）)."""

    hours: Text


class UserType(Part):
    """One entry of the portal's list of user types. `levels` tells HR offices of different levels apart."""

    key: Key
    label: Text
    kind: UserKind
    levels: tuple[Literal["province", "city", "county"], ...] = ()
    registers: StrictBool


class Contact(Part):
    """A line of the help desk."""

    label: Text
    value: Words


class Portal(Part):
    """The public front page.

    `entries` says whether one registers and logs in inside the login window, after choosing the user type,
    or by entries of their own for each user type (POR-03).
    """

    login_window: Text
    entries: Literal["inside", "separate"]
    help: Text
    contacts: tuple[Contact, ...]


class PersonRegistration(Part):
    """Whether registrations are reviewed, and what is said at login (`waiting`) until they are."""

    review: StrictBool
    login_before_review: StrictBool
    waiting: Text


class UnitRegistration(PersonRegistration):
    """The same for organisations.

    Where the credit code is `required`, a unit without one is shown the help desk's sentence and goes on with
    a reason and evidence (REG-13); where it is `optional`, a reason is enough.
    """

    credit_code: Literal["required", "optional"]


class Registration(Part):
    """How one joins. A kind of user that registers has its own table here."""

    notes: tuple[Text, ...]
    pledge: Text
    no_credit_code: Text | None = None
    employer: UnitRegistration | None = None
    authority: UnitRegistration | None = None
    institution: UnitRegistration | None = None
    person: PersonRegistration | None = None


class YearRule(Part):
    """What completes one calendar year: `total` hours, and a `minimum` in some subjects.

    Hours of the year may be declared until the end of the day `closes`.
    """

    total: Hours
    minimum: dict[Key, Hours]
    closes: Day


class ExtraField(Part):
    """A field that only this province keeps of persons or organisations."""

    key: Key
    label: Text
    type: FieldType
    required: StrictBool
    choices: tuple[Choice, ...] = ()
    list: StrictBool = False
    search: StrictBool = False
    importable: Annotated[StrictBool, Field(alias="import")] = False
    export: StrictBool = False


class ExtraFields(Part):
    """The province's own fields."""

    person: tuple[ExtraField, ...] = ()
    organization: tuple[ExtraField, ...] = ()


class CertificateWords(Part):
    """What the province's certificate says; its number is `number_prefix`, the year and a serial number."""

    title: Text
    issuer: Text
    statement: Text
    note: Text
    number_prefix: Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z]{1,8}$")]


class ImportantDate(Part):
    """A date that the portal shows."""

    label: Text
    on: Day


def _series(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value != "national":
        raise PydanticCustomError("literal_error", "not 'national'", {"expected": "'national'"})
    return national()


def _or_national(schema: dict[str, Any]) -> None:
    listed = {"type": schema.pop("type"), "items": schema.pop("items")}
    schema["anyOf"] = [listed, {"const": "national"}]


class Profile(Part):
    """One province. `rules` are by calendar year; lists keep the order of the file, on screen as well."""

    code: Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z_]*$", max_length=30)]
    division: Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9]{2}$")]
    name: Text
    platform_name: Text
    words: ProductWords
    user_types: Annotated[tuple[UserType, ...], Field(min_length=1)]
    portal: Portal
    dates: tuple[ImportantDate, ...] = ()
    registration: Registration
    reviews: dict[Kind, Chain]
    subjects: Annotated[tuple[Choice, ...], Field(min_length=1)]
    rules: Annotated[dict[Year, YearRule], Field(min_length=1)]
    forms: Annotated[tuple[LearningForm, ...], Field(min_length=1)]
    title_series: Annotated[
        tuple[TitleSeries, ...], BeforeValidator(_series), Field(json_schema_extra=_or_national)
    ]
    certificate: CertificateWords
    fields: ExtraFields = ExtraFields()

    def form(self, key: str) -> LearningForm | None:
        """The learning form with this key, if the province has it."""
        return next((form for form in self.forms if form.key == key), None)

    def forms_for(self, subject: str, declarer: str) -> tuple[LearningForm, ...]:
        """The learning forms that a `person`, `employer` or `institution` may choose for one subject."""
        return tuple(form for form in self.forms if subject in form.subjects and declarer in form.declared_by)

    def user_type(self, key: str) -> UserType | None:
        """The user type with this key, if the portal has it."""
        return next((user_type for user_type in self.user_types if user_type.key == key), None)

    def registration_of(self, kind: str) -> PersonRegistration | None:
        """How a kind of user joins; None where it is given its accounts from above."""
        found = getattr(self.registration, kind, None)
        return found if isinstance(found, PersonRegistration) else None

    def choices(self, source: str) -> Mapping[str, Any]:
        """Labels by key of a list that declarations name: subjects, forms, title_series or title_levels."""
        if source == "title_levels":
            return LEVELS
        listed: dict[str, tuple[Choice | LearningForm | TitleSeries, ...]] = {
            "subjects": self.subjects,
            "forms": self.forms,
            "title_series": self.title_series,
        }
        return {item.key: item.label for item in listed[source]}
