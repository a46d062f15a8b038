"""The command that erases personal data whose time is over."""

import click

from consult.actions.forgetting import forget as erase
from consult.cli.deployment import opened, settings


@click.command()
def forget() -> None:
    """Erase names, sign-in times and sessions that need not be kept any more.

    The worker does so once a day; this does it now. Ledgers and records stay as they are and
    still hold: they name people by a number without meaning.
    """
    found = settings()
    with opened(found) as desk:
        gone = erase(desk, found.keep_people)
    click.echo(f"Erased: {gone.people} people, {gone.texts} texts, {gone.sessions} sessions.")
