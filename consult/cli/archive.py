"""One archive of a deployment: its database, its files, and a list of what must be in it."""

import io
import os
import shutil
import sqlite3
import subprocess  # nosec B404
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import click
import sqlalchemy as sa

from consult.cli.archive_reading import DATABASE, FORMAT, MANIFEST, Archive, check, opened
from consult.core.canonical import canonical
from consult.core.ledger import instant
from consult.core.upload import stored_at

_CHUNK = 1024 * 1024


def write(target: Path, url: sa.URL, revision: str, files: Path, now: datetime) -> Archive:
    """Write the archive beside *target*, check it, and only then put it there.

    The database is copied first, in one snapshot while the service runs; a file that it names is
    on disk before and never changes.

    Raises:
        click.ClickException: The database cannot be copied, or what was written is damaged.
    """
    kind = url.get_backend_name()
    beside = target.with_name(f".{target.name}.partial")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            copy = Path(folder) / DATABASE[kind]
            _copy_database(url, copy)
            with os.fdopen(descriptor, "wb") as out:
                with tarfile.open(fileobj=out, mode="w:gz", compresslevel=6) as tar:
                    made = _fill(tar, copy, files, kind, revision, now)
                out.flush()
                os.fsync(out.fileno())
        check(beside)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    return made


def unpack(path: Path, made: Archive, url: sa.URL, files: Path) -> None:
    """Put the database and the files where this deployment keeps them; *path* was checked.

    Raises:
        click.ClickException: The database cannot be made.
    """
    with tempfile.TemporaryDirectory() as folder, opened(path) as tar:
        for member in tar:
            name = member.name
            if name == made.database:
                copy = Path(folder) / name
                _write(tar, member, copy)
                _put_database(url, copy)
            elif name.startswith("files/"):
                digest = made.parts[name]
                target = stored_at(files, digest)  # no name leads elsewhere
                target.parent.mkdir(parents=True, exist_ok=True)
                if not target.exists():
                    _write(tar, member, target)


def _fill(
    tar: tarfile.TarFile, copy: Path, files: Path, kind: str, revision: str, now: datetime
) -> Archive:
    named = {copy.name: copy} | {f"files/{path.name}": path for path in _stored(files)}
    parts = {name: _digest(path) for name, path in named.items()}
    made = Archive(instant(now), kind, revision, parts)
    said = canonical(
        {
            "format": FORMAT,
            "made_at": made.made_at,
            "database": kind,
            "revision": revision,
            "parts": [{"name": name, "sha256": digest} for name, digest in parts.items()],
        }
    )
    info = tarfile.TarInfo(MANIFEST)
    info.size, info.mode = len(said), 0o600
    tar.addfile(info, io.BytesIO(said))
    for name, path in named.items():
        tar.add(path, name, recursive=False)
    return made


def _stored(files: Path) -> Iterator[Path]:
    """Yield the files that are whole: those that are being written have a name with a dot."""
    yield from sorted(path for path in files.glob("??/*") if not path.name.startswith("."))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        hashed = sha256()
        while chunk := file.read(_CHUNK):
            hashed.update(chunk)
    return hashed.hexdigest()


def _write(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    file = tar.extractfile(member)
    if file is None:
        raise click.ClickException(f"{member.name} is not a file.")
    with target.open("xb") as out:
        shutil.copyfileobj(file, out, _CHUNK)
        out.flush()
        os.fsync(out.fileno())


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a SQLite database, with all that its log holds, and check the copy.

    Raises:
        click.ClickException: The copy is damaged.
    """
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as copy:
            old.backup(copy)
        found = _wrong_in(target)
    except sqlite3.Error as wrong:
        found = str(wrong)
    if found:
        raise click.ClickException(f"The copy {target} is damaged: {found}")


def _wrong_in(database: Path) -> str:
    """Return what is wrong with a SQLite database, empty if nothing is."""
    try:
        with closing(sqlite3.connect(database)) as opened_one:
            (found,) = opened_one.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.Error as wrong:
        return str(wrong)
    return "" if found == "ok" else str(found)


def _copy_database(url: sa.URL, copy: Path) -> None:
    if url.get_backend_name() == "sqlite":
        copy_sqlite(Path(str(url.database)), copy)
        return
    _postgresql(
        url, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={copy}"
    )


def _put_database(url: sa.URL, copy: Path) -> None:
    if url.get_backend_name() == "sqlite":
        if wrong := _wrong_in(copy):  # before anything is made of it
            raise click.ClickException(f"The database in the backup is damaged: {wrong}")
        target = Path(str(url.database))
        target.parent.mkdir(parents=True, exist_ok=True)
        copy_sqlite(copy, target)
        return
    _postgresql(
        url,
        "pg_restore",
        "--no-owner",
        "--no-privileges",
        "--exit-on-error",
        "--single-transaction",
        f"--dbname={url.database}",
        str(copy),
    )


def _postgresql(url: sa.URL, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs; the password goes by its environment (T99)."""
    where = shutil.which(program)
    if where is None:
        raise click.ClickException(
            f"{program} is not installed: it comes with PostgreSQL's client."
        )
    given = {
        "PGHOST": url.host,
        "PGPORT": str(url.port or ""),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    environ = {name: str(value) for name, value in given.items() if value} | {"LC_ALL": "C.UTF-8"}
    ended = subprocess.run(  # noqa: S603 - no shell, see above  # nosec B603
        [where, *arguments], env=environ, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        said = " ".join(ended.stderr.split())
        raise click.ClickException(f"{program} ended with an error: {said[:500]}")
