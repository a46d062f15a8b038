"""The command that makes a database and invites its first administrator."""

import click

from consult.actions.given import LANGUAGES
from consult.actions.people import first_administrator
from consult.cli.deployment import migrated, opened, settings


@click.command()
@click.option("--name", prompt="Name of the first administrator")
@click.option("--address", prompt="E-mail address")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
def init(name: str, address: str, language: str) -> None:
    """Make the database and its first administrator.

    Prints the link that sets up the account: it works once, for seven days.
    """
    found = settings()
    migrated(found)
    with opened(found) as desk:
        token = first_administrator(desk, name, address, language)
    if token is None:
        raise click.ClickException("There is an administrator already; nothing was changed.")
    click.echo(f"{name} sets up the account at:\n{found.public_url}/{language}/invitations/{token}")
