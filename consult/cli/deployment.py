"""The deployment that a command works on: its settings, its database, its desk."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import click
import sqlalchemy as sa

from consult import clock
from consult.actions.change import Desk
from consult.app import make_desk
from consult.errors import BadInput, Refused
from consult.settings import Settings, load
from consult.tables import make_engine
from consult.tables.migrating import NewerDatabase, at_head, known, revision_of, upgrade
from consult.wording.faults import fault
from consult.wording.refusals import sentence


def settings(instead: Mapping[str, str] | None = None) -> Settings:
    """Return the settings that the environment gives, but those given *instead*.

    Raises:
        SettingsError: With one line for each fault.
    """
    return load({**os.environ, **(instead or {})})


@contextmanager
def opened(found: Settings | None = None) -> Iterator[Desk]:
    """Give the desk of this deployment; its database must have this version's tables.

    What an action refuses is said in English, as a sentence.
    """
    found = found or settings()
    engine = make_engine(found.database)
    try:
        check_database(engine)
        yield make_desk(found, clock.now, engine)
    except BadInput as refused:
        raise BadInput({path: fault(what) for path, what in refused.faults.items()}) from None
    except Refused as refused:
        raise click.ClickException(sentence(refused)) from None
    finally:
        engine.dispose()


def check_database(engine: sa.Engine) -> None:
    """Stop with one line saying what to do unless the database is ready.

    Raises:
        click.ClickException: It cannot be reached, is empty, older, or newer.
    """
    try:
        ready, revision = at_head(engine), revision_of(engine)
    except sa.exc.OperationalError as gone:
        raise click.ClickException(_unreachable(gone)) from None
    if ready:
        return
    if revision is None:
        raise click.ClickException("The database is empty; `consult init` makes its tables.")
    if revision not in known():
        raise click.ClickException(_newer(revision))
    raise click.ClickException("The database is of an earlier version; run `consult upgrade`.")


def migrated(found: Settings) -> str:
    """Bring the database to this version's tables, made if there is none; return where it stands.

    Raises:
        click.ClickException: It is of a later version, or cannot be reached.
    """
    try:
        upgrade(found.database)
    except NewerDatabase as refused:
        raise click.ClickException(_newer(refused.facts["revision"])) from None
    except sa.exc.OperationalError as gone:
        raise click.ClickException(_unreachable(gone)) from None
    engine = make_engine(found.database)
    try:
        return revision_of(engine) or ""
    finally:
        engine.dispose()


def _unreachable(gone: sa.exc.OperationalError) -> str:
    return f"The database cannot be reached: {' '.join(str(gone.orig).split())}"


def _newer(revision: object) -> str:
    return (
        f"The database is of a later version of Consult (migration {revision}); "
        "install that version, or restore a backup that this one made."
    )
