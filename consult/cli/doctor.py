"""The command that looks whether a deployment can be trusted with a decision, and what to do."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import click
import sqlalchemy as sa

from consult import clock
from consult.actions.accounts import DEMO_DOMAIN
from consult.actions.counters import InDatabase
from consult.actions.redis_counters import InRedis
from consult.actions.scanning import refuse_infected
from consult.cli import machine
from consult.cli.deployment import settings
from consult.errors import BadInput, Unavailable, Unscanned
from consult.keys import Keyring
from consult.queries import doctor as ask
from consult.queries.countersigned import uncountersigned
from consult.queries.health import MOST_APART, Health, health
from consult.queries.keys import key_file, signing_fault
from consult.queries.signed import verify_keys
from consult.queries.verifying import verify_database
from consult.settings import LOOPBACK, Settings
from consult.tables import make_engine

_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "fuse.sshfs"})
_LEAST_DISTINCT = 12  # different characters in a secret that was drawn at random
_LEAST_FREE = 500  # MiB
_OTHERS = 0o077  # what a folder of ours must not give to others


class Found(NamedTuple):
    """One thing that was looked at.

    Args:
        state: ``ok``, ``look`` (it works, and somebody should look) or ``bad``.
        what: What was found, and where it is bad what to do.
    """

    state: str
    what: str


@click.command()
@click.option("--quick", is_flag=True, help="Leave out the check of every ledger.")
def doctor(*, quick: bool) -> None:
    """Check settings, database, migrations, clock, files, keys, mail and ledgers; say what to do.

    Ends with 1 if anything is bad. What merely wants a look is said and does not count.
    """
    bad = False
    for found in examine(settings(), quick=quick):
        click.echo(f"{found.state:4}  {found.what}")
        bad |= found.state == "bad"
    if bad:
        raise click.exceptions.Exit(1)


def examine(found: Settings, *, quick: bool = False) -> Iterator[Found]:
    """Yield what was found, one thing after the other."""
    yield from _of_settings(found)
    yield from _of_folder(found)
    yield from _of_scanner(found)
    engine = make_engine(found.database)
    try:
        try:
            state = health(engine, clock.now())
        except Unavailable as gone:
            said = " ".join(str(gone.__cause__ or "").split())[:200]
            yield Found("bad", f"The database cannot be reached: {said}. See CONSULT_DATABASE_URL.")
            return
        yield from _of_database(engine, state)
        if not state.at_head:
            return
        yield from _of_people(engine, found)
        yield from _of_keys(engine, found)
        yield from _of_mail(engine, state)
        yield from _of_service(engine, found)
        yield from _of_limits(engine, found)
        if not quick:
            yield from _of_kept(engine, found)
            yield from _of_ledgers(engine)
    finally:
        engine.dispose()


def _of_settings(found: Settings) -> Iterator[Found]:
    profile = "production" if found.production else "the demo (loopback only)"
    yield Found("ok", f"The settings can be read; the profile is {profile}.")
    secrets = [found.secret, *found.secret_fallbacks] if found.secret else []
    if any(len(set(secret)) < _LEAST_DISTINCT for secret in secrets):
        yield Found("bad", "CONSULT_SECRET_KEY, or a former one, was not drawn at random.")
    if found.mail == "smtp" and found.mail_tls == "none" and found.mail_server not in LOOPBACK:
        yield Found("bad", "CONSULT_MAIL_TLS is none: mail would leave this machine in the open.")
    if found.production and found.mail != "smtp":
        yield Found("bad", "CONSULT_MAIL captures all mail in a folder: nobody is told anything.")


def _of_limits(engine: sa.Engine, found: Settings) -> Iterator[Found]:
    """Look whether Redis can be reached, where one is named."""
    if not found.redis:
        return
    try:
        counters = InRedis(found.redis, instead=InDatabase(engine))
    except (ImportError, ValueError):
        yield Found("bad", "CONSULT_REDIS_URL cannot be used: is consult[redis] installed?")
        return
    if counters.answers():
        yield Found("ok", "Redis answers: it counts how often somebody asks.")
    else:
        yield Found("bad", "Redis does not answer: limits are counted in the database meanwhile.")


def _of_folder(found: Settings) -> Iterator[Found]:
    folder = found.instance
    if not folder.is_dir():
        yield Found("look", f"{folder} is not there yet; the service makes it.")
        return
    if found.production and folder.stat().st_mode & _OTHERS:
        yield Found("bad", f"Others may look into {folder}: chmod 700 it.")
    secret = folder / "secret"
    if secret.exists() and secret.stat().st_mode & _OTHERS:
        yield Found("bad", f"Others may read {secret}: chmod 600 it.")
    free = shutil.disk_usage(folder).free // 1024**2
    yield Found("ok" if free >= _LEAST_FREE else "bad", f"Room left in {folder}: {free} MiB.")
    url = sa.make_url(found.database)
    if url.get_backend_name() == "sqlite":
        kind = machine.file_system(Path(str(url.database)).absolute())
        if kind in _NETWORK:
            yield Found("bad", f"The SQLite file lies on {kind}: locks do not hold there (T62).")


def _of_scanner(found: Settings) -> Iterator[Found]:
    """Let the scanner look at a line of text: a program that is there may still not work (T93)."""
    if not found.scanner:
        return
    try:
        refuse_infected(found.scanner, found.scanner_seconds, b"Nothing but words.\n")
    except (BadInput, Unscanned) as wrong:
        said = wrong.facts.get("why", "it refuses a line of plain text")
        yield Found("bad", f"No file can be kept: CONSULT_SCANNER, {found.scanner[0]}: {said}.")
        return
    yield Found("ok", f"Files are looked through by {found.scanner[0]} before they are kept.")


def _of_database(engine: sa.Engine, state: Health) -> Iterator[Found]:
    if not state.at_head:
        yield Found("bad", "The database has not this version's tables: run `consult upgrade`.")
    else:
        yield Found("ok", "The database answers and has this version's tables.")
    lost = ask.lost_durability(engine)
    for name in lost:
        yield Found("bad", f"{name} is off: what was acknowledged could be lost (T62, T63).")
    if not lost:
        yield Found("ok", "What is acknowledged is on disk.")
    apart = f"The database's clock is {state.apart:+.3f} s from ours"
    yield Found("ok" if state.one_time else "bad", f"{apart}; at most {MOST_APART} s is right.")
    synchronised = machine.synchronised()
    if synchronised is None:
        yield Found("look", "Whether this machine's clock is synchronised cannot be told.")
    elif synchronised:
        yield Found("ok", "This machine's clock is synchronised.")
    else:
        yield Found("bad", "This machine's clock is not synchronised: set up NTP (T72).")


def _of_people(engine: sa.Engine, found: Settings) -> Iterator[Found]:
    for role in ask.lacking_roles(engine):
        yield Found("look", f"Nobody is {role.value}: `consult create-user` names one.")
    if found.production and (people := ask.demo_people(engine, DEMO_DOMAIN)):
        yield Found("bad", f"{people} people of the demonstration are in a production database.")


def _of_keys(engine: sa.Engine, found: Settings) -> Iterator[Found]:
    """Look whether the service can sign, with the key that it names, and nobody else can (T52)."""
    keys = Keyring(found.keys, makes_own=not found.production)
    yield from _of_their_folder(found)
    listed = key_file(engine)["keys"]
    for wrong in verify_keys(engine).faults:
        yield Found("bad", f"The list of keys does not hold: {wrong}")
    if fault := signing_fault(engine, keys):
        yield Found("bad", f"The service cannot sign: {fault}.")
    elif listed:
        yield Found("ok", f"The service signs with the key {listed[-1]['kid']}, in force.")
    else:
        yield Found("look", "There is no key yet; the demo makes one with its first letter.")
    yield from _of_other_keys(keys, {key["kid"]: key for key in listed})
    for reference in uncountersigned(engine):
        yield Found(
            "bad",
            f"The record of {reference} was signed with a key that was lost, and does not hold by "
            "today's list of keys: nothing was countersigned. `consult verify` says why.",
        )


def _of_other_keys(keys: Keyring, listed: dict[str, dict[str, Any]]) -> Iterator[Found]:
    """Look at the files of keys that are not in force."""
    in_force = next(reversed(listed), None)
    for kid in keys.kids():
        if kid == in_force:
            continue
        if fault := keys.fault(kid):
            yield Found("bad", f"{fault}.")
        elif kid not in listed:
            yield Found("look", f"The key {kid} is not in force: ask for it, or destroy it.")
        elif listed[kid]["revoked_at"]:
            yield Found("look", f"{keys.path(kid)} is of a key that was revoked: destroy it.")


def _of_their_folder(found: Settings) -> Iterator[Found]:
    """Look whether the private keys lie where no copy of database or files takes them along."""
    folder = found.keys
    if not folder.is_dir():
        return  # then the key in force is missing, and that is told
    if folder.stat().st_mode & _OTHERS:
        yield Found("bad" if found.production else "look", f"Others may look into {folder}.")
    url = sa.make_url(found.database)
    beside = {found.files: "the files of letters", found.instance: "the instance folder"}
    if url.get_backend_name() == "sqlite":
        beside[Path(str(url.database)).absolute().parent] = "the folder of the database"
    repository = next((up for up in folder.parents if (up / ".git").exists()), None)
    if repository is not None:
        beside[repository] = "a repository"
    for place, what in beside.items():
        if folder.is_relative_to(place):
            yield Found(
                "bad" if found.production else "look",
                f"The private keys lie in {what} ({place}), so a copy of it takes them along: "
                "move them and name their folder in CONSULT_KEYS.",
            )
            return


def _of_mail(engine: sa.Engine, state: Health) -> Iterator[Found]:
    if not state.outbox_moves:
        yield Found(
            "bad",
            f"Mail waits since {state.outbox_age // 60} minutes: is `consult worker` running, and "
            "does the mail server answer (`consult mail-test`)?",
        )
    if failed := ask.failed_notices(engine):
        yield Found("look", f"{failed} notices of open letters did not arrive: see their boards.")


def _of_service(engine: sa.Engine, found: Settings) -> Iterator[Found]:
    now = clock.now()
    for reference in ask.overdue(engine, now):
        yield Found("bad", f"{reference} is past its deadline and nothing closed it: run a worker.")
    if not ask.beats_lately(engine, now):
        yield Found("look", "The service left no sign of life in the last five minutes.")
    missing = ask.missing_files(engine, found.files)
    for digest in missing[:5]:
        yield Found("bad", f"The file {digest} is named and not on disk: restore it from a backup.")
    if not missing:
        yield Found("ok", "Every file that letters name is on disk.")
    members = ask.largest_roll(engine)
    if engine.dialect.name == "sqlite" and members > ask.SQLITE_MEMBERS:
        yield Found("look", f"A roll has {members} members: PostgreSQL carries that better.")


def _of_kept(engine: sa.Engine, found: Settings) -> Iterator[Found]:
    """Look whether what is kept for ever is as it was kept, and would be kept from changes."""
    for table in ask.unguarded(engine):
        yield Found(
            "bad", f"Nothing keeps the table {table} from being changed: its trigger lacks."
        )
    for table in ask.orphans(engine):
        yield Found("bad", f"The table {table} has rows of a letter that is not there.")
    for digest in ask.changed_files(engine, found.files)[:5]:
        yield Found("bad", f"The file {digest} is not what was kept: restore it from a backup.")


def _of_ledgers(engine: sa.Engine) -> Iterator[Found]:
    checked = faults = 0
    for reference, findings in verify_database(engine):
        checked += 1
        for fault in findings.faults[:3]:
            faults += 1
            yield Found("bad", f"Ledger {reference}: {fault}")
    if not faults:
        yield Found("ok", f"Every ledger holds ({checked}).")
