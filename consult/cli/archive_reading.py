"""What an archive says of itself, and whether it holds just that."""

import gzip
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import click

from consult.core.reading import read as read_json
from consult.core.shapes import is_instant
from consult.errors import BadInput

FORMAT = "consult-backup/1"
MANIFEST = "manifest.json"
DATABASE = {"sqlite": "database.sqlite", "postgresql": "database.pgdump"}
_LARGEST_MANIFEST = 64 * 1024 * 1024
_CHUNK = 1024 * 1024
_MOST_AT_ONCE = 64 * 1024 * 1024  # bytes that reading one head of the archive may ask for
_DIGEST = re.compile(r"[0-9a-f]{64}").fullmatch
_FILE = re.compile(r"files/[0-9a-f]{64}").fullmatch
_DAMAGED = (OSError, tarfile.TarError, EOFError, zlib.error, ValueError, ArithmeticError)
_SAID: dict[str, Callable[[str], object]] = {
    "made_at": is_instant,
    "database": DATABASE.__contains__,
    "revision": re.compile(r"[0-9A-Za-z_]{0,64}").fullmatch,
}


@dataclass(frozen=True, slots=True)
class Archive:
    """What a backup says it holds.

    Args:
        kind: ``sqlite`` or ``postgresql``.
        revision: The migration at which the database stood.
        parts: SHA-256 of each part by its name in the archive.
    """

    made_at: str
    kind: str
    revision: str
    parts: dict[str, str]

    @property
    def database(self) -> str:
        return DATABASE[self.kind]


def read(path: Path) -> Archive:
    """Return what an archive says of itself.

    Raises:
        BadInput: It is none.
    """
    with _doubted(path) as tar:
        return _manifest(tar)


def check(path: Path) -> Archive:
    """Read the whole archive and compare each part with its hash.

    Raises:
        BadInput: It is none.
        click.ClickException: A part is missing, damaged, too many, or no plain file.
    """
    with _doubted(path) as tar:
        made = _manifest(tar)
        found: dict[str, str] = {}
        named = {MANIFEST, *made.parts}
        for member in tar:
            plain = member.isreg() and not member.issparse()
            if not plain or member.name in found or member.name not in named:
                raise click.ClickException(f"{path} is damaged: {_shown(member.name)}")
            found[member.name] = _hash_of(tar, member)
    del found[MANIFEST]
    if found != made.parts:
        wrong_ones = sorted(
            name for name in found | made.parts if found.get(name) != made.parts.get(name)
        )
        raise click.ClickException(f"{path} is damaged: {', '.join(map(_shown, wrong_ones[:5]))}")
    return made


class _Unpacked(gzip.GzipFile):
    """An archive as it is unpacked, that no head of a part can fill the memory with."""

    def read(self, size: int | None = -1) -> bytes:
        if size is None or not 0 <= size <= _MOST_AT_ONCE:
            raise tarfile.ReadError("a head that is too large")
        return super().read(size)


@contextmanager
def opened(path: Path) -> Iterator[tarfile.TarFile]:
    """Open an archive that was checked."""
    with _Unpacked(path) as file, tarfile.open(fileobj=file, mode="r:") as tar:
        yield tar


@contextmanager
def _doubted(path: Path) -> Iterator[tarfile.TarFile]:
    """Open an archive; whatever is met while it is read makes it none.

    Raises:
        BadInput: It cannot be read to its end.
    """
    try:
        with opened(path) as tar:
            yield tar
    except _DAMAGED as wrong:
        what = _shown(str(wrong) or type(wrong).__name__)
        raise BadInput({str(path): f"cannot be read as a backup: {what}"}) from None


def _shown(words: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in words[:200])


def _manifest(tar: tarfile.TarFile) -> Archive:
    member = tar.next()
    if member is None or member.name != MANIFEST or member.size > _LARGEST_MANIFEST:
        raise BadInput({MANIFEST: "is not there: that is no backup of Consult"})
    file = tar.extractfile(member)
    try:
        reading = read_json(file.read(_LARGEST_MANIFEST) if file else b"")
    except BadInput as wrong:
        raise BadInput({MANIFEST: next(iter(wrong.faults.values()))}) from None
    said = reading.value
    if reading.format != FORMAT or reading.doubled:
        raise BadInput({f"{MANIFEST}: format": "is not one that this version can read"})
    for name, fits in _SAID.items():
        if not isinstance(said.get(name), str) or not fits(said[name]):
            raise BadInput({f"{MANIFEST}: {name}": "is not what a backup says there"})
    parts = _parts(said.get("parts"), DATABASE[said["database"]])
    return Archive(said["made_at"], said["database"], said["revision"], parts)


def _parts(said: object, database: str) -> dict[str, str]:
    """Read the list of parts: the database, and files named as they are stored."""
    found: dict[str, str] = {}
    for number, one in enumerate(said if isinstance(said, list) else ()):
        name, digest = _part(one)
        if not _DIGEST(digest) or name in found or not (name == database or _FILE(name)):
            raise BadInput({f"{MANIFEST}: parts[{number}]": "is not what a backup says there"})
        found[name] = digest
    if database not in found:
        raise BadInput({f"{MANIFEST}: parts": f"must name {database}"})
    return found


def _part(said: object) -> tuple[str, str]:
    given = said if isinstance(said, dict) else {}
    name, digest = given.get("name"), given.get("sha256")
    return (name, digest) if isinstance(name, str) and isinstance(digest, str) else ("", "")


def _hash_of(tar: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    file = tar.extractfile(member) if member.isreg() else None
    hashed = sha256()
    while file is not None and (chunk := file.read(_CHUNK)):
        hashed.update(chunk)
    return hashed.hexdigest()
