"""An e-mail kept as evidence is read as text, with the way it took (T93)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.mailed import mailed

MAIL = (
    b"Received: from mx.itu.example by store; Fri, 17 Jul 2020 15:59:58 +0200\r\n"
    b"Received: from mission.example\r\n by mx.itu.example; Fri, 17 Jul 2020 15:59:57 +0200\r\n"
    b"From: Mission <note@mission.example>\r\nSubject: Reply\r\n"
    b"Content-Type: multipart/alternative; boundary=x\r\n\r\n"
    b"--x\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\nNous approuvons, trait\xe9.\r\n"
    b"--x\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>\r\n--x--\r\n"
)


def test_its_received_lines_come_first_and_its_plain_words_after() -> None:
    read = mailed(MAIL)
    assert [name for name, _value in read.head] == ["Received", "Received", "From", "Subject"]
    assert read.head[1][1].startswith("from mission.example by mx.itu.example;")
    assert read.text == "Nous approuvons, traité."
    assert not read.cut


@pytest.mark.parametrize("raw", [b"", b"\0\0", b"Content-Type: text/plain; charset=nope\n\nx"])
def test_what_is_no_good_mail_is_read_all_the_same(raw: bytes) -> None:
    mailed(raw)


def test_a_long_one_is_cut() -> None:
    assert mailed(b"Subject: x\n\n" + b"a" * 30_000).cut


@given(st.binary(max_size=300))
def test_no_bytes_break_it(raw: bytes) -> None:
    mailed(raw)
