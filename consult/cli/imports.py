"""The commands that take in bodies, members, people and consultations from files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from consult.actions import bodies, calendars, importing, members, people
from consult.actions.ics import MOST_EVENTS
from consult.cli.deployment import opened
from consult.core.life import SYSTEM
from consult.errors import BadInput

_LARGEST = 20 * 1024 * 1024
_SAID = {
    "reference-taken": "a consultation has this reference already",
    "reference-shape": "must be letters, digits and . _ - ( ) /, at most 64",
    "number-taken": "another item bears this number",
    "number-shape": "must be at most 16 letters, digits and . _ -",
    "file-not-text": "is not text in UTF-8",
    "calendar-broken": "is not an iCalendar, or is damaged",
    "calendar-large": f"are more than {MOST_EVENTS}",
    "day-missing": "is missing",
    "day-twice": "is there twice",
    "day-unreadable": "must be a day, such as 20200622, or an instant",
    "day-before": "must not be before DTSTART",
}
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
def import_body(file: Path) -> None:
    """Make the body that FILE (YAML) describes, or bring it up to date."""
    with _faults_of(file):
        text = _text(file)
        with opened() as desk:
            slug = bodies.import_body(desk, text)
    click.echo(f"Body {slug} is there. Next: consult import-members CSV --body {slug}")


@click.command()
@click.argument("csv", type=_FILE)
@click.option("--body", required=True, help="The body in which the members have a seat.")
def import_members(csv: Path, body: str) -> None:
    """Take in the members of a body from CSV: code, name_en, name_fr, and optional columns.

    Optional: region, groups, weight_*, zone, capital_*, from, to, vote_from, vote_to,
    no_vote_under.
    """
    with _faults_of(csv):
        text = _text(csv)
        with opened() as desk:
            taken = members.import_members(desk, text, body)
    click.echo(f"{taken.made} seats made, {taken.kept} were there and are up to date.")


@click.command()
@click.argument("csv", type=_FILE)
@click.option("--dry-run", is_flag=True, help="Say what would be done; do nothing.")
def import_people(csv: Path, *, dry_run: bool) -> None:
    """Take in people from CSV: member, role, name, address, language, telephone, body.

    Roles: head and alternate of a member; observer of a body; officer, approver, auditor and
    administrator without one. Who is new is mailed a link to set up the account.
    """
    with _faults_of(csv):
        text = _text(csv)
        with opened() as desk:
            taken = people.import_people(desk, text, csv.name, dry_run=dry_run)
    click.echo(
        f"{taken.people} new people, {taken.focal_points} focal points named, "
        f"{taken.roles} roles given, {taken.kept} lines were so already."
        + (" Nothing was changed." if dry_run else "")
    )


@click.command()
@click.argument("file", type=_FILE)
@click.option("--rehearsal", is_flag=True, help="It counts for nothing; this cannot be undone.")
def import_consultation(file: Path, *, rehearsal: bool) -> None:
    """Begin a draft with the consultation in FILE (YAML).

    It is a rehearsal if the file says `rehearsal: true`, or with --rehearsal.
    """
    with _faults_of(file):
        text = _text(file)
        with opened() as desk:
            slug = importing.import_consultation(desk, SYSTEM, text, rehearsal=rehearsal)
    click.echo(f"Draft {slug} is there; an officer finishes it in the browser.")


@click.command()
@click.argument("file", type=_FILE)
@click.option("--id", "slug", help="How the calendar is called; else as the file says.")
@click.option("--dry-run", is_flag=True, help="Say what would be done; do nothing.")
def import_calendar(file: Path, slug: str | None, *, dry_run: bool) -> None:
    """Take in days to avoid from FILE: iCalendar (.ics), or YAML with a list of events.

    An event that repeats every so many days, weeks, months or years is taken in from the year
    before to five years ahead. Of one that repeats otherwise, which is named, the first time is.
    """
    with _faults_of(file):
        data = _bytes(file)
        with opened() as desk:
            loaded = calendars.import_calendar(desk, SYSTEM, data, file.name, slug, dry_run=dry_run)
    done = " Nothing was changed." if dry_run else ""
    click.echo(f"Calendar {loaded.slug}: {loaded.events} entries.{done}")
    for title in loaded.once:
        click.echo(f"Only the first time is taken in of what repeats: {title}", err=True)


def _text(file: Path) -> str:
    try:
        return _bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise BadInput({"file": f"is not text in UTF-8 at byte {fault.start}"}) from None


def _bytes(file: Path) -> bytes:
    """Read a file that is not too large, whatever it says of its own size."""
    try:
        with file.open("rb") as given:
            data = given.read(_LARGEST + 1)
    except (OSError, ValueError) as fault:
        what = getattr(fault, "strerror", None) or "its name is none"
        raise BadInput({"file": f"cannot be read: {what}"}) from None
    if len(data) > _LARGEST:
        raise BadInput({"file": f"is larger than {_LARGEST // 1024**2} MB"})
    return data


@contextmanager
def _faults_of(file: Path) -> Iterator[None]:
    """Name the file before each path."""
    try:
        yield
    except BadInput as refused:
        raise BadInput(
            {
                str(file) if path == "file" else f"{file}: {path}": _SAID.get(what, what)
                for path, what in refused.faults.items()
            }
        ) from None
