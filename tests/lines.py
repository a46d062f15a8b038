"""What the log says while a test runs, as its lines are written."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from consult.logs import JsonLines


class Lines(logging.Handler):
    """Keeps each line, read back from its JSON."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLines())
        self.written: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.written.append(json.loads(self.format(record)))


@contextmanager
def lines_of(name: str) -> Iterator[list[dict[str, Any]]]:
    """Give the lines that the logger of that name writes in the block."""
    lines, logger = Lines(), logging.getLogger(name)
    level = logger.level
    logger.addHandler(lines)
    logger.setLevel(logging.INFO)
    try:
        yield lines.written
    finally:
        logger.removeHandler(lines)
        logger.setLevel(level)
