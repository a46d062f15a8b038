"""The holidays of a body's seat."""

from collections.abc import Callable
from datetime import date, timedelta
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


def named_holidays(code: str | None, first: date, last: date) -> list[tuple[date, str]]:
    """Return the holidays of the seat between two days, each with its name."""
    country, _, part = (code or "").partition("-")
    try:
        found = holidays.country_holidays(
            country, subdiv=part or None, years=range(first.year, last.year + 1)
        )
    except NotImplementedError:
        return []
    days = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    return [(on, found[on]) for on in days if on in found]
