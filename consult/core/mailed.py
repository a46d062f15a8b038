"""An e-mail that is kept as evidence, read as text: its way (Received), its head and its words."""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

_HEAD = ("Received", "Date", "From", "To", "Subject", "Message-ID")
_MOST_LINES = 60  # of its head
_MOST = 20_000  # characters of its words


@dataclass(frozen=True, slots=True)
class Mailed:
    """An e-mail as text; what is longer is cut, for the file is kept whole.

    Args:
        head: Names and values as they stand, those of ``Received`` first.
        text: Of its plain parts; empty if it has none.
    """

    head: tuple[tuple[str, str], ...]
    text: str
    cut: bool


def mailed(raw: bytes) -> Mailed:
    """Return an e-mail as text, whatever is wrong with it (T93)."""
    message = message_from_bytes(raw)
    head = [(name, _line(value)) for name in _HEAD for value in message.get_all(name, [])]
    text = "\n\n".join(_plain(message))
    return Mailed(tuple(head[:_MOST_LINES]), text[:_MOST], len(text) > _MOST)


def _line(value: object) -> str:
    """Return a header unfolded, without what cannot be shown."""
    text = " ".join(str(value).split())
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)[:1000]


def _plain(message: Message) -> Iterator[str]:
    for part in message.walk():
        if part.get_content_type() != "text/plain" or part.is_multipart():
            continue
        raw = part.get_payload(decode=True)
        if isinstance(raw, bytes):
            yield _decoded(raw, part.get_content_charset() or "utf-8")


def _decoded(raw: bytes, charset: str) -> str:
    try:
        text = raw.decode(charset, "replace")
    except LookupError:
        text = raw.decode("utf-8", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd").strip()
