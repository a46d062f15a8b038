"""The command that names one person, where a whole file would be too much."""

import csv
import io

import click

from consult.actions import people
from consult.actions.given import LANGUAGES
from consult.actions.person_lines import FOCAL_POINT, Line
from consult.cli.deployment import opened


@click.command()
@click.option("--name", required=True)
@click.option("--address", required=True, help="The e-mail address; the invitation goes there.")
@click.option("--role", type=click.Choice([one.value for one in Line]), required=True)
@click.option("--member", default="", help="The code of the member that a focal point acts for.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("--paper", default="command line", help="On what the naming rests: a reference.")
def create_user(name: str, address: str, role: str, member: str, language: str, paper: str) -> None:
    """Name one person and mail the invitation that sets up the account."""
    if (role in FOCAL_POINT) is not bool(member):
        raise click.UsageError("--member goes with --role head or alternate, and with no other")
    sheet = io.StringIO()
    row = {"member": member, "role": role, "name": name, "address": address, "language": language}
    out = csv.DictWriter(sheet, row)
    out.writeheader()
    out.writerow(row)
    with opened() as desk:
        taken = people.import_people(desk, sheet.getvalue(), paper)
    if taken.kept:
        click.echo("That was so already; nothing was changed.")
    else:
        click.echo(f"{name} gets an invitation at {address}; the worker sends it.")
