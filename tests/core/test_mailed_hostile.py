"""An e-mail that floods, nests or lies is shown as far as it can be; the page is never refused."""

import pytest

from consult.core import mailed as reading
from consult.core.mailed import mailed
from tests.core.test_mailed import MAIL
from tests.damage import damaged, ends

PART = b"--b\nContent-Type: text/plain\n\nhi\n"


def nested(depth: int) -> bytes:
    around = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (level, level)
        for level in range(depth)
    )
    return b"Subject: Reply\n" + around + b"Content-Type: text/plain\n\nWe approve.\n"


def written_in(charset: bytes, words: bytes) -> bytes:
    return b'Subject: Reply\nContent-Type: text/plain; charset="' + charset + b'"\n\n' + words


def test_a_damaged_mail_is_read_all_the_same() -> None:  # T93
    for raw in [*damaged(MAIL, 1500), *ends(MAIL)]:
        read = mailed(raw)
        (read.text + "".join(value for _name, value in read.head)).encode()


def test_parts_in_parts_are_read_as_deep_as_anybody_writes_them() -> None:
    assert mailed(nested(50)) == reading.Mailed((("Subject", "Reply"),), "We approve.", False)


@pytest.mark.parametrize(
    "raw",
    [
        nested(10_000),
        b"Subject: Reply\n" + b"Content-Type: message/rfc822\n\n" * 3000,
        b"Subject: Reply\nContent-Type: multipart/mixed; boundary=b\n\n" + PART * 10_000,
        b"Subject: Reply\nContent-Type: multipart/digest; boundary=b\n\n" + b"--b\n\n" * 10_000,
        b"Subject: Reply\nContent-Type: message/delivery-status\n\n" + b"a: b\n\n" * 10_000,
    ],
    ids=["nested", "mails in mails", "parts", "a digest", "reports"],
)
def test_of_too_many_parts_the_head_is_shown(raw: bytes) -> None:  # T93, T96
    read = mailed(raw)
    assert read.head == (("Subject", "Reply"),)
    assert read.cut


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: Reply\n\n" + b"x\n" * 60_000,
        b"Subject: Reply\n\n" + b"\r" * 60_000,
        b"Subject: Reply\n\n" + b"x" * 3_000_000,
        b"Subject: Reply\n" + b"X-Flood: y\n" * 60_000 + b"\nWe approve.\n",
    ],
    ids=["lines", "returns", "bytes", "headers"],
)
def test_of_a_long_one_the_beginning_is_looked_through(raw: bytes) -> None:  # T96
    read = mailed(raw)
    assert read.head == (("Subject", "Reply"),)
    assert read.cut


@pytest.mark.parametrize(
    "charset",
    [b"idna", b"punycode", b"undefined", b"zlib", b"rot13", b"unicode_escape", b"a\0b", b"../os"],
)
def test_a_charset_in_which_nobody_writes_is_taken_for_utf_8(charset: bytes) -> None:  # T106
    assert mailed(written_in(charset, b"We approve\\n, trait\xc3\xa9.")).text.startswith(
        "We approve\\n, trait"
    )


@pytest.mark.parametrize(
    ("charset", "words"),
    [
        ("windows-1252", "traité"),
        ("windows-1256", "نوافق"),
        ("koi8-r", "согласны"),
        ("gb18030", "同意"),
        ("big5", "同意"),
        ("shift_jis", "賛成"),
        ("iso-2022-jp", "賛成"),
        ("euc-kr", "찬성"),
    ],
)
def test_the_charsets_of_the_world_are_read(charset: str, words: str) -> None:
    assert mailed(written_in(charset.encode(), words.encode(charset))).text == words


def test_no_half_of_a_sign_reaches_a_page() -> None:  # T92
    assert mailed(written_in(b"utf-7", b"+2AA-")).text == "\ufffd"


def test_a_long_line_of_a_head_is_looked_through_in_part() -> None:
    """T96: reading so many parameters took time that grew with the square of their number."""
    long = b"Content-Type: text/plain" + b"; a=b" * 20_000 + b"; charset=utf-16\n\nWe approve.\n"
    assert mailed(b"Subject: Reply\n" + long).text == "We approve."
