"""The holidays of a body's seat."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache

import holidays


@lru_cache(maxsize=32)
def holidays_of(code: str | None) -> Callable[[date], bool]:
    """Return what says of a day whether it is a holiday of the seat.

    Args:
        code: Country and part, "CH-GE"; None or an unknown one knows no holidays.
    """
    country, _, part = (code or "").partition("-")
    try:
        found = holidays.country_holidays(country, subdiv=part or None)
    except NotImplementedError:
        return lambda _on: False
    return found.__contains__
