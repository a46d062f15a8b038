"""The command that counts a case file, without any database."""

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager

import click

from consult.core.casefile import read_case
from consult.core.tally import result_data
from consult.core.tally import tally as count
from consult.errors import BadInput

MAX_BYTES = 2**30


@click.command()
@click.argument("case", type=click.Path(allow_dash=True))
def tally(case: str) -> None:
    """Count the replies of CASE (a JSON file, or - for standard input).

    Prints the outcome of each question, with its arithmetic, as JSON.
    """
    raw = _read(case)
    with _without_collecting():
        result = result_data(count(read_case(raw)))
    click.echo(json.dumps(result, indent=2, ensure_ascii=False))


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Leave cycles alone: a count makes millions of values, and none that refers to itself."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _read(case: str) -> bytes:
    try:
        with click.open_file(case, "rb") as given:
            raw: bytes = given.read(MAX_BYTES + 1)
    except (OSError, ValueError) as fault:
        what = getattr(fault, "strerror", None) or "its name is none"
        raise BadInput({"file": f"cannot be read: {what}"}) from None
    if len(raw) > MAX_BYTES:
        raise BadInput({"file": f"is larger than {MAX_BYTES} bytes"})
    return raw
