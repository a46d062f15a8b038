"""Sends what is queued, queues what is due; knows no pages."""

import logging
import secrets
import smtplib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from threading import Event

from flask import Flask

from consult.actions import (
    beating,
    checkpoints,
    countersigning,
    due,
    forgetting,
    requests,
    sending,
)
from consult.actions.change import Desk
from consult.documents.letter import letter_of
from consult.documents.letter_pdf import letter_pdf
from consult.mail.message import Letter, Line, Transport, letter, open_transport
from consult.mail.render import Site, encloses_letter, render, sender
from consult.queries.enclosing import letter_source
from consult.queries.outgoing import Outgoing
from consult.settings import Settings

log = logging.getLogger("consult.worker")

IDLE = 2.0  # seconds
_PERMANENT = 500
_LETTERS_KEPT = 12

Letters = Callable[[Outgoing], bytes | None]


@dataclass(frozen=True, slots=True)
class Worker:
    """One worker of one process.

    Args:
        name: Its own for ever: process numbers repeat in containers.
        letters: Makes the letter that an invitation encloses.
        stop: Set, it ends after the mail in hand.
        keep_people: Years after the last mandate for which names are kept.
        forgotten: The day on which it last erased what need not be kept any more.
    """

    app: Flask
    desk: Desk
    site: Site
    transport: Transport
    name: str
    letters: Letters
    stop: Event
    keep_people: int = 5
    forgotten: list[date] = field(default_factory=list)

    def run(self) -> None:
        """Work until told to stop; a database that is away is asked again."""
        while not self.stop.is_set():
            handled = 0
            try:
                handled = self.tick()
            except Exception:
                log.exception("worker failed")
            if not handled:
                self.stop.wait(IDLE)

    def tick(self) -> int:
        """Do all that is due now and send all that waits; return how many notices were taken."""
        handled = 0
        with self.app.app_context():
            beating.beat(self.desk)
            due.queue_due(self.desk)
            requests.lapse(self.desk)
            self._forget()
            checkpoints.sign_daily(self.desk)
            while not self.stop.is_set() and (batch := sending.claim(self.desk, self.name)):
                self._send(batch)
                handled += len(batch)
            self._countersign()
        return handled

    def _countersign(self) -> None:
        """Stand for what a lost key had signed, after the mail: it may take a while."""
        for sha256 in countersigning.countersign_published(self.desk).refused:
            log.error("record not countersigned, it does not hold", extra={"record": sha256})

    def _forget(self) -> None:
        """Erase once a day what need not be kept any more."""
        today = self.desk.clock().date()
        if today not in self.forgotten:
            forgetting.forget(self.desk, self.keep_people)
            self.forgotten[:] = [today]

    def _send(self, batch: list[int]) -> None:
        """Send a batch over one line; a line that breaks is opened anew for the rest."""
        waiting = list(batch)
        while waiting and not self.stop.is_set():
            before = len(waiting)
            try:
                with self.transport.connect() as line:
                    while waiting and not self.stop.is_set():
                        self._one(line, waiting.pop(0))
            except OSError as broken:
                if len(waiting) == before:
                    log.warning("mail server not reached", extra={"code": _code(broken)})
                    sending.defer(self.desk, self.name, waiting, _cause(broken), untried=True)
                    return
        sending.release(self.desk, self.name, waiting)

    def _one(self, line: Line, notice: int) -> None:
        """Send one notice and write down what became of it.

        Raises:
            OSError: The line is broken; the notice is deferred.
        """
        found = sending.take(self.desk, self.name, notice)
        message = self._made(found) if found is not None else None
        if found is None or message is None:
            return
        try:
            line.send(message)
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as refused:
            self._refused(found, refused)
            return
        except OSError as broken:  # what smtplib raises is one, too
            sending.defer(self.desk, self.name, [notice], _cause(broken))
            raise
        sending.mark_sent(self.desk, self.name, notice)
        log.info("notice sent", extra=_said(found))

    def _made(self, found: Outgoing) -> Letter | None:
        """Write the message; one that cannot be written must not hold up all others."""
        try:
            enclosed = self.letters(found) if encloses_letter(found) else None
            message = letter(
                render(found, self.site, enclosed),
                sender(found, self.site),
                (found.name, found.address),
                key=found.uuid,
                at=found.queued_at,
            )
            message.as_bytes()
        except Exception:
            log.exception("notice not made", extra=_said(found))
            sending.defer(self.desk, self.name, [found.id], "defect")
            return None
        return message

    def _refused(self, found: Outgoing, refused: Exception) -> None:
        code = _code(refused)
        log.warning("notice refused", extra={**_said(found), "code": code})
        if code >= _PERMANENT and not isinstance(refused, smtplib.SMTPSenderRefused):
            sending.fail(self.desk, self.name, found.id, _cause(refused))
        else:
            sending.defer(self.desk, self.name, [found.id], _cause(refused))


def hire(app: Flask, stop: Event, letters: Letters | None = None) -> Worker:
    """Return a worker of *app* with its mail wired; once in a process."""
    settings: Settings = app.extensions["consult_settings"]
    desk: Desk = app.extensions["consult"]
    return Worker(
        app=app,
        desk=desk,
        site=Site(settings.public_url, settings.mail_sender, desk.secret),
        transport=open_transport(app, settings),
        name=secrets.token_hex(16),
        letters=letters or _letters(desk),
        stop=stop,
        keep_people=settings.keep_people,
    )


def run(app: Flask, stop: Event) -> None:
    """Work for *app* until *stop* is set."""
    hire(app, stop).run()


def once(app: Flask) -> int:
    """Do all that is due now, for those who have timers of their own; return how much it was."""
    return hire(app, Event()).tick()


def _letters(desk: Desk) -> Letters:
    """Print a letter once for all who get it in one language, not once for each of them."""

    @lru_cache(maxsize=_LETTERS_KEPT)
    def printed(consultation: int, language: str, _as_it_stood: str) -> bytes:
        return letter_pdf(letter_of(letter_source(desk.engine, consultation), language))

    def enclosed(found: Outgoing) -> bytes | None:
        if found.consultation_id is None:
            return None
        stood = f"{found.data['revision']} {found.data['closes_at']}"
        return printed(found.consultation_id, found.language, stood)

    return enclosed


def _said(found: Outgoing) -> dict[str, object]:
    return {
        "notice": found.uuid,
        "kind": found.kind.value,
        "consultation": found.data.get("slug"),
        "member": found.member,
    }


def _answer(broken: Exception) -> tuple[int, bytes | str]:
    if isinstance(broken, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(broken.recipients.values()))
        return code, words
    if isinstance(broken, smtplib.SMTPResponseException):
        return broken.smtp_code, broken.smtp_error
    return 0, type(broken).__name__


def _code(broken: Exception) -> int:
    """Return the server's code, 0 if it gave none."""
    return _answer(broken)[0]


def _cause(broken: Exception) -> str:
    """Return what an officer reads: the server's code and words, in one line."""
    code, words = _answer(broken)
    said = words.decode(errors="replace") if isinstance(words, bytes) else words
    return " ".join(f"{code or ''} {said}".split())
