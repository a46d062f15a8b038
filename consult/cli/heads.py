"""The heads and receipts in mail that left the service, looked up in what is stored."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa

from consult.core.heads import Shown, heads_in
from consult.core.readmitting import Proof, proof_in
from consult.errors import BadInput, NotReadmitted
from consult.queries.heads import absent
from consult.queries.keys import keys_of
from consult.queries.readmitting import is_entered
from consult.tables import reading

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


def lost_receipts(engine: sa.Engine, mail: Sequence[Path]) -> bool:
    """Print each reply that a receipt of ours proves and that the ledgers do not contain."""
    lost = False
    with reading(engine) as session:
        keys = keys_of(session)
        for file in (one for path in mail for one in _files(path)):
            proof = _proof(file, keys)
            if proof is not None and not is_entered(session, proof):
                lost = True
                about = proof.value["consultation"]["reference"], proof.facts["member"]
                click.echo(
                    f"{about[0]}: reply of {about[1]}, version {proof.facts['version']}, is lost;"
                    f" its receipt proves it: consult import-receipt {file}",
                    err=True,
                )
    return lost


def _proof(file: Path, keys: Sequence[Mapping[str, Any]]) -> Proof | None:
    """Return what a file proves; None for one that is no receipt of ours, as most mail is not."""
    if file.stat().st_size > _LARGEST:
        return None
    try:
        return proof_in(file.read_bytes(), keys)
    except NotReadmitted:
        return None


def _heads(path: Path) -> Iterator[Shown]:
    for one in _files(path):
        yield from heads_in(_text(one))


def _files(path: Path) -> Iterator[Path]:
    files = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
    yield from files


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
