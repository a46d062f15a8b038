"""The heads in mail that left the service, looked up in what is stored."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import sqlalchemy as sa

from consult.core.heads import Shown, heads_in
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
        if one.stat().st_size <= _LARGEST:
            yield from heads_in(one.read_text(encoding="utf-8", errors="replace"))
