"""The command for the keys with which the service signs."""

import click
from sqlalchemy import select

from consult.actions import rotating
from consult.actions.change import Desk
from consult.cli.deployment import opened, settings
from consult.core.signing import PLANNED, fingerprint_of
from consult.queries.keys import key_file
from consult.queries.sessions import actor_of
from consult.tables import Person, reading


@click.group()
def keys() -> None:
    """Show, make and change the keys with which the service signs.

    The private keys lie in the folder CONSULT_KEYS, one file each, outside the database and its
    backups. Keep a copy of them where only few can reach it: without the old key no new one can
    be stated.
    """


@keys.command("list")
def show() -> None:
    """List the keys, the newest last, and check their files.

    Exit status: 1 if the file of the key in force is missing, can be read by others, or holds
    another key.
    """
    with opened() as desk:
        listed = key_file(desk.engine)["keys"]
        for key in listed:
            end = f"until {key['valid_to']}" if key["valid_to"] else "in force"
            revoked = f", revoked from {key['revoked_at']}" if key["revoked_at"] else ""
            click.echo(
                f"{key['kid']} since {key['valid_from']} {end}{revoked}\n"
                f"  fingerprint {fingerprint_of(key['public_key'])}"
            )
        if not listed:
            click.echo("There is no key; `consult keys new` makes one.")
        known = {key["kid"] for key in listed}
        for kid in desk.keys.kids():
            if kid not in known:
                click.echo(f"{kid} waits in {desk.keys.path(kid)}; not in force")
        _check(desk, listed[-1]["kid"] if listed else None)


@keys.command()
def new() -> None:
    """Make a key. The first one comes into force at once; a later one must be asked for."""
    with opened() as desk:
        kid = rotating.begin(desk)
        if kid is not None:
            click.echo(f"The service signs with the key {kid} ({desk.keys.path(kid)}).")
            click.echo(f"fingerprint {fingerprint_of(desk.keys.signer(kid).public_key)}")
            return
        made = desk.keys.make()
        click.echo(f"The key {made.kid} lies in {desk.keys.path(made.kid)}; it is not in force.")
        click.echo(f"Ask for the change at {settings().public_url}/en/keys/change, or with")
        click.echo(f"consult keys rotate {made.kid} --by ADDRESS")


@keys.command()
@click.argument("kid")
@click.option("--by", "address", required=True, help="Your address, as officer or administrator.")
def rotate(kid: str, address: str) -> None:
    """Ask that KID takes the place of the key in force; another person must confirm it.

    A key that may be in other hands is changed on the page, where one says since when.
    """
    with opened() as desk:
        with reading(desk.engine) as session:
            person = session.scalar(
                select(Person.id).where(Person.address_key == address.casefold())
            )
            if person is None:
                raise click.ClickException(f"Nobody has the address {address}.")
            actor = actor_of(session, person, desk.clock())
        rotating.ask(desk, actor, kid, PLANNED)
    click.echo(f"Asked for. Another person confirms it at {settings().public_url}/en/keys/change")


def _check(desk: Desk, kid: str | None) -> None:
    faults = desk.keys.faults(kid)
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise click.exceptions.Exit(1)
