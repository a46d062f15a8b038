"""Ask the operator's own scanner whether a file is clean, before anything of it is kept (T93)."""

import os
import shutil
import subprocess  # nosec B404
from collections.abc import Sequence

from consult.errors import BadInput, Unscanned

_CLEAN, _REFUSED = 0, 1  # as the scanners end that are in use
_SURROUNDINGS = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}  # no secret of the service (T99)


def refuse_infected(command: Sequence[str], seconds: int, data: bytes) -> None:
    """Let the scanner look through *data*; without a command there is none.

    It may take long: whoever calls holds no transaction.

    Args:
        command: The program and its arguments; the file comes on its standard input.
        seconds: After which it is stopped.

    Raises:
        BadInput: At ``file``: the scanner refuses it.
        Unscanned: The scanner is not there, took too long, or did not come to a verdict.
    """
    if not command:
        return
    program = shutil.which(command[0])
    if program is None:
        raise Unscanned(why="there is no such program")
    try:
        ended = subprocess.run(  # noqa: S603 - no shell; the operator's own words  # nosec B603
            [program, *command[1:]],
            input=data,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            env=_SURROUNDINGS,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        raise Unscanned(why=f"it took more than {seconds} seconds") from None
    except (OSError, ValueError) as fault:
        raise Unscanned(why=getattr(fault, "strerror", None) or str(fault)) from fault
    if ended == _REFUSED:
        raise BadInput({"file": "file-infected"})
    if ended != _CLEAN:
        raise Unscanned(why=f"it ended with {ended}")
