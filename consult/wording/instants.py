"""Days, instants and spans of time in words, with the city by which people know a zone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_timedelta, get_timezone_location
from flask_babel import get_locale

_Unit: TypeAlias = Literal["day", "hour", "minute", "second"]


@dataclass(frozen=True, slots=True)
class Place:
    """A time zone as people know it.

    Args:
        zone: Its IANA name, ``Europe/Zurich``.
        city: The city that stands beside the times, in the reader's language.
    """

    zone: str
    city: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Forms:
    """How a language writes days and times: CLDR's date patterns, and frames for what they give.

    Args:
        within_month, within_year, across: Patterns of the first and last day of a range.
    """

    day: str
    weekday: str
    short: str
    comma: str
    clock: str
    utc: str
    range: str
    within_month: tuple[str, str]
    within_year: tuple[str, str]
    across: tuple[str, str]
    join: str
    left: str


_FORMS: Mapping[str, _Forms] = {
    "en": _Forms(
        day="d MMMM y",
        weekday="EEEE d MMMM y",
        short="EEE d MMMM y",
        comma=", ",
        clock="{time} {city}",
        utc=" ({utc})",
        range="{first} to {last}",
        within_month=("d", "d MMMM y"),
        within_year=("d MMMM", "d MMMM y"),
        across=("d MMMM y", "d MMMM y"),
        join=" ",
        left="{span} left",
    ),
    "fr": _Forms(
        day="d MMMM y",
        weekday="EEEE d MMMM y",
        short="EEE d MMMM y",
        comma=", ",
        clock="{time} {city}",
        utc=" ({utc})",
        range="du {first} au {last}",
        within_month=("d", "d MMMM y"),
        within_year=("d MMMM", "d MMMM y"),
        across=("d MMMM y", "d MMMM y"),
        join=" et ",
        left="encore {span}",
    ),
    "es": _Forms(
        day="d 'de' MMMM 'de' y",
        weekday="EEEE d 'de' MMMM 'de' y",
        short="EEE d 'de' MMMM 'de' y",
        comma=", ",
        clock="{time}, hora de {city}",
        utc=" ({utc})",
        range="del {first} al {last}",
        within_month=("d", "d 'de' MMMM 'de' y"),
        within_year=("d 'de' MMMM", "d 'de' MMMM 'de' y"),
        across=("d 'de' MMMM 'de' y", "d 'de' MMMM 'de' y"),
        join=" y ",
        left="tiempo restante: {span}",
    ),
    "ru": _Forms(
        day="d MMMM y 'г.'",
        weekday="EEEE, d MMMM y 'г.'",
        short="EEE, d MMMM y 'г.'",
        comma=", ",
        clock="{time} по времени г. {city}",
        utc=" ({utc})",
        range="{first} – {last}",
        within_month=("d", "d MMMM y 'г.'"),
        within_year=("d MMMM", "d MMMM y 'г.'"),
        across=("d MMMM y 'г.'", "d MMMM y 'г.'"),
        join=" ",
        left="осталось {span}",
    ),
    "zh": _Forms(
        day="y年M月d日",
        weekday="y年M月d日（EEEE）",
        short="y年M月d日（EEE）",
        comma="",
        clock="{city}时间{time}",
        utc="（{utc}）",
        range="{first}至{last}",
        within_month=("y年M月d日", "d日"),
        within_year=("y年M月d日", "M月d日"),
        across=("y年M月d日", "y年M月d日"),
        join="",
        left="剩余{span}",
    ),
    "ar": _Forms(
        day="d MMMM y",
        weekday="EEEE d MMMM y",
        short="EEE d MMMM y",
        comma="، ",
        clock="الساعة {time} بتوقيت {city}",
        utc=" (\u2066{utc}\u2069)",  # isolated: else it reads "UTC 14:00"
        range="من {first} إلى {last}",
        within_month=("d", "d MMMM y"),
        within_year=("d MMMM", "d MMMM y"),
        across=("d MMMM y", "d MMMM y"),
        join=" و",
        left="بقي {span}",
    ),
}
_UNITS: Sequence[tuple[_Unit, timedelta]] = (
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=1)),
    ("second", timedelta(seconds=1)),
)
_FINEST_BESIDE = timedelta(minutes=1)  # seconds stand alone, never beside minutes


def long(at: datetime, place: Place) -> str:
    """Return "Friday 17 July 2020, 16:00 Geneva"."""
    forms, local = _forms(), _local(at, place)
    return f"{_write(local, forms.weekday)}{forms.comma}{_clock(f'{local:%H:%M}', place)}"


def full(at: datetime, place: Place) -> str:
    """Return the instant as `long` has it, with UTC beside it."""
    return long(at, place) + _forms().utc.format(utc=utc(at))


def short(at: datetime, place: Place) -> str:
    """Return "Fri 17 July 2020, 16:00", for the row of a table."""
    forms, local = _forms(), _local(at, place)
    return f"{_write(local, forms.short)}{forms.comma}{local:%H:%M}"


def exact(at: datetime, place: Place) -> str:
    """Return the instant to the second, with UTC beside it: for receipts and the ledger."""
    forms, local = _forms(), _local(at, place)
    clock = _clock(f"{local:%H:%M:%S}", place)
    aside = forms.utc.format(utc=f"{at.astimezone(UTC):%H:%M:%S} UTC")
    return f"{_write(local, forms.weekday)}{forms.comma}{clock}{aside}"


def clock_time(at: datetime, place: Place) -> str:
    """Return "17:00 Nairobi"."""
    return _clock(f"{_local(at, place):%H:%M}", place)


def utc(at: datetime) -> str:
    """Return "14:00 UTC"."""
    return f"{at.astimezone(UTC):%H:%M} UTC"


def day(on: date) -> str:
    """Return "17 July 2020"."""
    return _write(on, _forms().day)


def weekday_day(on: date) -> str:
    """Return "Friday 17 July 2020"."""
    return _write(on, _forms().weekday)


def days(first: date, last: date) -> str:
    """Return "8 to 18 June 2021"; one day alone as `day` has it."""
    if first == last:
        return day(first)
    forms = _forms()
    if (first.year, first.month) == (last.year, last.month):
        patterns = forms.within_month
    else:
        patterns = forms.within_year if first.year == last.year else forms.across
    return forms.range.format(first=_write(first, patterns[0]), last=_write(last, patterns[1]))


def city_of(zone: str) -> str:
    """Return the city by which a zone is known, in the reader's language."""
    try:
        return str(get_timezone_location(zone, locale=_locale(), return_city=True))
    except LookupError:  # the machine knows it and the tables of words do not
        return zone.rpartition("/")[2]


