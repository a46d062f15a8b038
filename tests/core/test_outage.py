"""How long the service was away before a deadline, and what the letter then gives."""

from datetime import UTC, datetime, timedelta

import pytest

from consult.core.outage import Clause, decide

END = datetime(2020, 7, 17, 14, 0, tzinfo=UTC)
CLAUSE = Clause(minutes=30, hours=2, extension_minutes=60)
START = END - CLAUSE.window
NOW = END + timedelta(seconds=120)
MINUTE = timedelta(minutes=1)


def beats(*away: tuple[datetime, datetime]) -> list[datetime]:
    """One sign a minute from an hour before the window until now, but while *away*."""
    first = START - 60 * MINUTE
    signs = [first + n * MINUTE for n in range(int((NOW - first) / MINUTE) + 1)]
    return [sign for sign in signs if not any(a < sign < b for a, b in away)]


def minutes_away(*away: tuple[datetime, datetime], now: datetime = NOW) -> int:
    found = decide(Clause(0, 2, 60), beats(*away), END, now)
    return found.minutes if found else 0


def test_a_service_that_was_there_extends_nothing() -> None:
    assert decide(CLAUSE, beats(), END, NOW) is None


def test_one_missed_sign_is_no_absence() -> None:
    assert minutes_away((END - 11 * MINUTE, END - 9 * MINUTE)) == 0
    assert minutes_away((END - 12 * MINUTE, END - 9 * MINUTE)) == 3


@pytest.mark.parametrize(("away", "extended"), [(30, False), (31, True)])
def test_it_must_be_more_than_the_letter_lets_pass(away: int, extended: bool) -> None:
    gap = (END - 60 * MINUTE, END - 60 * MINUTE + away * MINUTE)
    found = decide(CLAUSE, beats(gap), END, NOW)
    assert (found is not None) is extended
    if found:
        assert (found.minutes, found.to) == (31, END + 60 * MINUTE)


def test_it_is_exact_to_the_microsecond() -> None:
    signs = [*beats((END - 60 * MINUTE, END - 29 * MINUTE))]
    back = END - 30 * MINUTE
    assert decide(CLAUSE, [*signs, back], END, NOW) is None
    just = back + timedelta(microseconds=1)
    found = decide(CLAUSE, [*signs, just], END, NOW)
    assert found is not None
    assert found.minutes == 30


def test_absences_are_summed() -> None:
    found = decide(
        CLAUSE,
        beats(
            (END - 100 * MINUTE, END - 80 * MINUTE),
            (END - 50 * MINUTE, END - 35 * MINUTE),
        ),
        END,
        NOW,
    )
    assert found is not None
    assert found.minutes == 35
    assert [(g.from_at, g.to_at) for g in found.gaps] == [
        (END - 100 * MINUTE, END - 80 * MINUTE),
        (END - 50 * MINUTE, END - 35 * MINUTE),
    ]


def test_an_absence_counts_within_the_window_alone() -> None:
    assert minutes_away((START - 30 * MINUTE, START + 10 * MINUTE)) == 10


def test_away_at_the_deadline_the_time_is_given_anew_from_when_it_is_back() -> None:
    signs = [sign for sign in beats() if sign <= END - 40 * MINUTE]
    back = END + timedelta(hours=5, seconds=20)
    found = decide(CLAUSE, signs, END, back)
    assert found is not None
    assert found.minutes == 40
    assert found.to == END + timedelta(hours=6, minutes=1)


def test_a_service_that_finds_out_too_late_gives_the_time_from_then() -> None:
    gap = (END - 60 * MINUTE, END - 20 * MINUTE)
    found = decide(CLAUSE, [*beats(gap), END + MINUTE], END, END + timedelta(hours=2))
    assert found is not None
    assert found.to == END + timedelta(hours=3)


def test_no_sign_at_all_is_an_absence_of_the_whole_window() -> None:
    found = decide(CLAUSE, [], END, NOW)
    assert found is not None
    assert found.minutes == 120
    assert [(g.from_at, g.to_at) for g in found.gaps] == [(START, END)]
