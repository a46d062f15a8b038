"""The heads in mail that left the service, looked up in what is stored."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import sqlalchemy as sa

from consult.core.heads import Shown, heads_in
from consult.errors import BadInput
from consult.queries.heads import absent

_LARGEST = 64 * 1024 * 1024  # bytes of a file in which heads are looked for


def heads_from(mail: Sequence[Path]) -> set[Shown]:
    """Return every head in these files, and in the files of these folders."""
    return {head for path in mail for head in _heads(path)}


def lost_heads(engine: sa.Engine, shown: set[Shown]) -> bool:
    """Print each head that the ledgers do not contain; say whether there is one."""
    lost = absent(engine, shown)
    for head, why in lost:
        click.echo(f"{head.of} #{head.number} {head.head[:32]}: {why}", err=True)
    if shown and not lost:
        click.echo(f"Heads that were looked up and are there: {len(shown)}.")
    return bool(lost)


def _heads(path: Path) -> Iterator[Shown]:
    files = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
    for one in files:
        yield from heads_in(_text(one))


def _text(path: Path) -> str:
    """Return what a file says; of one that is too large nothing can be said, so it is refused.

    Raises:
        BadInput: It cannot be read, or is too large.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
    except OSError as fault:
        raise BadInput({str(path): f"cannot be read: {fault.strerror}"}) from None
    if len(raw) > _LARGEST:
        raise BadInput({str(path): f"is larger than {_LARGEST // 1024**2} MB"})
    return raw.decode("utf-8", "replace")
