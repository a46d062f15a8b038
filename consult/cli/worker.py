"""The command that sends what is queued."""

import signal
from threading import Event

import click

from consult import clock, logs
from consult.app import create_app
from consult.cli.deployment import opened, settings
from consult.worker import once as work_once
from consult.worker import run


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now and end: for cron and timers.")
def worker(*, once: bool) -> None:
    """Send the notices that wait and queue those that fall due, until stopped.

    As many workers may run as you like, on as many machines: each notice is sent by one.
    """
    logs.set_up()
    found = settings()
    with opened(found) as desk:
        app = create_app(found, clock.now, desk.engine)
        if once:
            click.echo(f"{work_once(app)} notices handled")
            return
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        run(app, stop)
