"""The command that sends what is queued."""

import signal
from threading import Event

import click

from consult import logs, worker
from consult.cli.service import opened_app


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due now and end: for cron and timers.")
def work(*, once: bool) -> None:
    """Send the notices that wait and queue those that fall due, until stopped.

    As many workers may run as you like, on as many machines: each notice is sent by one.
    """
    logs.set_up()
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with opened_app() as app:
        if once:
            click.echo(f"{worker.once(app)} notices handled")
        else:
            worker.run(app, stop)
