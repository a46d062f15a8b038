"""Counting what is tried, in the database and in Redis: the same, and never lost without a word."""

import logging
import os
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import redis
from sqlalchemy import Engine

from consult.actions import throttling
from consult.actions.change import Desk
from consult.actions.counters import Counters, InDatabase
from consult.actions.redis_counters import InRedis
from consult.app import make_counters
from consult.cli.doctor import examine
from consult.core.throttle import EXPORTS, LINKS, SIGN_IN, delay
from consult.errors import TooOften
from consult.settings import SettingsError, load
from tests.build import open_consultation
from tests.conftest import StandingClock

NOBODY = "redis://127.0.0.1:1/0"  # nothing listens there
HOUR = timedelta(hours=1)


@pytest.fixture
def server() -> str:
    """The address of a Redis that answers."""
    url = os.environ.get("CONSULT_TEST_REDIS", "")
    try:
        if url:
            redis.Redis.from_url(url, socket_connect_timeout=1).ping()
            return url
        why = "CONSULT_TEST_REDIS names none"
    except redis.RedisError as away:
        why = str(away)
    if os.environ.get("CONSULT_REQUIRE_SERVICES") == "1":
        pytest.fail(f"Redis is required: {why}")
    pytest.skip(f"no Redis: {why}")


@pytest.fixture(params=["database", "redis"])
def counters(request: pytest.FixtureRequest, engine: Engine) -> Counters:
    counted = InDatabase(engine)
    if request.param == "database":
        return counted
    return InRedis(request.getfixturevalue("server"), instead=_Nowhere())


@pytest.fixture
def keys(counters: Counters) -> Iterator[list[str]]:
    made = [secrets.token_hex(32) for _ in range(3)]
    yield made
    counters.drop(made)


class _Nowhere:
    """Stands in for nothing: whoever asks it has not asked Redis."""

    def add(self, *_given: object) -> list[int]:
        raise AssertionError

    def read(self, *_given: object) -> dict[str, object]:
        raise AssertionError

    def drop(self, *_given: object) -> None:
        """What Redis forgets, this forgets as well."""


def test_each_key_is_counted_until_its_end_and_then_anew(
    counters: Counters, keys: list[str], clock: StandingClock
) -> None:
    """T97."""
    one, two, three = keys
    now = clock()
    assert counters.add([one, two], now, now + HOUR) == [1, 1]
    later = now + timedelta(minutes=59)
    assert counters.add([two], later, now + HOUR) == [2]
    assert counters.read([one, two, three], later) == {one: (1, now), two: (2, later)}
    assert counters.read([one, two], now + HOUR) == {}
    assert counters.add([two], now + HOUR, now + 2 * HOUR) == [1]
    counters.drop([two])
    assert counters.read([two], now + HOUR) == {}


def test_many_at_once_are_all_counted(
    counters: Counters, keys: list[str], clock: StandingClock
) -> None:
    """T97: guessing from forty browsers is forty guesses."""
    now = clock()

    def add(_number: int) -> int:
        return counters.add(keys[:1], now, now + HOUR)[0]

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(add, range(40))) == list(range(1, 41))


def test_limits_and_delays_are_the_same_wherever_it_is_counted(
    desk: Desk, counters: Counters, clock: StandingClock
) -> None:
    """T13, T97."""
    there = replace(desk, counters=counters, limits=True, secret=secrets.token_bytes(32))
    for _ in range(LINKS.most):
        throttling.take(there, LINKS, "ana@example.org")
    with pytest.raises(TooOften):
        throttling.take(there, LINKS, "ana@example.org")
    throttling.take(there, LINKS, "bea@example.org")
    throttling.failed(there, "ana@example.org", "203.0.113.0/24")
    with pytest.raises(TooOften) as refused:
        throttling.admit(there, "ana@example.org", "203.0.113.0/24")
    assert refused.value.facts["seconds"] == delay(1).seconds
    throttling.clear(there, "ana@example.org", "203.0.113.0/24")
    throttling.admit(there, "ana@example.org", "203.0.113.0/24")
    for _ in range(10):
        throttling.failed(there, "ana@example.org", "203.0.113.0/24")
    assert throttling.needs_link(there, "ana@example.org")


