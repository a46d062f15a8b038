"""Signs of life of a process that serves pages: from a thread of its own, never from a page."""

import logging
import os
from threading import Event, Thread

from consult.actions.beating import EVERY, beat
from consult.actions.change import Desk

log = logging.getLogger("consult.beats")


def start(desk: Desk) -> tuple[Event, Thread]:
    """Write a sign of life each minute until the event is set; return it, and the thread."""
    stop = Event()

    def beats() -> None:
        while not stop.is_set():
            try:
                beat(desk)
            except Exception:
                log.exception("no sign of life written")
            stop.wait(EVERY.total_seconds())

    thread = Thread(target=beats, name="signs of life", daemon=True)
    thread.start()
    return stop, thread


def start_in_each_process(desk: Desk) -> None:
    """Do so here and in every process that a server forks from this one: threads stay behind."""
    start(desk)
    os.register_at_fork(after_in_child=lambda: _anew(desk))


def _anew(desk: Desk) -> None:
    desk.engine.dispose(close=False)  # the connections are the parent's
    start(desk)
