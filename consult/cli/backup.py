"""The commands that save a deployment to one archive, and make one from it again (T98)."""

from collections.abc import Sequence
from pathlib import Path

import click
import sqlalchemy as sa

from consult import clock
from consult.cli import archive, archive_reading
from consult.cli.deployment import check_database, migrated, settings
from consult.cli.verify import database_holds
from consult.settings import Settings
from consult.tables import make_engine
from consult.tables.migrating import known, revision_of

_SECRETS = (
    "Not in it, to be kept elsewhere: CONSULT_SECRET_KEY, the private signing key, the passwords of"
    " database and mail."
)
_LOST_SINCE = (
    "What came after {made_at} is not in the backup. Replies that were acknowledged since are"
    " readmitted from the receipts that the members hold: consult import-receipt FILE…"
    " --as ADDRESS (of an officer)."
)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Save the database and all files to FILE, while the service runs; check what was written.

    It leaves out the secrets, and says which.
    """
    found = settings()
    if file.exists():
        raise click.ClickException(f"{file} exists; a backup never takes the place of another.")
    engine = make_engine(found.database)
    try:
        check_database(engine)
        revision = revision_of(engine) or ""
    finally:
        engine.dispose()
    url = sa.make_url(found.database)
    made = archive.write(file.absolute(), url, revision, found.files, clock.now())
    click.echo(f"Saved and checked: {file} ({len(made.parts) - 1} files, made at {made.made_at}).")
    click.echo(_SECRETS)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "mail",
    "--heads-from",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="Mail that left the service, a file or a folder: its heads and receipts are looked up.",
)
def restore(file: Path, mail: Sequence[Path]) -> None:
    """Make the deployment anew from FILE: the database must be empty, or not there.

    Then everything is verified. What mail (--heads-from) proves to have been there and is not any
    more is listed: ask the members for their receipts and give them to `consult import-receipt`.
    """
    found = settings()
    made = archive_reading.check(file)
    url = sa.make_url(found.database)
    if made.kind != url.get_backend_name():
        raise click.ClickException(
            f"The backup is of {made.kind}; CONSULT_DATABASE_URL names {url.get_backend_name()}."
        )
    if made.revision not in known():
        raise click.ClickException(
            f"The backup is of a later version of Consult (migration {made.revision})."
        )
    _refuse_occupied(found)
    archive.unpack(file, made, url, found.files)
    migrated(found)
    click.echo(f"Restored what was saved at {made.made_at}.")
    engine = make_engine(found.database)
    try:
        holds = database_holds(engine, mail)
    finally:
        engine.dispose()
    if holds:
        click.echo("Everything holds.")
    click.echo(_LOST_SINCE.format(made_at=made.made_at))
    if not holds:
        raise click.exceptions.Exit(1)


def _refuse_occupied(found: Settings) -> None:
    url = sa.make_url(found.database)
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).exists():
        return
    engine = make_engine(found.database)
    try:
        tables = sa.inspect(engine).get_table_names()
    except sa.exc.OperationalError as gone:
        said = " ".join(str(gone.orig).split())
        raise click.ClickException(f"The database cannot be reached: {said}") from None
    finally:
        engine.dispose()
    if tables:
        raise click.ClickException(
            "The database is not empty. Restore into an empty one, then point"
            " CONSULT_DATABASE_URL to it."
        )
