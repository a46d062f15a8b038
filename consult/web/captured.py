"""The demo's captured mail, on loopback only."""

import mailbox
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy as mail_policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from io import BytesIO
from ipaddress import ip_address
from pathlib import Path

from flask import Blueprint, current_app, render_template, request, send_file
from flask.typing import ResponseReturnValue

from consult.errors import NotFound
from consult.settings import Settings
from consult.web.policy import allow, anyone

pages = Blueprint("captured", __name__, url_prefix="/<lang:lang>")

_KEY = re.compile(r"[A-Za-z0-9._=,+-]{1,200}")
_SHOWN, _SEARCHED = 200, 20
_PARSER = BytesParser(EmailMessage, policy=mail_policy.default)
_HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "Content-Language", "Consult-Ledger")
_LINK = re.compile(r"^https?://\S+$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Line:
    """A captured mail in the list."""

    key: str
    to: str
    subject: str
    at: datetime


def is_open() -> bool:
    """Say whether captured mail may be read: in the demo, on loopback."""
    settings: Settings = current_app.extensions["consult_settings"]
    here = request.remote_addr is not None and ip_address(request.remote_addr).is_loopback
    return here and not settings.production


def links_to(addresses: Collection[str]) -> list[str]:
    """Return the links to sign in that the newest mails to *addresses* carry, newest first."""
    newest = sorted(_lines(), key=lambda line: line.at, reverse=True)[:_SEARCHED]
    return [
        link
        for line in newest
        if any(address in line.to for address in addresses)
        for link in _LINK.findall(_part(_message(line.key), "plain"))
        if _ours(link) and "/sign-in/link/" in link
    ]


@pages.before_request
def only_here() -> None:
    """Answer where captured mail may be read: to everybody else there is no such page."""
    if not is_open():
        raise NotFound


@pages.get("/mail")
@allow(anyone)
def mail() -> ResponseReturnValue:
    """List what was sent, newest first."""
    lines = sorted(_lines(), key=lambda line: line.at, reverse=True)
    return render_template("captured/mail.html", lines=lines[:_SHOWN], total=len(lines))


@pages.get("/mail/<key>")
@allow(anyone)
def message(key: str) -> ResponseReturnValue:
    """Show one mail: its headers, its text, its HTML as text, its enclosures as links."""
    found = _message(key)
    text = _part(found, "plain")
    return render_template(
        "captured/message.html",
        key=key,
        subject=str(found["Subject"] or ""),
        headers=[(name, str(found[name])) for name in _HEADERS if found[name]],
        text=text,
        html=_part(found, "html"),
        links=[link for link in _LINK.findall(text) if _ours(link)],
        enclosed=[part.get_filename() or "" for part in found.iter_attachments()],
    )


@pages.get("/mail/<key>/<int:place>")
@allow(anyone)
def enclosure(key: str, place: int) -> ResponseReturnValue:
    """Give one enclosure of a mail."""
    parts = list(_message(key).iter_attachments())
    if place >= len(parts):
        raise NotFound
    content = parts[place].get_payload(decode=True)
    answer = send_file(
        BytesIO(content if isinstance(content, bytes) else b""),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=parts[place].get_filename() or "enclosure",
    )
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def _folder() -> mailbox.Maildir | None:
    settings: Settings = current_app.extensions["consult_settings"]
    path: Path = settings.mailbox
    return mailbox.Maildir(path, create=False) if (path / "new").is_dir() else None


def _lines() -> Iterator[Line]:
    folder = _folder()
    if folder is None:
        return
    for key in folder.keys():  # noqa: SIM118 - a mailbox iterates over its messages
        found = _PARSER.parsebytes(folder.get_bytes(key), headersonly=True)
        yield Line(key, str(found["To"] or ""), str(found["Subject"] or ""), _sent_at(found))


def _message(key: str) -> EmailMessage:
    folder = _folder()
    if folder is None or not _KEY.fullmatch(key) or key not in folder:
        raise NotFound
    return _PARSER.parsebytes(folder.get_bytes(key))


def _part(found: EmailMessage, kind: str) -> str:
    part = found.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""


def _sent_at(found: EmailMessage) -> datetime:
    try:
        return parsedate_to_datetime(str(found["Date"])).astimezone(UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def _ours(link: str) -> bool:
    settings: Settings = current_app.extensions["consult_settings"]
    return link.startswith(settings.public_url + "/")
