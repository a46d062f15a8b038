"""The command that queues what is due, or says what would be due at an instant."""

from datetime import datetime

import click

from consult.actions import checkpoints, countersigning, due, requests
from consult.cli.deployment import opened
from consult.core.ledger import instant


class _Instant(click.ParamType[datetime]):
    name = "instant"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        try:
            found = datetime.fromisoformat(str(value))
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            self.fail("write an instant with its zone: 2020-07-10T16:00:00+02:00", param, ctx)
        return found


@click.command()
@click.option("--at", type=_Instant(), help="Only say what would be due then; change nothing.")
def tick(at: datetime | None) -> None:
    """Queue the reminders that are due and enter the closings; send nothing.

    With --at prints, as things stand now, what would be due at that instant and to whom: one
    line for each person, with the member and the person's language.
    """
    with opened() as desk:
        if at is None:
            queued = due.queue_due(desk)
            lapsed, signed = requests.lapse(desk), checkpoints.sign_daily(desk)
            click.echo(f"{queued} notices queued, {lapsed} requests lapsed, {signed} heads signed")
            done = countersigning.countersign_published(desk)
            if done.made or done.refused:
                click.echo(f"{done.made} records countersigned")
            for sha256 in done.refused:
                click.echo(f"not countersigned, for it does not hold: {sha256}", err=True)
            return
        found = due.due_at(desk, at)
    for one in found:
        whom = f" {one.member} {one.language} person:{one.person}" if one.member else ""
        click.echo(f"{instant(one.at)} {one.slug} {one.occasion}{whom}")
    if not found:
        click.echo("nothing is due then")
