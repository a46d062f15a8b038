"""An open consultation of five members, a worker with captured mail, and a real mail server."""

import email
import socket
from collections.abc import Callable, Iterator
from email import policy
from email.message import EmailMessage
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from consult import worker
from consult.actions.change import Desk
from consult.settings import Settings
from tests import build

CODES = ["ARG", "BHS", "BRA", "CAN", "CUB"]
SPEAKS = {"ARG": "es", "BHS": "en", "BRA": "ru", "CAN": "fr", "CUB": "ar"}


@pytest.fixture
def council(desk: Desk) -> dict[str, Any]:
    """Five members, each with a head who reads another language, and the secretariat."""
    build.council(desk, members=5)
    return {
        "officer": build.officer(desk),
        "approver": build.approver(desk),
        **{
            code: build.person(desk, f"Head of {code}", member=code, language=SPEAKS[code])
            for code in CODES
        },
    }


@pytest.fixture
def slug(desk: Desk, council: dict[str, Any]) -> str:
    """The consultation, opened on 20 June 2020; its deadline is on 17 July."""
    drafted = build.draft(desk, council["officer"])
    build.open_it(desk, drafted, council["officer"], council["approver"])
    return drafted


class Server(Controller):
    """A real mail server on a free port, which keeps what it takes and refuses on demand."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, list[str], bytes]] = []
        self.answers: dict[str, str] = {}  # address → the answer to RCPT
        super().__init__(self, hostname="127.0.0.1", port=0)

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.taken.append(
            (str(envelope.mail_from), list(envelope.rcpt_tos), envelope.original_content or b"")
        )
        return "250 OK"

    @property
    def messages(self) -> list[EmailMessage]:
        return [parsed(raw) for _sender, _to, raw in self.taken]


def parsed(raw: bytes) -> EmailMessage:
    found = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    running.start()
    yield running
    running.stop()


@pytest.fixture
def hired(app: Flask, settings: Settings, server: Server) -> Callable[..., worker.Worker]:
    """Hire one more worker that sends through a real server."""

    def hire(port: int = server.port, tls: str = "none") -> worker.Worker:
        fields = {**vars(settings), "mail": "smtp", "mail_tls": tls, "mail_port": port}
        app.extensions["consult_settings"] = SimpleNamespace(**fields)
        return worker.hire(app, Event(), letters=lambda _notice: b"%PDF-")

    return hire


@pytest.fixture
def closed_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
