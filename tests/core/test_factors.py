"""What is enough to be somebody, from how near two requests come, how long a guesser waits."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.factors import Factor, count, together
from consult.core.network import prefix
from consult.core.throttle import LINKS, delay, window_of


@pytest.mark.parametrize(
    ("factors", "worth"),
    [
        ("", 0),
        ("link", 1),
        ("password", 0),
        ("app", 1),
        ("app recovery", 1),
        ("provider", 1),
        ("provider password", 1),
        ("link password", 2),
        ("link app", 2),
        ("link recovery", 2),
        ("password app", 2),
        ("password recovery", 2),
        ("provider app", 2),
        ("provider app password", 2),
        ("passkey", 2),
        ("provider-two", 2),
    ],
)
def test_two_factors_are_two_different_things(factors: str, worth: int) -> None:
    """T11, T12: a password counts only beside something that one has."""
    assert count(factors) == worth


@given(st.lists(st.sampled_from(list(Factor))), st.sampled_from(list(Factor)))
def test_showing_more_is_never_worth_less(held: list[Factor], more: Factor) -> None:
    assert count(together(held, more)) >= count(together(held))


def test_what_was_shown_twice_is_kept_once() -> None:
    assert together("link password", Factor.PASSWORD, [Factor.APP]) == "link password app"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2::7", "2001:db8:1::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("", ""),
        (None, ""),
        ("unix:", ""),
    ],
)
def test_neighbours_are_one_network(address: str | None, network: str) -> None:
    assert prefix(address) == network


def test_the_delay_doubles_to_a_quarter_of_an_hour() -> None:
    """T13."""
    assert [delay(n).total_seconds() for n in range(6)] == [0, 1, 2, 4, 8, 16]
    assert delay(11) == timedelta(minutes=15) == delay(10_000)
    assert delay(30, free=30) == timedelta(0)
    assert delay(31, free=30) == timedelta(seconds=1)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_window_ends_after_now_and_within_its_length(now: datetime) -> None:
    number, ends_at = window_of(LINKS, now)
    assert now < ends_at <= now + LINKS.window
    assert window_of(LINKS, ends_at)[0] == number + 1
