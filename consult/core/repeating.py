"""On which days an event of a calendar comes again, by the plain rules of RFC 5545."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_MONTHS = 12
_EVERY_MONTH_HAS = 28  # days


class Every(StrEnum):
    DAY = "DAILY"
    WEEK = "WEEKLY"
    MONTH = "MONTHLY"
    YEAR = "YEARLY"


@dataclass(frozen=True, slots=True)
class Repeats:
    """How an event repeats from its first day on.

    Args:
        interval: Every how many days, weeks, months or years.
        count: How often it takes place, the first time counted; None for ever.
        until: The last day on which it may begin; None for ever.
        weekdays: Of a week, from 0 for Monday; none means that of the first day.
    """

    every: Every
    interval: int = 1
    count: int | None = None
    until: date | None = None
    weekdays: frozenset[int] = frozenset()


def is_plain(first: date, repeats: Repeats) -> bool:
    """Say whether `days` can tell each of its days at once, without going through those before."""
    if repeats.every is Every.WEEK and repeats.weekdays - {first.weekday()}:
        return repeats.interval == 1 and repeats.count is None
    by_number = repeats.every in {Every.MONTH, Every.YEAR}
    return not by_number or first.day <= _EVERY_MONTH_HAS or repeats.count is None


def days(first: date, repeats: Repeats, start: date, end: date) -> Iterator[date]:
    """Yield the days between *start* and *end*, both included, on which an event begins.

    It takes no longer where the first day lies centuries before.

    Args:
        repeats: Must be plain (`is_plain`).
    """
    last = end if repeats.until is None else min(end, repeats.until)
    if repeats.every in {Every.MONTH, Every.YEAR}:
        yield from _by_month(first, repeats, start, last)
        return
    step = repeats.interval * (7 if repeats.every is Every.WEEK else 1)
    for weekday in sorted(repeats.weekdays or {first.weekday()}):
        later = (weekday - first.weekday()) % 7
        if later > (date.max - first).days:
            continue
        begins = first + timedelta(later)
        number = max(0, -((begins - start).days // step))
        while _takes_place(repeats, number) and (last - begins).days >= number * step:
            yield begins + timedelta(number * step)
            number += 1


def _by_month(first: date, repeats: Repeats, start: date, last: date) -> Iterator[date]:
    """Yield one day a month or a year; a month without that day is left out."""
    step = repeats.interval * (_MONTHS if repeats.every is Every.YEAR else 1)
    begins = _month_of(first)
    number = max(0, (_month_of(start) - begins) // step)
    while _takes_place(repeats, number) and begins + number * step <= _month_of(last):
        year, month = divmod(begins + number * step, _MONTHS)
        number += 1
        try:
            found = date(year, month + 1, first.day)
        except ValueError:
            continue
        if start <= found <= last:
            yield found


def _takes_place(repeats: Repeats, number: int) -> bool:
    return repeats.count is None or number < repeats.count


def _month_of(day: date) -> int:
    return day.year * _MONTHS + day.month - 1
