"""Flask-Mail as our transport: messages written by the standard library, lines that time out."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import policy, utils
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from mailbox import Maildir
from types import TracebackType
from typing import Protocol

from flask import Flask, current_app
from flask_mail import Attachment, Connection, Mail, Message

from consult.settings import Settings

_WIDEST = 76  # characters of a header's line


@dataclass(frozen=True, slots=True)
class MailContent:
    """What a mail says, ready to be put into a message."""

    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)


class _Policy(policy.EmailPolicy):
    """Writes headers of words in one piece of encoding.

    The standard library's own folding loses the space between an encoded word and a plain one.
    """

    def fold(self, name: str, value: str) -> str:
        if str(value).isascii() or name not in {"Subject", "From", "To"}:
            return super().fold(name, value)
        if name == "Subject":
            written = _encoded(name, str(value))
        else:
            words, _, address = str(value).rpartition(" <")
            quoted = words.strip('"')
            written = f"{_encoded(name, quoted)} <{address}"
        return f"{name}: {written}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii", "surrogateescape")


def _encoded(name: str, words: str) -> str:
    return Header(words, "utf-8", maxlinelen=_WIDEST, header_name=name).encode(linesep="\r\n")


class Letter(Message):
    """A Flask-Mail message written out by the standard library's `EmailMessage`.

    Flask-Mail's own loses an address behind a name with a comma, sends raw 8-bit lines of any
    length, and lets a line break in a header through.
    """

    from_name = ""
    to_name = ""

    def _message(self) -> EmailMessage:  # type: ignore[override]
        made = EmailMessage(policy=_POLICY)
        made["From"] = Address(self.from_name, addr_spec=str(self.sender))
        made["To"] = Address(self.to_name, addr_spec=str(self.recipients[0]))
        made["Subject"] = self.subject
        made["Message-ID"] = self.msgId
        sent_at = datetime.fromtimestamp(self.date or 0, UTC)
        made["Date"] = utils.format_datetime(sent_at)  # "+0000"; `formatdate` says "-0000"
        made.set_content(self.body or "", cte="quoted-printable")
        if self.html:
            made.add_alternative(self.html, subtype="html", cte="quoted-printable")
        for enclosed in self.attachments:
            main, _, sub = enclosed.content_type.partition("/")
            made.add_attachment(
                enclosed.data, maintype=main, subtype=sub, filename=enclosed.filename
            )
        # Before the parts, what begins with Content- would move into the first of them.
        for name, value in (self.extra_headers or {}).items():
            made[name] = value  # a line break raises ValueError
        _fix_boundaries(made, self.msgId)
        return made


def _fix_boundaries(made: EmailMessage, message_id: str) -> None:
    """Same notice, same bytes: the boundaries between parts are not drawn at random."""
    key = message_id.strip("<>").partition("@")[0]
    for number, part in enumerate(made.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{key}_{number}")


_POLICY = _Policy(linesep="\r\n", cte_type="7bit")


class Smtp(Connection):
    """A connection that ends in time, checks certificates and may break at its end."""

    def configure_host(self) -> smtplib.SMTP | smtplib.SMTP_SSL:
        tls, wait = ssl.create_default_context(), current_app.config["MAIL_TIMEOUT"]
        host: smtplib.SMTP | smtplib.SMTP_SSL
        if self.mail.use_ssl:
            host = smtplib.SMTP_SSL(self.mail.server, self.mail.port, timeout=wait, context=tls)
        else:
            host = smtplib.SMTP(self.mail.server, self.mail.port, timeout=wait)
        with ExitStack() as undo:
            undo.callback(host.close)
            if self.mail.use_tls:
                host.starttls(context=tls)
            if self.mail.username and self.mail.password:
                host.login(self.mail.username, self.mail.password)
            undo.pop_all()
        return host

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Say good-bye; whatever the server answers, what it accepted was sent."""
        with suppress(smtplib.SMTPException, OSError):
            super().__exit__(kind, error, trace)  # type: ignore[arg-type]


class Post(Mail):
    """Flask-Mail over `Smtp`."""

    def connect(self) -> Smtp:
        return Smtp(current_app.extensions["mail"])


class Line(Protocol):
    """A way to hand messages over, as long as it is open."""

    def send(self, message: Message, envelope_from: str | None = None) -> None:
        """Hand *message* over; it is taken when this returns."""


class Transport(Protocol):
    def connect(self) -> AbstractContextManager[Line]:
        """Open a line for a batch of messages."""


@dataclass(frozen=True, slots=True)
class Captured:
    """Mail that stays here, in a Maildir, to be read in the browser (demo only)."""

    folder: Maildir

    @contextmanager
    def connect(self) -> Iterator[Line]:
        yield self

    def send(self, message: Message, envelope_from: str | None = None) -> None:
        self.folder.add(message.as_bytes())


def open_transport(app: Flask, settings: Settings) -> Transport:
    """Wire the mail of *app* as its settings say; once, at the start of a process.

    Several threads that each make the Maildir lose messages to a race.
    """
    app.config |= {
        "MAIL_SERVER": settings.mail_server,
        "MAIL_PORT": settings.mail_port,
        "MAIL_USE_TLS": settings.mail_tls == "starttls",
        "MAIL_USE_SSL": settings.mail_tls == "tls",
        "MAIL_USERNAME": settings.mail_username or None,
        "MAIL_PASSWORD": settings.mail_password or None,
        "MAIL_TIMEOUT": settings.mail_timeout,
        "MAIL_DEFAULT_SENDER": settings.mail_sender,
        "MAIL_SUPPRESS_SEND": False,
    }
    post = Post(app)
    if settings.mail == "smtp":
        return post
    settings.mailbox.parent.mkdir(parents=True, exist_ok=True)
    return Captured(Maildir(settings.mailbox, create=True))


def letter(
    content: MailContent,
    sender: tuple[str, str],
    to: tuple[str, str],
    *,
    key: str,
    at: datetime,
) -> Letter:
    """Put *content* into a message from *sender* to one person.

    Args:
        sender: Name and address.
        to: Name and address.
        key: The notice's uuid: sent twice, it is the same message for every mailbox.
        at: When the notice was queued.
    """
    made = Letter(
        subject=content.subject,
        recipients=[to[1]],
        body=content.text,
        html=content.html,
        sender=sender[1],
        attachments=list(content.attachments),
        date=at.timestamp(),
        extra_headers=content.headers,
    )
    made.from_name, made.to_name = sender[0], to[0]
    made.msgId = message_id(key, sender[1])
    return made


def message_id(key: str, sender: str) -> str:
    """Return the Message-ID of the notice *key*."""
    return f"<{key}@{sender.rpartition('@')[2]}>"