def test_other_numbers_take_the_place_of_the_usual_ones(desk: Desk) -> None:
    """T97: limits are settings."""
    numbers = load({"CONSULT_LIMIT_NUMBERS": "sign-in=2, exports=1"}).limit_numbers
    there = replace(desk, limits=True, limit_numbers=numbers)
    for limit, most in ((SIGN_IN, 2), (EXPORTS, 1), (LINKS, 5)):
        for _ in range(most):
            throttling.take(there, limit, "a")
        with pytest.raises(TooOften):
            throttling.take(there, limit, "a")


def test_nothing_early_is_refused_in_the_last_hour_before_a_deadline(
    desk: Desk, clock: StandingClock
) -> None:
    """T97."""
    open_consultation(desk, members=3)
    there = replace(desk, limits=True, limit_numbers={"links": 1})
    throttling.take_early(there, LINKS, "a")
    with pytest.raises(TooOften):
        throttling.take_early(there, LINKS, "a")
    clock.forward(days=27, hours=5, minutes=30)
    throttling.take_early(there, LINKS, "a")
    throttling.take_early(there, LINKS, "a")


def test_a_redis_that_is_away_is_said_and_the_database_counts(
    engine: Engine, clock: StandingClock, caplog: pytest.LogCaptureFixture
) -> None:
    """T97, T100: nobody is refused because a counter is away, and nothing goes uncounted."""
    counted, now, key = InDatabase(engine), clock(), secrets.token_hex(32)
    away = InRedis(NOBODY, instead=counted)
    with caplog.at_level(logging.ERROR, logger="consult.limits"):
        assert away.add([key], now, now + HOUR) == [1]
        assert away.add([key], now, now + HOUR) == [2]
        assert away.read([key], now) == {key: (2, now)}
        away.drop([key])
        assert not away.answers()
    assert counted.read([key], now) == {}
    assert len(caplog.records) == 5
    assert {record.getMessage() for record in caplog.records} == {
        "redis not reached, limits are counted in the database"
    }
    assert "127.0.0.1" not in str([vars(record) for record in caplog.records])


def test_what_redis_keeps_clears_itself_away(server: str, clock: StandingClock) -> None:
    counters, key, now = InRedis(server, instead=_Nowhere()), secrets.token_hex(32), clock()
    counters.add([key], now, now + HOUR)
    left = redis.Redis.from_url(server).pttl(f"consult:counter:{key}")
    assert 0 < left <= HOUR.total_seconds() * 1000
    counters.drop([key])


def test_the_setting_says_where_it_is_counted(engine: Engine, server: str) -> None:
    """T97."""
    assert isinstance(make_counters(load({}), engine), InDatabase)
    assert isinstance(make_counters(load({"CONSULT_REDIS_URL": server}), engine), InRedis)
    with pytest.raises(SettingsError, match="must begin with redis://"):
        load({"CONSULT_REDIS_URL": "http://user:hidden@host/0"})


@pytest.mark.parametrize("wrong", ["exports", "exports=", "exports=0", "exports=-1", "posts=3"])
def test_a_limit_that_is_none_is_refused_in_words(wrong: str) -> None:
    with pytest.raises(SettingsError, match=f"CONSULT_LIMIT_NUMBERS has '{wrong}'"):
        load({"CONSULT_LIMIT_NUMBERS": wrong})


@pytest.mark.parametrize(("away", "state"), [(False, "ok"), (True, "bad")])
def test_the_doctor_says_whether_redis_answers(
    desk: Desk, server: str, tmp_path, away: bool, state: str
) -> None:  # type: ignore[no-untyped-def]
    given = {
        "CONSULT_DATABASE_URL": desk.engine.url.render_as_string(hide_password=False),
        "CONSULT_INSTANCE": str(tmp_path),
        "CONSULT_REDIS_URL": NOBODY if away else server,
    }
    said = [one for one in examine(load(given), quick=True) if "Redis" in one.what]
    assert [one.state for one in said] == [state]
