"""Logs as JSON lines: an event is a fixed phrase with fields, never an address or a choice."""

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

# The number of the request in hand: every line that is written meanwhile has it.
request_number: ContextVar[str | None] = ContextVar("request_number", default=None)
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """Writes one JSON object a line; control characters come out escaped."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        if number := request_number.get():
            said["request"] = number
        said |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=True, default=str)


def set_up(level: int = logging.INFO) -> None:
    """Send what Consult logs to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("consult")
    logger.handlers[:] = [handler]
    logger.setLevel(level)
    logger.propagate = False
