"""The `xueshi` command. Each one reads the settings and calls one function; its imports wait until then."""

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app import console
from app.catalogues import compile_catalogues, translator
from app.declare.words import N_

if TYPE_CHECKING:
    from config import Settings


class Commands(click.Group):
    """Commands whose expected failures are one sentence each, never a trace."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command.

        A setting, profile, key file or database that cannot be used ends it with its own words.
        """
        from app.cluster import ClusterFailed
        from app.declare.problem import BrokenProfile
        from app.security.keys import KeysUnusable
        from app.serve import NotReady
        from app.supervisor import StartFailed
        from config import BadSetting

        try:
            return super().invoke(ctx)
        except (BadSetting, BrokenProfile, KeysUnusable, NotReady, ClusterFailed, StartFailed) as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Continuing education for a province."""
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM)
    )  # so that what we started is stopped
    compile_catalogues()


@main.command()
def run() -> None:
    """Serve on this machine: PostgreSQL, web and worker, until Ctrl-C."""
    from app.serve import serve
    from config import load

    serve(load())


@main.command()
def prepare() -> None:
    """Bring the database up to date; in a demonstration fill it and print its accounts."""
    from app.serve import with_database
    from app.services.demo import PERSONS
    from config import load

    with with_database(load()) as settings:
        _migrate(settings)
        if settings.demo:
            _fill(settings, PERSONS)


@main.command()
def migrate() -> None:
    """Bring the database up to date, and nothing else."""
    from app.serve import with_database
    from config import load

    with with_database(load()) as settings:
        _migrate(settings)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
def init(file: Path) -> None:
    """Give each HR office of the province its first account; the passwords go to FILE, for its owner alone.

    Only what is missing is added. A file that is there already is never written to.
    """
    from app import encrypted
    from app.security import keys
    from app.serve import with_database
    from app.services import first_accounts
    from config import load

    with with_database(load()) as settings:
        _migrate(settings)
        encrypted.use(keys.load(settings.keys, cipher=settings.cipher).ring)
        try:
            made = first_accounts.found(settings.owner_database_url, file)
        except FileExistsError as error:
            raise click.ClickException(f"{file}: there is one already; it is not overwritten") from error
    say = translator(settings.default_locale)
    sentence = say(N_("%(number)d first accounts stand in %(file)s; the passwords are changed at login."))
    nothing = say(N_("Every HR office has or had an administrator; nothing was added."))
    click.echo(sentence % {"number": made, "file": file} if made else nothing)


@main.command()
@click.option("--persons", type=click.IntRange(1, 10_000_000), default=2000, show_default=True)
def demo(persons: int) -> None:
    """Fill an empty database with an invented population, and print its accounts."""
    from app.serve import with_database
    from config import load

    with with_database(load()) as settings:
        _migrate(settings)
        _fill(settings, persons)


@main.command()
def work() -> None:
    """Do the jobs that wait, until asked to stop."""
    from app.jobs import worker
    from app.serve import with_database
    from config import load

    with with_database(load()) as settings:
        worker.run(settings)


@main.command()
def settings() -> None:
    """Print every setting: its name, what is in force, and what it is for."""
    from config import PREFIX, load, table

    chosen = load()
    say = translator(chosen.default_locale)
    for line in table():
        value = getattr(chosen, line.name.lower())
        shown = ",".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
        click.echo(f"{PREFIX}{line.name}={'…' if line.secret and shown else shown} {line.unit}".rstrip())
        click.echo(f"    {say(line.help)}")


@main.command()
def catalogue() -> None:
    """Print every model, screen, permission, review and route that was found, and what they lack."""
    from app import create_app
    from app.serve import with_database
    from app.views.catalogue import lines
    from config import load

    with with_database(load()) as settings:
        for line in lines(create_app(settings)):
            click.echo(line)


@main.group()
def province() -> None:
    """Profiles of provinces."""


@province.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option(
    "--installed", is_flag=True, help="Compare it with what the installed database has certified too."
)
def check(file: Path, language: str, *, installed: bool) -> None:
    """Print everything that is wrong with a profile, with file and line; exit with 1 if it cannot be used."""
    from app.serve import with_database
    from app.services import frozen, provinces
    from config import load

    problems = provinces.check(file)
    if installed and not any(problem.severity == "error" for problem in problems):
        with with_database(load()) as settings:
            problems += frozen.problems(settings.owner_database_url, file, provinces.load(file))
    for problem in problems:
        click.echo(problem.text(language))
    if any(problem.severity == "error" for problem in problems):
        sys.exit(1)


@province.command()
def schema() -> None:
    """Print the JSON Schema of profiles, for editors that complete and check TOML."""
    import json

    from app.declare.schema import schema

    click.echo(json.dumps(schema(), ensure_ascii=False, indent=2))


@main.group()
def keys() -> None:
    """The keys that seal personal data."""


@keys.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--cipher", type=click.Choice(["aes", "sm4"]), default="aes", show_default=True)
def create(file: Path, cipher: str) -> None:
    """Make a new key file, which only its owner can read. Keep a copy where no copy of the database is."""
    from app.security import keys

    try:
        keys.create(file, cipher=cipher)
    except FileExistsError as error:
        raise click.ClickException(f"{file}: there is one already; it is not overwritten") from error


for command in (console.account, console.explain, console.messages, console.totals):
    main.add_command(command)


def _migrate(settings: "Settings") -> None:
    from app.declare.province import serve
    from app.services import divisions, frozen, installation, provinces

    profile = provinces.load(settings.province)
    serve(profile)
    installation.migrate(settings.owner_database_url, settings.app_role)
    frozen.require(settings.owner_database_url, settings.province, profile)
    divisions.settle(settings.owner_database_url, profile.division)


def _fill(settings: "Settings", persons: int) -> None:
    from app import encrypted
    from app.declare.province import province
    from app.security import keys
    from app.services import demo, shelf
    from app.services.gateways import written

    if not settings.keys.exists():
        keys.create(settings.keys, cipher=settings.cipher)
    encrypted.use(keys.load(settings.keys, cipher=settings.cipher).ring)
    shelf.use(settings.files)
    accounts = demo.load(settings.owner_database_url, persons=persons, site=settings.url)
    for line in demo.lines(accounts, settings.default_locale):
        click.echo(f"  {line}")
    language = settings.default_locale
    say = translator(language)
    asked = [each.label.in_(language) for each in province().user_types if each.second_factor == "required"]
    if asked:
        sentence = say(
            N_("This is a demonstration, which asks nobody for a second factor. An installation asks it of:"
               " %(types)s")
        )  # fmt: skip
        click.echo(f"  {sentence % {'types': ', '.join(asked)}}")
    if not (settings.smtp_host or settings.sms_url):
        sentence = say(N_("What it would send by mail or text message stands in %(path)s"))
        click.echo(f"  {sentence % {'path': settings.state / written.NAME}}")


if __name__ == "__main__":
    main()
