"""What a file is, by its name, its declared type and its bytes, and whether it may be kept."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from consult.errors import BadInput

LARGEST = 20 * 1024 * 1024
MOST_PARTS = 2000
LARGEST_UNPACKED = 200 * 1024 * 1024
MOST_RATIO = 100
MOST_PIXELS = 40_000_000
_MOST_SEGMENTS = 10_000  # of a picture, before the one that gives its size

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TEXT = "application/vnd.oasis.opendocument.text"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PIECE = 64 * 1024
_LISTED = b"PK\x01\x02"  # before each name in the list of an archive's parts
# Those that documents may use; what others need to unpack, the file itself would say.
_PACKINGS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# What the reader of archives raises for one that is damaged; UnicodeDecodeError is a ValueError.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    LookupError,
    ValueError,
)
_NESTED = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")

# Of each ending: the type, and the types under which browsers send it.
_TYPES: Mapping[str, tuple[str, frozenset[str]]] = MappingProxyType(
    {
        "pdf": ("application/pdf", frozenset({"application/pdf", "application/x-pdf"})),
        "docx": (_WORD, frozenset({_WORD})),
        "odt": (_TEXT, frozenset({_TEXT})),
        "xlsx": (_SHEET, frozenset({_SHEET, "application/vnd.ms-excel"})),
        "png": ("image/png", frozenset({"image/png"})),
        "jpg": ("image/jpeg", frozenset({"image/jpeg", "image/pjpeg"})),
        "jpeg": ("image/jpeg", frozenset({"image/jpeg", "image/pjpeg"})),
        "eml": ("message/rfc822", frozenset({"message/rfc822"})),
    }
)
_UNSAID = frozenset({"", "application/octet-stream"})
DOCUMENTS = frozenset({"pdf", "docx", "odt", "png", "jpg", "jpeg"})
EVIDENCE = DOCUMENTS | {"eml"}
TABLES = frozenset({"xlsx"})
_MAIN_PART = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What a file is; its name without any folder."""

    filename: str
    media_type: str


def sniff(data: bytes, filename: str, declared: str, kinds: frozenset[str] = DOCUMENTS) -> Sniffed:
    """Return what the file is, or refuse it.

    Args:
        data: All of it.
        filename: As the browser names it.
        declared: The media type that came with it; empty or octet-stream says nothing.
        kinds: The endings that may be kept here.

    Raises:
        BadInput: At ``file``, with a code: file-empty, file-too-large, file-kind,
            file-disagrees, file-unpacks, file-nested, file-broken, file-pixels.

    Source: trust, T93.
    """
    name = _plain(filename)
    if not data:
        _refuse("file-empty")
    if len(data) > LARGEST:
        _refuse("file-too-large")
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending not in kinds:
        _refuse("file-kind")
    media_type, declarable = _TYPES[ending]
    given = declared.partition(";")[0].strip().lower()
    if given not in declarable | _UNSAID or not _begins(data, ending):
        _refuse("file-disagrees")
    if ending in {"docx", "odt", "xlsx"}:
        _check_archive(data, ending)
    if ending in {"png", "jpg", "jpeg"}:
        _check_pixels(data, ending)
    return Sniffed(name, media_type)


def _refuse(code: str) -> None:
    raise BadInput({"file": code})


def _plain(filename: str) -> str:
    """Return the name without folders and control characters, at most 200 long."""
    name = filename.replace("\\", "/").rpartition("/")[2]
    name = "".join(c for c in name if c.isprintable()).strip().lstrip(".")
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: 199 - len(ending)]}{dot}{ending[:100]}"


def _begins(data: bytes, ending: str) -> bool:
    match ending:
        case "pdf":
            return data.startswith(b"%PDF-")
        case "docx" | "odt" | "xlsx":
            return data.startswith(b"PK\x03\x04")
        case "png":
            return data.startswith(b"\x89PNG\r\n\x1a\n")
        case "jpg" | "jpeg":
            return data.startswith(b"\xff\xd8\xff")
    return _begins_as_mail(data)


def _begins_as_mail(data: bytes) -> bool:
    """Say whether the first line is a header field, as every message begins with."""
    name, colon, _ = data.partition(b"\n")[0].partition(b":")
    return bool(colon) and name.isascii() and name.replace(b"-", b"").isalnum()


def _check_archive(data: bytes, ending: str) -> None:
    if data.count(_LISTED) > MOST_PARTS:  # before the list is read: each line of it takes memory
        _refuse("file-unpacks")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_parts(archive, ending, min(LARGEST_UNPACKED, len(data) * MOST_RATIO))
    except _DAMAGED:
        _refuse("file-broken")


def _check_parts(archive: zipfile.ZipFile, ending: str, budget: int) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if len(parts) > MOST_PARTS:
        _refuse("file-unpacks")
    if len(names) < len(parts):  # of two parts with one name every program reads another
        _refuse("file-broken")
    if any(part.compress_type not in _PACKINGS for part in parts):
        _refuse("file-broken")
    if not _is_document(archive, names, ending):
        _refuse("file-disagrees")
    for part in parts:
        budget -= _unpacked(archive, part, budget)


def _is_document(archive: zipfile.ZipFile, names: set[str], ending: str) -> bool:
    if ending in _MAIN_PART:
        return {"[Content_Types].xml", _MAIN_PART[ending]} <= names
    if not {"mimetype", "content.xml"} <= names:
        return False
    with archive.open("mimetype") as said:
        return said.read(200).decode("latin-1").strip() == _TEXT


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, budget: int) -> int:
    """Return how many bytes *part* really holds; what it says of itself is not believed."""
    name = part.filename.replace("\\", "/")
    if name.startswith("/") or ":" in name or ".." in name.split("/"):
        _refuse("file-unpacks")
    size = 0
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            if not size and piece.startswith(_NESTED):
                _refuse("file-nested")
            size += len(piece)
            if size > budget:
                _refuse("file-unpacks")
    return size


def _check_pixels(data: bytes, ending: str) -> None:
    size = _png_size(data) if ending == "png" else _jpeg_size(data)
    if size is None:
        _refuse("file-broken")
    elif size[0] * size[1] > MOST_PIXELS:
        _refuse("file-pixels")


def _png_size(data: bytes) -> tuple[int, int] | None:
    if len(data) < 24 or data[12:16] != b"IHDR":  # noqa: PLR2004 - signature, length, name, sizes
        return None
    width, height = struct.unpack(">II", data[16:24])
    return (width, height) if width and height else None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Walk the segments to the first that gives the picture's size."""
    at = 2
    for _segment in range(_MOST_SEGMENTS):
        if at + 9 >= len(data) or data[at] != 0xFF:  # noqa: PLR2004 - every marker begins so
            return None
        marker = data[at + 1]
        if marker == 0xFF:  # noqa: PLR2004 - fill
            at += 1
            continue
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:  # noqa: PLR2004
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return (width, height) if width and height else None
        at += 2 + int(struct.unpack(">H", data[at + 2 : at + 4])[0])
    return None


def stored_at(folder: Path, digest: str) -> Path:
    """Return where under *folder* the file of that SHA-256 lies."""
    return folder.joinpath(digest[:2], digest)  # a "/" in the core is a division, for its tests
