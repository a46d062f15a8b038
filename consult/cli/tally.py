"""The command that counts a case file, without any database."""

import json
from typing import BinaryIO

import click

from consult.core.casefile import read_case
from consult.core.tally import result_data
from consult.core.tally import tally as count
from consult.errors import BadInput

MAX_BYTES = 2**30


@click.command()
@click.argument("case", type=click.File("rb"))
def tally(case: BinaryIO) -> None:
    """Count the replies of CASE (a JSON file, or - for standard input).

    Prints the outcome of each question, with its arithmetic, as JSON.
    """
    try:
        raw = case.read(MAX_BYTES + 1)
    except OSError as fault:
        raise BadInput({"file": f"cannot be read: {fault.strerror}"}) from None
    if len(raw) > MAX_BYTES:
        raise BadInput({"file": f"is larger than {MAX_BYTES} bytes"})
    result = count(read_case(raw))
    click.echo(json.dumps(result_data(result), indent=2, ensure_ascii=False))
