"""The command that serves the pages, with a worker beside them if asked."""

import errno
import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from types import FrameType

import click
from flask import Flask
from waitress.server import BaseWSGIServer, MultiSocketServer, create_server

from consult import beats, clock, logs
from consult.actions.change import Desk
from consult.app import create_app
from consult.cli.deployment import opened, settings
from consult.settings import Settings
from consult.worker import run

LARGEST_REQUEST = 25 * 1024 * 1024  # bytes; the pages that take no files allow less
_WORKER_ENDS_WITHIN = 30.0  # seconds


@click.command()
@click.option("--host", help="The address to listen on, instead of CONSULT_HOST.")
@click.option("--port", type=click.IntRange(1, 65535), help="Instead of CONSULT_PORT.")
@click.option("--worker", is_flag=True, help="Send notices too, in a thread beside the pages.")
def serve(host: str | None, port: int | None, *, worker: bool) -> None:
    """Serve the pages until stopped by Ctrl-C or SIGTERM."""
    logs.set_up(logging.INFO)
    given = {"CONSULT_HOST": host, "CONSULT_PORT": port}
    found = settings({name: str(value) for name, value in given.items() if value})
    signal.signal(signal.SIGTERM, _stop)
    with opened(found) as desk:
        app = create_app(found, clock.now, desk.engine)
        server = _listening(app, found)
        click.echo(f"Consult listens on {found.public_url} (Ctrl-C stops it)")
        with _beating(desk), _working(app, worker=worker):
            server.run()
        server.close()


def _listening(app: Flask, found: Settings) -> MultiSocketServer | BaseWSGIServer:
    """Bind the address, or say in one line what to do.

    Forwarded headers are read by the application, for as many proxies as the settings name.
    """
    try:
        return create_server(
            app,
            host=found.host,
            port=found.port,
            threads=found.threads,
            ident=None,
            max_request_body_size=LARGEST_REQUEST,
            clear_untrusted_proxy_headers=not found.hops,
        )
    except OSError as fault:
        if fault.errno == errno.EADDRINUSE:
            raise click.ClickException(
                f"Port {found.port} is taken. Stop what uses it, or choose another, "
                f"such as: CONSULT_PORT={found.port + 1} make run"
            ) from None
        raise click.ClickException(
            f"Cannot listen on {found.host}:{found.port}: {fault.strerror}"
        ) from None


@contextmanager
def _working(app: Flask, *, worker: bool) -> Iterator[None]:
    """Run the worker beside the pages; it ends after the mail in hand."""
    if not worker:
        yield
        return
    stop = Event()
    thread = Thread(target=run, args=(app, stop), name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_WORKER_ENDS_WITHIN)


@contextmanager
def _beating(desk: Desk) -> Iterator[None]:
    """Write a sign of life each minute while the pages are served."""
    stop, thread = beats.start(desk)
    try:
        yield
    finally:
        stop.set()
        thread.join(_WORKER_ENDS_WITHIN)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