def offset(zone: str, on: date) -> str:
    """Return how far a zone is from UTC on a day, at noon: "UTC+02:00"."""
    at = datetime(on.year, on.month, on.day, 12, tzinfo=ZoneInfo(zone))
    written = f"{at:%z}"
    return f"UTC{written[:3]}:{written[3:5]}"


def left(span: timedelta) -> str:
    """Return "3 days 4 hours left": two units at most, rounded down."""
    return _forms().left.format(span=duration(span))


def left_form() -> tuple[str, str]:
    """Return the frame of `left` and what joins its units, for the script that lets it tick."""
    forms = _forms()
    return forms.left.format(span="{}"), forms.join


def duration(span: timedelta) -> str:
    """Return "3 days 4 hours": two units at most, rounded down."""
    span = max(span, timedelta(0))
    at = next((n for n, (_name, size) in enumerate(_UNITS) if span >= size), len(_UNITS) - 1)
    name, size = _UNITS[at]
    words = [_spell(span // size * size, name)]
    for finer, smaller in _UNITS[at + 1 : at + 2]:
        if smaller >= _FINEST_BESIDE and (rest := span % size // smaller * smaller):
            words.append(_spell(rest, finer))
    return _forms().join.join(words)


def _language() -> str:
    locale = get_locale()
    return locale.language if locale is not None and locale.language in _FORMS else "en"


def _forms() -> _Forms:
    return _FORMS[_language()]


def _locale() -> str:
    language = _language()
    return "en_GB" if language == "en" else language


def _write(on: date, pattern: str) -> str:
    written = format_date(on, pattern, locale=_locale())
    if on.day == 1 and _language() == "fr":
        return written.replace("1", "1er", 1)
    return written


def _clock(time: str, place: Place) -> str:
    return _forms().clock.format(time=time, city=place.city)


def _spell(span: timedelta, unit: _Unit) -> str:
    """Write a whole number of *unit*, with the plural that the language asks for."""
    written = format_timedelta(
        span, granularity=unit, threshold=float("inf"), format="long", locale=_locale()
    )
    return written.replace("\u00a0", " ")  # French has it for some numbers alone


def _local(at: datetime, place: Place) -> datetime:
    return at.astimezone(ZoneInfo(place.zone))
