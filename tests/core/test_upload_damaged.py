"""Whatever a file holds, it is kept or refused with a code; never more work than is allowed."""

import io
import struct
import tracemalloc
import zipfile

import pytest

from consult.core import upload
from consult.core.upload import EVIDENCE, TABLES, sniff
from consult.errors import BadInput
from tests.core.test_upload import PDF, docx, jpeg, odt, png
from tests.damage import damaged, ends, packed, unpacked

KINDS = EVIDENCE | TABLES
CODES = {
    "file-empty",
    "file-too-large",
    "file-kind",
    "file-disagrees",
    "file-unpacks",
    "file-nested",
    "file-broken",
    "file-pixels",
}
FILES = {
    "a.pdf": PDF,
    "a.docx": docx(),
    "a.odt": odt(),
    "a.png": png(600, 400),
    "a.jpg": jpeg(600, 400),
    "a.eml": b"Subject: our reply\r\n\r\nWe approve.\r\n",
}


def verdict(data: bytes, name: str) -> str:
    """Return the code with which a file is refused; empty if it is kept."""
    try:
        sniff(data, name, "", KINDS)
    except BadInput as refused:
        return refused.faults.pop("file")
    return ""


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_kept_or_refused_in_words(name: str) -> None:  # T93, T96
    for data in [*damaged(FILES[name], 1500), *ends(FILES[name])]:
        assert verdict(data, name) in CODES | {""}


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2], ids=["lzma", "bzip2"])
def test_an_archive_is_packed_as_documents_are(method: int) -> None:  # T93
    assert verdict(packed(unpacked(docx()), method), "a.docx") == "file-broken"


def test_no_two_parts_of_an_archive_have_one_name() -> None:  # T93
    twice = io.BytesIO(docx())
    with zipfile.ZipFile(twice, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("word/document.xml", b"<another/>")
    assert verdict(twice.getvalue(), "a.docx") == "file-broken"


def test_a_long_list_of_parts_is_not_read() -> None:
    """T93: three hundred thousand names cost no memory."""
    line = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *[0] * 6, *[0] * 3, 1, *[0] * 4, 0, 0) + b"a"
    count = 300_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65535, 65535, len(line) * count, 30, 0)
    data = b"PK\x03\x04" + bytes(26) + line * count + end
    tracemalloc.start()
    try:
        assert verdict(data, "a.docx") == "file-unpacks"
        assert tracemalloc.get_traced_memory()[1] < 1024**2
    finally:
        tracemalloc.stop()


def encrypted() -> bytes:
    """Return a document whose parts say that they are encrypted."""
    data = bytearray(docx())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(signature)
        while start >= 0:
            data[start + at] |= 1
            start = data.find(signature, start + 4)
    return bytes(data)


def larger_than_it_says() -> bytes:
    """Return a document whose list says of every part that it holds nothing."""
    data = bytearray(docx())
    start = data.find(b"PK\x01\x02")
    while start >= 0:
        data[start + 24 : start + 28] = bytes(4)
        start = data.find(b"PK\x01\x02", start + 4)
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (encrypted(), "a.docx", "file-broken"),
        (larger_than_it_says(), "a.docx", "file-broken"),
        (docx(**{"C:\\a.txt": b"x"}), "a.docx", "file-unpacks"),
        (docx(**{"word\\..\\..\\a": b"x"}), "a.docx", "file-unpacks"),
        (docx(**{"word/other.docx": docx()}), "a.docx", "file-nested"),
        (docx(**{"a" * 60_000: b"x"}), "a.docx", ""),
        (png(2**32 - 1, 2**32 - 1), "a.png", "file-pixels"),
        (jpeg(65_535, 65_535), "a.jpg", "file-pixels"),
        (b"\xff\xd8" + b"\xff\xe0\0\x02" * 4_000_000, "a.jpg", "file-broken"),
        (b"\xff\xd8" + b"\xff" * 16_000_000, "a.jpg", "file-broken"),
        (b"<html>%PDF-1.7", "a.pdf", "file-disagrees"),
        (docx(), "a.pdf", "file-disagrees"),
        (PDF, "a.docx", "file-disagrees"),
        (PDF, "a.pdf.html", "file-kind"),
        (PDF, "a.pdf\0.html", "file-kind"),
        (PDF, "\ud800.\ud800", "file-kind"),
        (b"\xef\xbb\xbf" + PDF, "a.pdf", "file-disagrees"),
        (b"+ADw-html+AD4-", "a.pdf", "file-disagrees"),
        (PDF.decode().encode("utf-16"), "a.pdf", "file-disagrees"),
    ],
)
def test_what_is_not_what_it_says_is_refused(data: bytes, name: str, code: str) -> None:  # T93
    assert verdict(data, name) == code


def test_a_name_loses_folders_and_signs_that_cannot_be_seen() -> None:  # T92, T93
    assert sniff(PDF, "../..\\a\u202efdp.\ud800pdf\0", "").filename == "afdp.pdf"


def test_a_picture_is_not_looked_through_for_long(monkeypatch: pytest.MonkeyPatch) -> None:  # T96
    """Before the size there may be so many segments, and no more."""
    before = jpeg(600, 400)
    assert verdict(before, "a.jpg") == ""
    monkeypatch.setattr(upload, "_MOST_SEGMENTS", 1)
    assert verdict(before, "a.jpg") == "file-broken"
