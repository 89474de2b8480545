"""Commands of whoever sits at the machine: why somebody may do something, accounts, messages that stayed.

Each acts as the province's own office, under the name of the command, and leaves its trail.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.catalogues import translator
from app.declare.words import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from app.services.operating import Held


@contextmanager
def _operator(command: str, *, owner: bool = False) -> "Iterator[tuple[Session, str]]":
    """The operator's session, and the language of what is said; a refusal is one sentence.

    With `owner` it is of the role that owns the tables, for what no actor may read.
    """
    from app import encrypted
    from app.declare.province import serve
    from app.security import keys
    from app.serve import with_database
    from app.services import provinces
    from app.services.errors import Faulty, Refused
    from app.services.operator import operator
    from app.services.wording import said
    from config import load

    settings = load()
    language = settings.default_locale
    with with_database(settings) as ready:
        serve(provinces.load(ready.province))
        encrypted.use(keys.load(ready.keys, cipher=ready.cipher).ring)
        try:
            with operator(ready.owner_database_url if owner else ready.database_url, command) as session:
                yield session, language
        except Refused as refused:
            raise click.ClickException(said(refused, language)) from refused
        except Faulty as faulty:
            told = [said(each, language) for wrong in faulty.problems.values() for each in wrong]
            raise click.ClickException(" ".join(told)) from faulty


@click.command()
@click.argument("post", type=click.IntRange(1))
@click.argument("permission")
@click.argument("record", default="")
def explain(post: int, permission: str, record: str) -> None:
    """Say why the holder of POST may do something, or why not; exit with 1 if not.

    POST is the number in the address of an administrator's record. PERMISSION is what `xueshi catalogue`
    prints, hour_record.review for example. RECORD is the address of a record's page; left out: any record.
    """
    from app.services import explanations
    from app.services.wording import said

    with _operator("explain") as (session, language):
        answer = explanations.explain(session, post, permission, record)
        for link in answer.links:
            part = said(explanations.PARTS[link.part], language)
            click.echo(f"{'+' if link.holds else '-'} {part}: {link.told.in_(language)}")
        yes, no = N_("Yes. Nothing is missing."), N_("No. What is missing is marked -.")
        click.echo(translator(language)(yes if answer.may else no))
    if not answer.may:
        sys.exit(1)


@click.group()
def account() -> None:
    """One account: shown, disabled, enabled again, given a first password, logged out everywhere.

    The login name is asked for, so that it stands in no history of commands; --id names an account by number.
    """


def _named(command: "Callable[..., None]") -> "Callable[..., None]":
    """The options by which an account is named."""
    return click.option("--id", "key", type=click.IntRange(1), help="The number of the account.")(command)


def _reason(command: "Callable[..., None]") -> "Callable[..., None]":
    return click.option("--reason", required=True, help="Why; the trail keeps it.")(command)


def _found(session: "Session", key: int | None) -> "Held":
    from app.services import operating

    return operating.find(session, "" if key else click.prompt("Login", err=True), key)


@account.command()
@_named
def show(key: int | None) -> None:
    """Its number, its holder, its state, and where it has posts."""
    with _operator("account") as (session, _language):
        held = _found(session, key)
        click.echo("\t".join((str(held.id), held.name, held.state, *held.posts)))


@account.command()
@_named
@_reason
def disable(key: int | None, reason: str) -> None:
    """Let it do nothing from now on; its sessions end and its holder is told."""
    _done("disable", key, reason, N_("The account is disabled."))


@account.command()
@_named
@_reason
def enable(key: int | None, reason: str) -> None:
    """Let a disabled account in again."""
    _done("enable", key, reason, N_("The account is enabled."))


@account.command("end-sessions")
@_named
@_reason
def end_sessions(key: int | None, reason: str) -> None:
    """Log it out wherever it is logged in."""
    _done("end_sessions", key, reason, N_("The account is logged out everywhere."))


def _done(deed: str, key: int | None, reason: str, told: str) -> None:
    from app.services import operating

    with _operator("account") as (session, language):
        getattr(operating, deed)(session, _found(session, key).id, reason)
        click.echo(translator(language)(told))


@account.command()
@_named
@_reason
@click.option("--file", type=click.Path(path_type=Path), help="Where the password goes, for its owner alone.")
def reset(key: int | None, reason: str, file: Path | None) -> None:
    """Give it a first password, changed at the next login: printed once, or in a file of mode 0600."""
    from app.services import codes, operating

    with _operator("account") as (session, language):
        held, password = _found(session, key), codes.first_password()
        if file is None:
            operating.reset(session, held.id, reason, password)
            click.echo(password)
            return
        try:
            opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise click.ClickException(f"{file}: there is one already; it is not overwritten") from error
        try:
            with os.fdopen(opened, "w", encoding="utf-8") as target:
                target.write(f"{password}\n")
            operating.reset(session, held.id, reason, password)
        except BaseException:
            file.unlink()
            raise
        click.echo(translator(language)(N_("The first password stands in %(file)s.")) % {"file": file})


@click.group()
def messages() -> None:
    """Messages that did not leave."""


@messages.command("list")
@click.option("--state", "states", multiple=True, type=click.Choice(["failed", "doubtful", "unaddressed"]))
def listed(states: tuple[str, ...]) -> None:
    """How many there are, and the latest: number, day, kind, state, why, channel, attempts, whom by number.

    Without --state those that failed and those of which nobody knows whether they arrived.
    """
    from app.services import undelivered

    with _operator("messages", owner=True) as (session, _language):
        click.echo("  ".join(f"{state}={many}" for state, many in undelivered.counted(session).items()))
        for row in undelivered.listed(session, states or ("failed", "doubtful")):
            click.echo("\t".join(_line(row)))


def _line(row: Any) -> Iterator[str]:
    from app.database import SHANGHAI

    yield from (str(row.id), f"{row.created_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}", row.kind, row.state)
    yield from (row.error or "-", row.channel or "-", str(row.attempts))
    yield f"account {row.account_id}" if row.account_id else f"person {row.person_id}"


@messages.command()
@click.argument("ids", nargs=-1, type=click.IntRange(1))
@click.option("--all", "everything", is_flag=True, help="All that failed.")
def retry(ids: tuple[int, ...], everything: bool) -> None:
    """Try failed messages again from the beginning: those with these numbers, or --all.

    What may have arrived is never sent again.
    """
    from app.services import undelivered

    if bool(ids) == everything:
        raise click.UsageError("Name messages by number, or say --all.")
    with _operator("messages", owner=True) as (session, language):
        tried = undelivered.again(session, None if everything else ids)
        said = translator(language)(N_("%(number)d messages are tried again."))
        click.echo(said % {"number": len(tried)})
    if set(ids) - set(tried):
        sys.exit(1)


@click.group()
def totals() -> None:
    """The kept sums of everybody's years, which the ledger of hours must bear out."""


