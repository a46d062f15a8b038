"""An e-mail that is kept as evidence, read as text: its way (Received), its head and its words."""

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from typing import Any

_HEAD = ("Received", "Date", "From", "To", "Subject", "Message-ID")
_MOST_LINES = 60  # of its head
_MOST = 20_000  # characters of its words
# Of what is looked through: each line is held against the boundary of every part around it.
_LARGEST, _MOST_PARTS, _MOST_LINES_READ = 2 * 1024 * 1024, 100, 50_000
_LONGEST_LINE = 4096  # of a head: its parameters take time that grows with the square of them
# In which mail is written. Others decode no text, or take time that grows with its square.
_CHARSETS = re.compile(
    r"utf-(?:7|8|16(?:-[bl]e)?)|ascii|latin-1|iso8859-\d+|cp\d+|koi8-[rtu]|mac-[a-z]+|gb2312|gbk|"
    r"gb18030|hz|big5(?:hkscs)?|euc_[a-z_0-9]+|shift_jis[a-z_0-9]*|iso2022_[a-z_0-9]+|johab|tis-620"
)
_HALF = re.compile("[\0\ud800-\udfff]")


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
    """Return an e-mail as text, whatever is wrong with it (T93).

    Of one that is longer than people write, or has more parts, the beginning or the head is read.
    """
    message, whole = _parsed(raw)
    head = [
        (name, _line(value)) for name in _HEAD for value in message.get_all(name, [])[:_MOST_LINES]
    ]
    text = "\n\n".join(_plain(message))
    cut = len(text) > _MOST or not whole
    return Mailed(tuple(head[:_MOST_LINES]), text[:_MOST], cut)


class _TooManyParts(Exception):
    """A mail has more parts, or parts within parts, than anybody writes."""


class _Part(Message):
    """A part of a mail, no line of whose head is longer than can be looked through."""

    def set_raw(self, name: str, value: Any) -> None:
        super().set_raw(name, value[:_LONGEST_LINE])


def _parsed(raw: bytes) -> tuple[Message, bool]:
    """Return the message and whether all of it was read, not its beginning or its head alone."""
    text = raw[:_LARGEST].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    lines = text.split(b"\n", _MOST_LINES_READ)
    begun = b"\n".join(lines[:_MOST_LINES_READ])
    whole = len(raw) <= _LARGEST and len(lines) <= _MOST_LINES_READ
    try:
        return message_from_bytes(begun, _class=_counted()), whole
    except _TooManyParts:
        return BytesHeaderParser(_Part).parsebytes(begun), False


def _counted() -> Callable[..., Message]:
    """Return what makes the parts of one mail, so many of them and no more."""
    made: list[None] = []

    def part(**given: Any) -> Message:
        made.append(None)
        if len(made) > _MOST_PARTS:
            raise _TooManyParts
        return _Part(**given)

    return part


def _line(value: object) -> str:
    """Return a header unfolded, without what cannot be shown."""
    text = " ".join(str(value).split())
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text[:1000])


def _plain(message: Message) -> Iterator[str]:
    for part in message.walk():
        if part.get_content_type() != "text/plain" or part.is_multipart():
            continue
        raw = part.get_payload(decode=True)
        if isinstance(raw, bytes):
            yield _decoded(raw, part.get_content_charset() or "utf-8")


def _decoded(raw: bytes, charset: str) -> str:
    text = raw.decode(_codec(charset), "replace").replace("\r\n", "\n").replace("\r", "\n")
    return _HALF.sub("\ufffd", text).strip()


def _codec(charset: str) -> str:
    """Return the codec of a charset in which mail is written; UTF-8 for any other."""
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError):
        return "utf-8"
    return name if _CHARSETS.fullmatch(name) else "utf-8"
