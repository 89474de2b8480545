"""The settings table, and the only reader of the environment.

Each setting is read from XUESHI_<NAME>; those marked `plain` also from <NAME>, so that `PROVINCE=hainan make
run` is Hainan. `xueshi settings` prints the table with what is in force.
"""

import dataclasses
import ipaddress
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.declare.words import N_

PREFIX = "XUESHI_"
PROVINCES = Path(__file__).parent / "app" / "provinces"


class BadSetting(Exception):
    """A setting has a value it cannot have, or a name is none; the text says which and what is allowed."""


@dataclass(frozen=True)
class Setting:
    """One line of the table: what it is for, in which unit, how its text is read."""

    name: str
    default: str
    help: str
    parse: Callable[[str], Any]
    unit: str
    plain: bool
    secret: bool

    def read(self, environ: Mapping[str, str]) -> Any:
        """The value in force. Raises BadSetting."""
        text = environ.get(PREFIX + self.name, "")
        if not text and self.plain:
            text = environ.get(self.name, "")
        text = text.strip() or self.default
        try:
            return self.parse(text)
        except ValueError as error:
            shown = "…" if self.secret else text
            raise BadSetting(f"{PREFIX}{self.name}={shown}: {error}. {self.help}") from error


def words(text: str) -> str:
    """Any text."""
    return text


