"""A disk of PostgreSQL's own that is full: a small file system in memory, as root can mount one."""

import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

_ROOM = "64m"
_LACKS_ROOT = "to fill PostgreSQL's disk takes root and a server on this machine"


@contextmanager
def full_disk(engine: sa.Engine) -> Iterator[None]:
    """Let the tables of a PostgreSQL database stand on a disk without room for one page more."""
    name = f"consult_full_{secrets.token_hex(4)}"
    with _mounted(engine, Path("/tmp") / name) as place:  # noqa: S108 - the server must reach it
        with _at_once(engine) as connection:
            connection.exec_driver_sql(f"CREATE TABLESPACE {name} LOCATION '{place}'")
        try:
            _move(engine, name)
            filler = place.with_name("filler")
            _fill(filler)
            yield
            filler.unlink()
        finally:
            _move(engine, "pg_default")
            with _at_once(engine) as connection:
                connection.exec_driver_sql(f"DROP TABLESPACE {name}")


@contextmanager
def _mounted(engine: sa.Engine, at: Path) -> Iterator[Path]:
    with _at_once(engine) as connection:
        data = Path(connection.exec_driver_sql("SHOW data_directory").scalar_one())
    if os.geteuid() or not data.is_dir():
        pytest.skip(_LACKS_ROOT)
    at.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={_ROOM},mode=755", "tmpfs", str(at)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        at.rmdir()
        pytest.skip(_LACKS_ROOT)
    try:
        place = at / "tables"
        place.mkdir(mode=0o700)
        os.chown(place, data.stat().st_uid, data.stat().st_gid)
        yield place
    finally:
        subprocess.run(["umount", str(at)], check=True)
        at.rmdir()


def _move(engine: sa.Engine, to: str) -> None:
    engine.dispose()
    with _at_once(engine) as connection:
        tables = connection.exec_driver_sql(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).scalars()
        for table in list(tables):
            connection.exec_driver_sql(f"ALTER TABLE {table} SET TABLESPACE {to}")


def _fill(filler: Path) -> None:
    """Write until nothing more can be written, not even a page."""
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue


@contextmanager
def _at_once(engine: sa.Engine) -> Iterator[sa.Connection]:
    server = sa.create_engine(engine.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with server.connect() as connection:
        yield connection
    server.dispose()