@totals.command("verify")
@click.option(
    "--after", type=click.IntRange(0), default=0, help="Only persons whose id comes after this one."
)
def verify_totals(after: int) -> None:
    """Print each person's year whose kept sum is not that of the ledger; exit with 1 if there is one.

    The same for the counts of statistics: the organisation and the year.
    """
    from app.services import totals_check
    from app.services.statistics import counting

    with _operator("totals verify", owner=True) as (session, language):
        wrong = 0
        for each in totals_check.verify(session, after=after):
            wrong += 1
            click.echo(f"{each.person_id}\t{each.year}\t{each.kept}\t{each.total}")
        for place, year in counting.verify(session):
            wrong += 1
            click.echo(f"organization {place}\t{year}")
        say = translator(language)
        click.echo(say(N_("%(number)d years do not agree with the ledger.")) % {"number": wrong}, err=True)
    sys.exit(1 if wrong else 0)


@totals.command("rebuild")
@click.option(
    "--after", type=click.IntRange(0), default=0, help="Only persons whose id comes after this one."
)
def rebuild_totals(after: int) -> None:
    """Make the sums that do not agree anew from the ledger, in batches, while people work.

    After each batch it says from where another run can go on.
    """
    from app.services import totals_check
    from app.services.statistics import counting

    with _operator("totals rebuild", owner=True) as (session, language):
        say = translator(language)
        batch = say(N_("Up to person %(last)d: %(number)d years made anew."))
        made = totals_check.rebuild(
            session,
            after=after,
            done=lambda last, number: click.echo(batch % {"last": last, "number": number}, err=True),
        )
        click.echo(made)
        counting.rebuild(session)
