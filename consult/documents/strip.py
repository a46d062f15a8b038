"""A year strip: which days of which years are proposed, and what they meet, as a picture."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import get_month_names
from flask_babel import get_locale

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Bar:
    """Some days of one year; *x* is the day of the year from 0, *width* counts days.

    Args:
        kind: ``fa`` for what is proposed, ``w`` for what is to be avoided.
    """

    x: int
    width: int
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Year:
    """One year with its bars; *months* are the days on which months begin, with their names."""

    year: int
    days: int
    months: tuple[tuple[int, str], ...]
    bars: tuple[Bar, ...]


Days = tuple[date, date, str]


def strip(proposed: Iterable[Days], avoided: Iterable[Days]) -> tuple[Year, ...]:
    """Return the years in which something is proposed.

    Args:
        proposed: First day, last day and number of each item.
        avoided: The same of what its days meet.
    """
    wanted, others = list(proposed), list(avoided)
    years = sorted(
        {year for first, last, _label in wanted for year in range(first.year, last.year + 1)}
    )
    bars = {year: [*_bars(year, others, "w"), *_bars(year, wanted, "fa")] for year in years}
    names: Mapping[int, str] = get_month_names("abbreviated", "stand-alone", get_locale())
    return tuple(
        Year(
            year=year,
            days=(date(year + 1, 1, 1) - date(year, 1, 1)).days,
            months=tuple(
                ((date(year, month, 1) - date(year, 1, 1)).days, names[month])
                for month in range(1, 13)
            ),
            bars=tuple(bars[year]),
        )
        for year in years
    )


def _bars(year: int, spans: Iterable[Days], kind: str) -> Iterable[Bar]:
    begin, end = date(year, 1, 1), date(year, 12, 31)
    for first, last, label in spans:
        if first <= end and last >= begin:
            from_, to = max(first, begin), min(last, end)
            yield Bar((from_ - begin).days, (to - from_) // _DAY + 1, kind, label)
