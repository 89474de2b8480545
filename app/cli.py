"""The `xueshi` command. Each one reads the settings and calls one function; its imports wait until then."""

import signal
import sys

import click

from app.catalogues import compile_catalogues, translator


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Continuing education for a province."""
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM)
    )  # so that what we started is stopped
    compile_catalogues()


@main.command()
def run() -> None:
    """Serve on this machine: PostgreSQL, web and worker, until Ctrl-C."""
    from app.cluster import ClusterFailed
    from app.serve import NotReady, serve
    from app.supervisor import StartFailed
    from config import BadSetting, load

    try:
        serve(load())
    except (BadSetting, NotReady, ClusterFailed, StartFailed) as error:
        raise click.ClickException(str(error)) from error


@main.command()
def prepare() -> None:
    """Bring the database up to date; in a demonstration fill it and print its accounts."""
    from app.serve import with_database
    from app.services import demo, installation
    from config import load

    with with_database(load()) as settings:
        installation.migrate(settings.owner_database_url, settings.app_role)
        if settings.demo:
            for line in demo.load(settings):
                click.echo(line)


@main.command()
def migrate() -> None:
    """Bring the database up to date, and nothing else."""
    from app.serve import with_database
    from app.services import installation
    from config import load

    with with_database(load()) as settings:
        installation.migrate(settings.owner_database_url, settings.app_role)


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


if __name__ == "__main__":
    main()