def whole(least: int, most: int) -> Callable[[str], int]:
    """A whole number between two bounds, both allowed."""

    def parse(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise ValueError(f"a whole number from {least} to {most} is needed")
        return int(text)

    return parse


def one_of(*choices: str) -> Callable[[str], str]:
    """One of these words."""

    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(f"one of {', '.join(choices)} is needed")
        return text

    return parse


def yes_or_no(text: str) -> bool:
    """1, true, yes, on; or 0, false, no, off."""
    meanings = dict.fromkeys(("1", "true", "yes", "on"), True) | dict.fromkeys(
        ("0", "false", "no", "off"), False
    )
    if text.lower() not in meanings:
        raise ValueError("1 or 0 is needed")
    return meanings[text.lower()]


def names(text: str) -> tuple[str, ...]:
    """Names with commas between them."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def networks(text: str) -> tuple[str, ...]:
    """Networks with commas between them."""
    try:
        return tuple(str(ipaddress.ip_network(part, strict=False)) for part in names(text))
    except ValueError:
        raise ValueError("networks like 10.0.0.0/8 are needed") from None


def place(text: str) -> Path:
    """A folder or file; a relative one counts from where the program was started."""
    return Path(text).expanduser().absolute()


def optional_place(text: str) -> Path | None:
    """A folder or file, or none."""
    return place(text) if text else None


def database(text: str) -> str:
    """An address of PostgreSQL for SQLAlchemy with psycopg 3, or none."""
    if not text:
        return ""
    scheme, rest = text.partition("://")[::2]
    if scheme not in {"postgresql", "postgres", "postgresql+psycopg"} or not urlsplit(text).username:
        raise ValueError("postgresql://role:password@host:port/database is needed")
    return f"postgresql+psycopg://{rest}"


def address(text: str) -> str:
    """The address of a web site without a slash at its end, or none."""
    if text and (urlsplit(text).scheme not in {"http", "https"} or not urlsplit(text).hostname):
        raise ValueError("an address like https://xueshi.example.cn is needed")
    return text.rstrip("/")


def mailbox(text: str) -> str:
    """The address of a mailbox, or none."""
    name, _at, host = text.rpartition("@")
    if text and not (name and host and text.isprintable() and " " not in text):
        raise ValueError("an address like xueshi@example.cn is needed")
    return text


def province(text: str) -> Path:
    """The profile of a province: a code of app/provinces, or the path of a .toml file."""
    path = place(text) if text.endswith(".toml") else PROVINCES / f"{text}.toml"
    if not path.is_file():
        known = ", ".join(sorted(each.stem for each in PROVINCES.glob("*.toml")))
        raise ValueError(f"there is no such profile; known are {known}, or the path of a .toml file")
    return path


def setting(
    default: str,
    parse: Callable[[str], Any],
    explanation: str,
    *,
    unit: str = "",
    plain: bool = False,
    secret: bool = False,
) -> Any:
    """One line of the table below; the attribute's name in capitals is the setting's."""
    line = {
        "default": default,
        "parse": parse,
        "help": explanation,
        "unit": unit,
        "plain": plain,
        "secret": secret,
    }
    return dataclasses.field(metadata=line)


@dataclass(frozen=True)
class Settings:
    """What an installation may set, with what it gets when it says nothing."""

    province: Path = setting(
        "hubei",
        province,
        N_("The province: a code of app/provinces or the path of a profile (.toml)."),
        plain=True,
    )
    host: str = setting("127.0.0.1", words, N_("The address to listen on. 0.0.0.0 is every network card."))
    port: int = setting("8080", whole(1, 65535), N_("The port to listen on."), plain=True)
    public_url: str = setting(
        "",
        address,
        N_("The address by which people reach the platform, as it stands in the QR code of certificates. With"
           " https cookies are sent over https only. Empty: http, the host and the port above."),
    )  # fmt: skip
    trusted_hosts: tuple[str, ...] = setting(
        "localhost,127.0.0.1", names, N_("The host names it answers to, besides that of the public address.")
    )
    proxy_hops: int = setting(
        "0", whole(0, 5), N_("How many reverse proxies of your own stand before it."), unit="proxies"
    )
    home: Path | None = setting(
        "",
        optional_place,
        N_("The folder of its state: database, keys, files. Empty: .xueshi and the province."),
    )
    database_url: str = setting(
        "",
        database,
        N_(
            "PostgreSQL for the role that serves and owns nothing. Empty: one of its own in the state folder."
        ),
        plain=True,
        secret=True,
    )
    owner_database_url: str = setting(
        "",
        database,
        N_("The same database for the role that owns the tables and migrates. Both are given or neither."),
        plain=True,
        secret=True,
    )
    key_file: Path | None = setting(
        "",
        optional_place,
        N_("The file of the keys that seal personal data. Keep a copy where no copy of the database is."
           " Empty: keys.toml in the state folder."),
    )  # fmt: skip
    cipher: str = setting(
        "aes", one_of("aes", "sm4"), N_("What seals personal data: AES-256-GCM or SM4-GCM.")
    )
    signing_file: Path | None = setting(
        "",
        optional_place,
        N_("The key that signs certificates, with its certificate: PKCS#12 (.p12), or PEM. Earlier"
           " certificates of yours may stand in it too. Empty: certificates are not signed."),
    )  # fmt: skip
    signing_password: str = setting("", words, N_("The password of that file. Empty: none."), secret=True)
    demo: bool = setting(
        "0", yes_or_no, N_("1: fill an empty database with an invented population, and make keys for trial.")
    )
    files_url: str = setting(
        "", words, N_("Where uploaded files are kept, as fsspec names it. Empty: files in the state folder.")
    )
    lessons_url: str = setting(
        "",
        words,
        N_("Where videos and PDFs of courses are kept, as fsspec names it, for example s3://xueshi. Empty:"
           " lessons in the state folder."),
    )  # fmt: skip
    lesson_megabytes: int = setting("2000", whole(1, 20_000), N_("The largest file of a lesson."), unit="MB")
    accel: str = setting(
        "",
        words,
        N_("Where nginx finds the files of lessons, for example /lessons/: it sends them itself then"
           " (X-Accel-Redirect). Empty: the platform sends them."),
    )  # fmt: skip
    default_locale: str = setting(
        "zh", one_of("zh", "en"), N_("The language of those who have not chosen one.")
    )
    workers: int = setting("2", whole(1, 64), N_("Web processes, about one per core."), unit="processes")
    threads: int = setting("8", whole(1, 64), N_("Threads of each web process."), unit="threads")
    jobs: int = setting("2", whole(1, 32), N_("Jobs that a worker does at a time."), unit="jobs")
    stalled: int = setting(
        "30", whole(2, 3600), N_("A job whose worker was silent for so long is given to another."), unit="s"
    )
    passwords: str = setting(
        "dengbao",
        one_of("dengbao", "asvs"),
        N_("What is asked of passwords: dengbao (8 characters of three kinds, changed every 90 days) or asvs"
           " (12 characters of any kind)."),
    )  # fmt: skip
    session_hours: int = setting("12", whole(1, 720), N_("A login ends after so long."), unit="h")
    idle_minutes: int = setting(
        "60", whole(1, 1440), N_("A login ends when nothing is done for so long."), unit="min"
    )
    workbook_megabytes: int = setting("20", whole(1, 200), N_("The largest workbook to import."), unit="MB")
    smtp_host: str = setting("", words, N_("The mail server. Empty: no mail is sent."))
    smtp_port: int = setting("587", whole(1, 65535), N_("The port of the mail server."))
    smtp_security: str = setting(
        "starttls",
        one_of("starttls", "tls", "none"),
        N_("How mail travels: starttls secures the connection after its greeting, tls from its first byte."),
    )
    smtp_user: str = setting("", words, N_("The login at the mail server. Empty: none."))
    smtp_password: str = setting("", words, N_("Its password."), secret=True)
    mail_from: str = setting("", mailbox, N_("The address that mail comes from."))
    sms_url: str = setting("", address, N_("The gateway of text messages. Empty: none are sent."))
    sms_format: str = setting(
        "json", one_of("json", "form"), N_("What the gateway of text messages is sent: JSON or a form.")
    )
    sms_body: str = setting(
        '{"phone": "$phone", "text": "$text"}',
        words,
        N_("What the gateway is sent, with the places $phone, $text, $code and $id: JSON, or a form's fields"
           " as they stand in an address."),
    )  # fmt: skip
    sms_success: str = setting(
        "",
        words,
        N_("A text in the gateway's answer to a message that it took. Empty: any answer of success."),
    )
    sms_token: str = setting(
        "", words, N_("What the gateway knows us by, sent as a bearer token. Empty: none."), secret=True
    )
    gateway_ca: Path | None = setting(
        "",
        optional_place,
        N_("A file of authorities to trust at mail server and gateway, besides the usual ones."),
    )
    gateway_seconds: int = setting(
        "20", whole(1, 60), N_("How long mail server and gateway may keep us waiting."), unit="s"
    )
    webhook_networks: tuple[str, ...] = setting(
        "",
        networks,
        N_("Inner networks in which programs may be told of revoked certificates, for example 10.0.0.0/8."
           " Empty: public addresses alone."),
    )  # fmt: skip
    human_work: int = setting(
        "200000",
        whole(1, 5_000_000),
        N_("How many numbers a browser tries at most for the security check of a form before the login."),
        unit="tries",
    )
    evidence_megabytes: int = setting("10", whole(1, 100), N_("The largest proof file."), unit="MB")

    @property
    def state(self) -> Path:
        """The folder of this installation's state."""
        return self.home or Path.cwd() / ".xueshi" / self.province.stem

    @property
    def keys(self) -> Path:
        """The file of the keys."""
        return self.key_file or self.state / "keys.toml"

    @property
    def files(self) -> str:
        """Where uploaded files are kept, as fsspec names it."""
        return self.files_url or (self.state / "files").as_uri()

    @property
    def lessons(self) -> str:
        """Where files of lessons are kept, as fsspec names it."""
        return self.lessons_url or (self.state / "lessons").as_uri()

    @property
    def url(self) -> str:
        """The address by which people reach the platform, without a slash at its end."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def reaches(self) -> tuple[str, ...]:
        """How people are reached beyond their page of messages: email, phone, both or not at all."""
        found = ("email",) * bool(self.smtp_host) + ("phone",) * bool(self.sms_url)
        return found or (("email", "phone") if self.demo else ())

    @property
    def secure(self) -> bool:
        """Whether people come by https, so that cookies may be sent over nothing else."""
        return self.url.startswith("https://")

    @property
    def hosts(self) -> tuple[str, ...]:
        """All host names it answers to."""
        return (*self.trusted_hosts, urlsplit(self.url).hostname or "", self.host)

    @property
    def app_role(self) -> str:
        """The database role that serves."""
        return urlsplit(self.database_url).username or ""


def table() -> tuple[Setting, ...]:
    """Every setting there is."""
    return tuple(Setting(name=field.name.upper(), **field.metadata) for field in dataclasses.fields(Settings))


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings in force. Raises BadSetting, also for a name with our prefix that is no setting."""
    known = {PREFIX + each.name for each in table()}
    for name in environ:
        if name.startswith(PREFIX) and name not in known:
            near = get_close_matches(name, known, 1) or ["`xueshi settings`"]
            raise BadSetting(f"{name} is no setting; see {near[0]}")
    settings = Settings(**{each.name.lower(): each.read(environ) for each in table()})
    if bool(settings.database_url) != bool(settings.owner_database_url):
        raise BadSetting(f"{PREFIX}DATABASE_URL and {PREFIX}OWNER_DATABASE_URL are given both or not at all")
    _check_gateways(settings)
    return settings


def _check_gateways(settings: Settings) -> None:
    if settings.smtp_host and not settings.mail_from:
        raise BadSetting(f"{PREFIX}MAIL_FROM is needed beside {PREFIX}SMTP_HOST")
    if settings.sms_format == "json":
        try:
            json.loads(settings.sms_body)
        except ValueError as error:
            raise BadSetting(f"{PREFIX}SMS_BODY is no JSON: {error}") from error


def for_children(settings: Settings, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment of a program we start, in which it finds these databases."""
    return dict(environ) | {
        f"{PREFIX}DATABASE_URL": settings.database_url,
        f"{PREFIX}OWNER_DATABASE_URL": settings.owner_database_url,
    }
