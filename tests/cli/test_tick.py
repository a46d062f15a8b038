"""`consult tick` and `consult worker --once`, on a real database."""

from datetime import timedelta
from mailbox import Maildir
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from consult.actions.change import Desk
from consult.cli import main
from consult.settings import Settings
from consult.tables import LedgerEntry, Notice, reading
from tests import build


@pytest.fixture
def slug(desk: Desk) -> str:
    build.council(desk, members=3)
    officer, approver = build.officer(desk), build.approver(desk)
    for code, language in (("ARG", "es"), ("BHS", "en"), ("BRA", "fr")):
        build.person(desk, f"Head of {code}", member=code, language=language)
    drafted = build.draft(desk, officer)
    build.open_it(desk, drafted, officer, approver)
    return drafted


@pytest.fixture
def run(settings: Settings) -> Any:
    def invoke(*arguments: str) -> Result:
        given = {
            "CONSULT_DATABASE_URL": settings.database,
            "CONSULT_INSTANCE": str(settings.instance),
            "CONSULT_SECRET_KEY": settings.secret,
        }
        return CliRunner(env=given).invoke(main, arguments)

    return invoke


def counts(desk: Desk) -> tuple[int | None, int | None]:
    with reading(desk.engine) as session:
        return (
            session.scalar(select(func.count()).select_from(Notice)),
            session.scalar(select(func.count()).select_from(LedgerEntry)),
        )


def test_tick_at_an_instant_prints_who_would_be_reminded_and_changes_nothing(
    desk: Desk, slug: str, run: Any
) -> None:
    before = counts(desk)
    at = build.CLOSES_AT - timedelta(days=2)
    done = run("tick", "--at", at.isoformat())
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert [line.split()[3:5] for line in lines] == [["ARG", "es"], ["BHS", "en"], ["BRA", "fr"]]
    assert all(
        line.startswith("2020-07-15T14:00:00.000000Z CONS-2020-1 reminder-2880-") for line in lines
    )
    assert "@" not in done.output
    assert counts(desk) == before
    assert run("tick", "--at", "2020-06-21T00:00:00Z").output == "nothing is due then\n"


def test_tick_refuses_an_instant_without_a_zone(slug: str, run: Any) -> None:
    done = run("tick", "--at", "2020-07-15T16:00")
    assert done.exit_code == 2
    assert "with its zone" in done.output


def test_a_worker_with_a_timer_of_its_own_does_what_is_due_and_ends(
    desk: Desk, slug: str, run: Any, settings: Settings
) -> None:
    """Years later the deadline has passed: the closing is told, the rest is pointless."""
    done = run("worker", "--once")
    assert done.exit_code == 0, done.output
    assert done.output.endswith(" notices handled\n")
    sent = [message["Subject"] for message in Maildir(settings.mailbox, create=False)]
    assert sent == ["Closed: The Council, consultation CONS-2020/1"] * 2


def test_tick_queues_what_is_due(desk: Desk, slug: str, run: Any) -> None:
    done = run("tick")
    assert done.exit_code == 0, done.output
    assert done.output == "0 notices queued, 0 requests lapsed, 0 heads signed\n"
