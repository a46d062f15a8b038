"""What letters tell of taking part is counted exactly, and of no more than there is."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from consult.core.participation import (
    ACHIEVED_WITHIN,
    Letter,
    Reminder,
    by_day,
    by_region,
    effects,
)

OPENS = datetime(2020, 6, 1, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def letter(first: dict[str, int], *reminders: Reminder, entitled: str = "ABCD") -> Letter:
    """A letter to members of one letter each; *first* in hours after the opening."""
    return Letter(
        slug="x",
        reference="X/1",
        subject="",
        opens_at=OPENS,
        closes_at=OPENS + 30 * 24 * HOUR,
        entitled={member: "north" if member in "AB" else "south" for member in entitled},
        first={member: OPENS + hours * HOUR for member, hours in first.items()},
        late=0,
        reminders=reminders,
    )


def test_half_had_replied_after_the_lower_median() -> None:
    assert letter({}).median is None
    assert letter({"A": 5}).median == 5 * HOUR
    assert letter({"A": 1, "B": 9, "C": 30}).median == 9 * HOUR
    assert letter({"A": 1, "B": 9}).median == HOUR


def test_a_region_is_counted_over_all_letters() -> None:
    shares = by_region([letter({"A": 1, "C": 2}), letter({"A": 1})])
    assert [(share.name, share.count, share.of) for share in shares] == [
        ("north", 2, 4),
        ("south", 1, 4),
    ]


def test_the_first_day_is_day_1_and_ends_after_24_hours() -> None:
    shares = by_day([letter({"A": 0, "B": 23, "C": 24})])
    assert [(share.name, share.count) for share in shares] == [("1", 2), ("2", 1)]


def test_a_reply_is_put_down_to_a_reminder_for_two_days() -> None:
    reminded = Reminder(OPENS + 100 * HOUR, frozenset("ABC"))
    (effect,) = effects([letter({"A": 99, "B": 100, "C": 147, "D": 101}, reminded)])
    assert (effect.reminded, effect.replied) == (3, 2)
    (effect,) = effects([letter({"B": 100 + ACHIEVED_WITHIN // HOUR}, reminded)])
    assert effect.replied == 0


@given(st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 700)))
def test_every_first_reply_is_counted_once_in_each_figure(first: dict[str, int]) -> None:
    one = letter(first)
    assert sum(share.count for share in by_region([one])) == len(first)
    assert sum(share.count for share in by_day([one])) == len(first)
