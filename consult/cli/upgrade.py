"""The command that brings the database to this version: backed up before, checked after."""

from datetime import datetime
from pathlib import Path

import click
import sqlalchemy as sa

from consult import clock
from consult.cli.archive import copy_sqlite
from consult.cli.deployment import migrated, settings
from consult.queries.deadlines import near
from consult.tables import make_engine
from consult.tables.migrating import at_head, revision_of


@click.command()
@click.option("--anyway", is_flag=True, help="Also within a day of a deadline.")
def upgrade(*, anyway: bool) -> None:
    """Bring the database to this version's tables.

    A SQLite file is copied first, and the copy is named; PostgreSQL is backed up by its own
    tools. Within a day of a deadline it is refused: stop nothing while states reply.
    """
    found = settings()
    engine = make_engine(found.database)
    try:
        before = revision_of(engine)
        if before is not None:
            if at_head(engine):
                click.echo(f"The database is up to date (migration {before}).")
                return
            _refuse_near_deadlines(engine, clock.now(), anyway=anyway)
            _back_up(engine, before)
    finally:
        engine.dispose()
    click.echo(f"The database is up to date (migration {migrated(found)}).")


def _refuse_near_deadlines(engine: sa.Engine, now: datetime, *, anyway: bool) -> None:
    letters = near(engine, now)
    if letters and not anyway:
        listed = ", ".join(f"{reference} ({at:%Y-%m-%d %H:%M} UTC)" for reference, at in letters)
        raise click.ClickException(f"Within a day of a deadline: {listed}. Wait, or say --anyway.")


def _back_up(engine: sa.Engine, revision: str) -> None:
    """Copy a SQLite database, with all that its log holds, and check the copy."""
    if engine.dialect.name != "sqlite":
        click.echo("PostgreSQL: make sure that you have a backup (pg_dump).", err=True)
        return
    source = Path(str(engine.url.database))
    target = source.with_name(f"{source.stem}-before-{revision}-{clock.now():%Y%m%dT%H%M%SZ}.db")
    copy_sqlite(source, target)
    click.echo(f"Backed up to {target}")
