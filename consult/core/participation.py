"""What a body's letters tell of taking part: turnout, time to reply, what reminders achieved."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# A reply within two days of a reminder is put down to it; nobody can know.
ACHIEVED_WITHIN = timedelta(days=2)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One step of the schedule, or one reminder by hand.

    Args:
        at: When the first of its mails was queued.
        members: Codes of those reminded.
    """

    at: datetime
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that was opened, as far as taking part goes.

    Args:
        entitled: Of each member with the right to vote its region.
        first: Of each of them that replied in time, when its first version came.
        late: How many members replied late alone.
    """

    slug: str
    reference: str
    subject: str
    opens_at: datetime
    closes_at: datetime
    entitled: Mapping[str, str]
    first: Mapping[str, datetime]
    late: int
    reminders: Sequence[Reminder]

    @property
    def replied(self) -> int:
        return len(self.first)

    @property
    def median(self) -> timedelta | None:
        """After how long half of those that replied had done so; None without a reply."""
        spans = sorted(at - self.opens_at for at in self.first.values())
        return spans[(len(spans) - 1) // 2] if spans else None


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, under a name."""

    name: str
    count: int
    of: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What one reminder achieved.

    Args:
        before: How long before the deadline it went out.
        replied: How many of those reminded sent their first reply within `ACHIEVED_WITHIN`.
    """

    reference: str
    at: datetime
    before: timedelta
    reminded: int
    replied: int


def by_region(letters: Iterable[Letter]) -> list[Share]:
    """Return of each region how many replies came of those that could have, over all letters."""
    entitled: Counter[str] = Counter()
    replied: Counter[str] = Counter()
    for letter in letters:
        entitled.update(letter.entitled.values())
        replied.update(letter.entitled[member] for member in letter.first)
    return [Share(name, replied[name], of) for name, of in sorted(entitled.items())]


def by_day(letters: Iterable[Letter]) -> list[Share]:
    """Return how many first replies came on each day after the opening, from day 1 on."""
    days: Counter[int] = Counter()
    for letter in letters:
        days.update((at - letter.opens_at) // _DAY for at in letter.first.values())
    total = days.total()
    return [Share(str(day + 1), days[day], total) for day in range(max(days, default=-1) + 1)]


def effects(letters: Iterable[Letter]) -> list[Effect]:
    """Return what each reminder achieved, in the order in which they went out."""
    found = [
        Effect(
            reference=letter.reference,
            at=reminder.at,
            before=letter.closes_at - reminder.at,
            reminded=len(reminder.members),
            replied=sum(
                _answers(letter.first.get(member), reminder) for member in reminder.members
            ),
        )
        for letter in letters
        for reminder in letter.reminders
    ]
    return sorted(found, key=lambda effect: effect.at)


def _answers(at: datetime | None, reminder: Reminder) -> bool:
    return at is not None and reminder.at <= at < reminder.at + ACHIEVED_WITHIN
