"""The command that asks for the readmission of replies, from their receipts (T98)."""

from collections.abc import Sequence
from pathlib import Path

import click

from consult.actions.change import Desk
from consult.actions.readmitting import Became, Readmission, readmit
from consult.cli.deployment import opened
from consult.core.addresses import address_key
from consult.core.life import Actor, Role
from consult.core.readmitting import LARGEST
from consult.errors import NotReadmitted
from consult.queries.accounts import people_at
from consult.queries.sessions import actor_of
from consult.tables import reading
from consult.wording.refusals import sentence

_MAY = frozenset({Role.OFFICER, Role.APPROVER})
_REVOKED = (
    " Its key was given up later, since it might be in other hands: compare the receipt with the"
    " mail that acknowledged the reply."
)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "address", "--as", required=True, help="The e-mail address of the officer who asks for it."
)
def import_receipt(files: Sequence[Path], address: str) -> None:
    """Ask that the replies of the receipts in FILES be readmitted: those that the database lost.

    A file is a receipt as it was attached to the acknowledgement (JSON), or that mail (EML).

    Each is checked by itself: that a key of this service signed it while that key was in force,
    that nothing in it was altered, and that its consultation is here. If its reply is missing,
    readmission is asked for in the name of the officer; it happens once an approver, another
    person, confirms it in the browser. The reply then stands with its own time, version and
    words, and counts as it would have counted; after certification the result is certified anew
    where it changes the count. Where another reply took its number meanwhile, both stand, this
    one under the next number; the one received last in time counts.

    Prints what became of each file. Exit status: 0 if every reply is here or asked for, 1 if one
    is refused (a line on standard error says why), 2 if a file cannot be read.
    """
    refused = False
    contents = {file: _content(file) for file in dict.fromkeys(files)}
    with opened() as desk:
        actor = _officer(desk, address)
        for file, raw in contents.items():
            try:
                click.echo(f"{file}: {_said(readmit(desk, actor, raw))}")
            except NotReadmitted as wrong:
                refused = True
                click.echo(f"{file}: refused. {sentence(wrong)}", err=True)
    if refused:
        raise click.exceptions.Exit(1)


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened_:
            return opened_.read(LARGEST + 1)
    except OSError as fault:
        raise click.UsageError(f"{file} cannot be read: {fault.strerror}") from None


def _officer(desk: Desk, address: str) -> Actor:
    """Return the one officer, or approver, with that address."""
    with reading(desk.engine) as session:
        people = people_at(session, address_key(address))
        actors = [actor_of(session, person.id, desk.clock()) for person in people]
    named = [actor for actor in actors if actor.roles & _MAY]
    if not named:
        raise click.UsageError(f"--as {address}: no officer or approver has this address")
    return named[0]


def _said(found: Readmission) -> str:
    about = f"reply of {found.member}, version {found.version}, for {found.reference}"
    if found.became is Became.HERE:
        return f"{about}: here already, entry {found.number}. Nothing was lost."
    if found.became is Became.WAITING:
        return f"{about}: asked for before, request {found.number} waits for a second person."
    said = f"{about}: readmission asked for, request {found.number}. An approver must confirm it."
    if found.kept_as != found.version:
        said += (
            f" Another reply of {found.member} took the number {found.version} meanwhile: both"
            f" stand, this one as version {found.kept_as}; the one received last in time counts."
        )
    return said + (_REVOKED if found.revoked else "")
