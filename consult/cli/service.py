"""The service as a command uses it: built from the environment, closed at the end."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from consult import clock
from consult.actions.change import Desk
from consult.app import create_app, make_desk
from consult.settings import load


@contextmanager
def opened_app() -> Iterator[Flask]:
    """Give the application of this environment."""
    app = create_app(load(os.environ), clock.now)
    try:
        yield app
    finally:
        app.extensions["consult"].engine.dispose()


@contextmanager
def opened_desk() -> Iterator[Desk]:
    """Give the desk of this environment, without pages."""
    desk = make_desk(load(os.environ), clock.now)
    try:
        yield desk
    finally:
        desk.engine.dispose()
