"""A file is what its name, its declared type and its bytes agree that it is, or it is refused."""

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core import upload
from consult.core.upload import EVIDENCE, sniff
from consult.errors import BadInput

PDF = b"%PDF-1.7\n1 0 obj\n"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"


def archive(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return made.getvalue()


def docx(**more: bytes) -> bytes:
    return archive(
        {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>", **more}
    )


def odt() -> bytes:
    return archive({"mimetype": ODT.encode(), "content.xml": b"<content/>"}, zipfile.ZIP_STORED)


def png(width: int, height: int) -> bytes:
    header = struct.pack(">I4sIIBBBBB", 13, b"IHDR", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + header


def jpeg(width: int, height: int) -> bytes:
    first = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + bytes(9)
    frame = b"\xff\xc0" + struct.pack(">HBHH", 17, 8, height, width) + bytes(10)
    return b"\xff\xd8" + first + frame


def refused(data: bytes, name: str, declared: str = "", **more: frozenset[str]) -> str:
    with pytest.raises(BadInput) as fault:
        sniff(data, name, declared, **more)
    return fault.value.faults["file"]


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (PDF, "letter.pdf", "application/pdf"),
        (PDF, "LETTER.PDF", "application/pdf"),
        (docx(), "letter.docx", DOCX),
        (odt(), "letter.odt", ODT),
        (png(600, 400), "scan.png", "image/png"),
        (jpeg(600, 400), "scan.jpg", "image/jpeg"),
        (jpeg(600, 400), "scan.jpeg", "image/jpeg"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_kinds_that_are_kept(data: bytes, name: str, media_type: str) -> None:
    assert sniff(data, name, media_type).media_type == media_type
    assert sniff(data, name, "application/octet-stream").media_type == media_type


def test_a_mail_is_kept_as_evidence_alone() -> None:
    mail = b"Received: from a.example by b.example\r\nSubject: our reply\r\n\r\nWe approve.\r\n"
    assert sniff(mail, "reply.eml", "message/rfc822", EVIDENCE).media_type == "message/rfc822"
    assert refused(mail, "reply.eml", "message/rfc822") == "file-kind"
    assert refused(b"<html>", "reply.eml", "message/rfc822", kinds=EVIDENCE) == "file-disagrees"


@pytest.mark.parametrize("name", ["page.html", "drawing.svg", "list.xlsx", "letter", ""])
def test_other_kinds_are_refused(name: str) -> None:
    assert refused(b"<svg xmlns='http://www.w3.org/2000/svg'/>", name) == "file-kind"


@pytest.mark.parametrize(
    ("data", "name", "declared"),
    [
        (PDF, "letter.png", "image/png"),
        (PDF, "letter.pdf", "text/html"),
        (b"<html>", "letter.pdf", "application/pdf"),
        (docx(), "letter.odt", ODT),
        (odt(), "letter.docx", DOCX),
        (archive({"a.txt": b"a"}), "letter.docx", DOCX),
    ],
    ids=["name", "declared", "bytes", "docx as odt", "odt as docx", "any archive"],
)
def test_name_declared_type_and_bytes_must_agree(data: bytes, name: str, declared: str) -> None:
    assert refused(data, name, declared) == "file-disagrees"


def test_an_empty_file_and_one_beyond_twenty_mebibytes_are_refused() -> None:
    assert refused(b"", "letter.pdf") == "file-empty"
    limit = PDF + bytes(upload.LARGEST - len(PDF))
    assert sniff(limit, "letter.pdf", "").media_type == "application/pdf"
    assert refused(limit + b"\0", "letter.pdf") == "file-too-large"


def test_an_archive_that_unpacks_to_a_hundred_times_its_size_is_refused() -> None:
    bomb = docx(**{"word/media/a.bin": bytes(20 * 1024 * 1024)})
    assert len(bomb) < 100 * 1024
    assert refused(bomb, "letter.docx") == "file-unpacks"


def test_what_an_archive_says_of_its_own_sizes_is_not_believed() -> None:
    bomb = bytearray(docx(**{"word/media/a.bin": bytes(20 * 1024 * 1024)}))
    size = struct.pack("<I", 20 * 1024 * 1024)
    while (at := bytes(bomb).find(size)) >= 0:
        bomb[at : at + 4] = struct.pack("<I", 10)
    assert refused(bytes(bomb), "letter.docx") in {"file-unpacks", "file-broken"}


def test_an_archive_of_more_than_two_thousand_parts_is_refused() -> None:
    assert refused(docx(**{f"word/{n}": b"x" for n in range(2000)}), "a.docx") == "file-unpacks"


@pytest.mark.parametrize("name", ["/etc/passwd", "../../up", "word/../../up", "C:/up", "..\\up"])
def test_a_part_that_would_leave_the_folder_is_refused(name: str) -> None:
    assert refused(docx(**{name: b"x"}), "a.docx") == "file-unpacks"


def test_an_archive_inside_an_archive_is_refused() -> None:
    inner = archive({"a": b"a"})
    assert refused(docx(**{"word/embeddings/a.bin": inner}), "a.docx") == "file-nested"


def test_a_broken_archive_is_refused() -> None:
    assert refused(docx()[:-10], "a.docx") == "file-broken"
    damaged = bytearray(docx(**{"word/media/a.bin": bytes(range(256)) * 20}))
    damaged[200:260] = bytes(60)
    assert refused(bytes(damaged), "a.docx") in {"file-broken", "file-disagrees"}


@pytest.mark.parametrize("make", [png, jpeg])
def test_a_picture_of_more_than_forty_million_pixels_is_refused(make) -> None:  # type: ignore[no-untyped-def]
    ending = make.__name__
    assert sniff(make(8000, 5000), f"scan.{ending}", "").filename == f"scan.{ending}"
    assert refused(make(8000, 5001), f"scan.{ending}") == "file-pixels"
    assert refused(make(0, 10), f"scan.{ending}") == "file-broken"
    assert refused(make(10, 10)[:20], f"scan.{ending}") == "file-broken"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\a\\letter.pdf", "letter.pdf"),
        ("../../letter.pdf", "letter.pdf"),
        ("Lettre signée.pdf", "Lettre signée.pdf"),
        ("رسالة.pdf", "رسالة.pdf"),
        ("let\x00ter\n.pdf", "letter.pdf"),
        (f"{'x' * 300}.pdf", f"{'x' * 196}.pdf"),
    ],
)
def test_of_the_name_no_folder_and_no_control_character_is_kept(given: str, kept: str) -> None:
    assert sniff(PDF, given, "").filename == kept


@given(st.binary(max_size=400), st.sampled_from(["a.docx", "a.odt", "a.png", "a.jpg", "a.pdf"]))
def test_whatever_the_bytes_the_answer_is_a_kind_or_a_refusal(data: bytes, name: str) -> None:
    for begin in (b"", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"):
        assert said_of(begin + data, name) in {None, "file"}


def said_of(data: bytes, name: str) -> str | None:
    try:
        sniff(data, name, "")
    except BadInput as fault:
        return next(iter(fault.faults))
    return None
