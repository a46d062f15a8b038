"""The command that loads the demonstration: letters of 2020, and people one may be."""

from datetime import UTC, datetime

import click
from sqlalchemy import select

from consult.actions import drafting, passwords
from consult.actions.accounts import DEMO_DOMAIN
from consult.actions.change import Desk
from consult.actions.importing import content_from_data
from consult.cli.demo import chairs, comments, council, dates, people, replay, silence
from consult.cli.deployment import migrated, opened, settings
from consult.queries.accounts import demo_people
from consult.tables import Body, Consultation, Person, reading

_FOUNDED = datetime(2020, 6, 1, 8, tzinfo=UTC)
_LAST = "C20-CC/3"
_SOMETHING_ELSE = (
    "The database is not empty, and the demonstration is not in it as a whole. If nothing in it "
    "is needed, remove the instance folder (rm -r instance) and start again."
)


@click.command()
@click.option("--if-empty", is_flag=True, help="Do nothing if the database holds something else.")
def demo(*, if_empty: bool) -> None:
    """Load the consultations of 2020 and the people of the demonstration, once."""
    found = settings()
    if found.production:
        raise click.ClickException("The demonstration is not for production (CONSULT_ENV).")
    migrated(found)
    with opened(found) as desk:
        if not loaded(desk):
            if if_empty and _is_in_use(desk):
                return
            if not _is_empty(desk):
                raise click.ClickException(_SOMETHING_ELSE)
            click.echo("Loading the demonstration: some seconds.")
            load(desk)
        _say(desk, found.public_url)


def loaded(desk: Desk) -> bool:
    """Say whether the demonstration is there, as a whole."""
    with reading(desk.engine) as session:
        last = session.scalar(select(Consultation.id).where(Consultation.reference == _LAST))
        return last is not None


def _is_empty(desk: Desk) -> bool:
    with reading(desk.engine) as session:
        body = session.scalar(select(Body.id).limit(1))
        return body is None and session.scalar(select(Person.id).limit(1)) is None


def _is_in_use(desk: Desk) -> bool:
    """Say whether there are people, and none of the demonstration's."""
    people_here = demo_people(desk.engine, DEMO_DOMAIN, desk.clock(), "en")
    return not people_here and not _is_empty(desk)


def load(desk: Desk) -> None:
    """Load everything through the actions, under the dates at which it happened."""
    founding = replay.begin(desk, _FOUNDED)
    council.load(founding.desk)
    people.load(founding.desk)
    cast = people.cast(founding.desk)
    comments.replay(desk, cast)
    dates.replay(desk, cast)
    silence.replay(desk, cast)
    chairs.replay(desk, cast)  # last: it leaves mails for the visitor to read
    content = content_from_data(council.read("demo/virtual-sessions.yaml"))
    remarks = content.pop("remarks")
    drafting.create(desk, cast.officer, council.BODY, content, remarks)


def _say(desk: Desk, address: str) -> None:
    """Print where to go and who one may be."""
    click.echo(f"\nConsult: {address}\n\nSign in as one of these; the mail with the link is at")
    click.echo(f"{address}/en/mail (no mail leaves this machine)\n")
    for person in demo_people(desk.engine, DEMO_DOMAIN, desk.clock(), "en"):
        click.echo(f"  {person.address:38} {person.name}")
    click.echo(f"\nPassword of the secretariat's people: {passwords.DEMO}\n")
