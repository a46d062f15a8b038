"""The demonstration: real material, replayed through the actions to its expected result."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from sqlalchemy import func, select

from consult.actions.change import Desk
from consult.cli import demo, main
from consult.cli.demo import chairs
from consult.core.life import State
from consult.core.ready import lacks
from consult.core.schedule import NoticeState
from consult.core.verify import verify_record
from consult.keys import Keyring
from consult.queries.content import content_of, load_whole
from consult.queries.roll import lines_of, seats_on
from consult.tables import (
    Body,
    Consultation,
    LedgerEntry,
    Notice,
    Person,
    Record,
    Reply,
    RollEntry,
    make_engine,
    reading,
)
from consult.tables.migrating import upgrade
from tests.databases import beside

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
REPLIES = Path(__file__).parent.parent.parent / "consult/data/itu-council-2020/replies.yaml"
GIVEN = yaml.safe_load(REPLIES.read_text(encoding="utf-8"))["replies"]


pytestmark = pytest.mark.xdist_group("demo")  # it is loaded once for each database


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def loaded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("demo")
    with ExitStack() as stack:
        url = f"sqlite:///{folder / 'consult.db'}"
        if request.param == "postgresql":
            url = stack.enter_context(beside(request.getfixturevalue("postgresql")))
        upgrade(url)
        engine = make_engine(url)
        stack.callback(engine.dispose)
        desk = Desk(
            engine=engine,
            clock=lambda: NOW,
            secret=b"secret",
            files=folder / "files",
            keys=Keyring(folder / "keys", makes_own=True),
        )
        demo.load(desk)
        yield desk


def letter(desk: Desk, reference: str) -> Consultation:
    with reading(desk.engine) as session:
        found = session.scalars(
            select(Consultation).where(Consultation.reference == reference)
        ).one()
        return load_whole(session, found.id)


def test_the_letter_of_2020_ends_as_its_file_expects(loaded: Desk) -> None:
    with reading(loaded.engine) as session:
        record = session.scalars(select(Record)).one()
        result = session.scalars(
            select(Consultation.result).where(Consultation.state == State.PUBLISHED)
        ).one()
        late = session.scalars(select(Reply.member).where(Reply.late)).all()
        silent = session.scalars(
            select(RollEntry.member).where(
                RollEntry.consultation_id == record.consultation_id, RollEntry.versions == 0
            )
        ).all()
    for item, expected in GIVEN["expected"].items():
        question = result["questions"][item]
        counted = {name: question["counts"][name] for name in expected if name != "outcome"}
        assert {"outcome": question["outcome"], **counted} == expected, item
    assert (late, set(silent)) == (GIVEN["late"], set(GIVEN["no_reply"]))


def test_its_record_is_found_whole_by_the_verifier(loaded: Desk) -> None:
    with reading(loaded.engine) as session:
        content = session.scalars(select(Record.content)).one()
    assert verify_record(content.encode()).faults == []


def test_everything_happened_under_its_date(loaded: Desk) -> None:
    whole = letter(loaded, GIVEN["consultation"])
    with reading(loaded.engine) as session:
        first, last = session.execute(
            select(func.min(LedgerEntry.at), func.max(LedgerEntry.at)).where(
                LedgerEntry.consultation_id == whole.id
            )
        ).one()
        received = session.scalars(
            select(Reply.received_at).where(Reply.consultation_id == whole.id)
        ).all()
    assert (first.year, last.year) == (2020, 2020)
    expected = {datetime.fromisoformat(reply["received_at"]) for reply in GIVEN["replies"]}
    assert set(received) == expected


def test_mail_of_the_past_counts_as_sent_and_some_waits_for_the_visitor(loaded: Desk) -> None:
    with reading(loaded.engine) as session:
        states = dict(
            session.execute(select(Notice.state, func.count()).group_by(Notice.state)).all()
        )
        waiting = set(
            session.scalars(select(Notice.member).where(Notice.state == NoticeState.QUEUED))
        )
    assert set(states) == {NoticeState.SENT, NoticeState.QUEUED}
    assert waiting == {"KEN", "SEN", "CIV"}


def test_a_letter_is_open_with_some_days_left_and_part_of_the_states_replied(loaded: Desk) -> None:
    whole = letter(loaded, "C20-CC/2")
    with reading(loaded.engine) as session:
        replied = session.scalar(
            select(func.count())
            .select_from(RollEntry)
            .where(RollEntry.consultation_id == whole.id, RollEntry.versions > 0)
        )
    assert (whole.state, replied) == (State.OPEN, 20)
    assert whole.closes_at - NOW >= timedelta(days=5)
    assert whole.illustrative == GIVEN["notice"]


def test_a_draft_lacks_its_deadline_alone(loaded: Desk) -> None:
    whole = letter(loaded, "C20-CC/3")
    with reading(loaded.engine) as session:
        body = session.get_one(Body, whole.body_id)
        roll = lines_of(seats_on(session, body, NOW.date()), "en")
        content = content_of(whole, body)
    assert lacks(content, roll, NOW) == [("closes_at", "deadline-missing")]


@pytest.mark.parametrize(
    ("now", "closes_at"),
    [
        ("2026-11-24T10:00:00+00:00", "2026-11-30T16:00:00+01:00"),  # Tuesday: Sunday is no day
        ("2026-12-20T10:00:00+00:00", "2026-12-28T16:00:00+01:00"),  # Christmas, then a weekend
        ("2026-06-08T10:00:00+00:00", "2026-06-15T16:00:00+02:00"),
    ],
)
def test_the_deadline_is_a_working_day_of_the_seat(now: str, closes_at: str) -> None:
    found = chairs.deadline_after(datetime.fromisoformat(now))
    assert found == datetime.fromisoformat(closes_at)


def test_loaded_again_it_only_says_who_one_may_be(tmp_path: Path) -> None:
    environ = {
        "CONSULT_DATABASE_URL": f"sqlite:///{tmp_path / 'consult.db'}",
        "CONSULT_INSTANCE": str(tmp_path),
    }
    run = CliRunner()
    first = run.invoke(main, ["demo"], env=environ)
    assert first.exit_code == 0, first.output
    again = run.invoke(main, ["demo"], env=environ)
    assert again.exit_code == 0
    assert "Loading" in first.output
    assert "Loading" not in again.output
    assert "kenya@demo.consult.example" in again.output


def test_it_is_not_loaded_over_something_else(tmp_path: Path) -> None:
    environ = {
        "CONSULT_DATABASE_URL": f"sqlite:///{tmp_path / 'consult.db'}",
        "CONSULT_INSTANCE": str(tmp_path),
    }
    run = CliRunner()
    run.invoke(main, ["init", "--name", "A", "--address", "a@example.org"], env=environ)
    refused = run.invoke(main, ["demo"], env=environ)
    assert (refused.exit_code, "not empty" in refused.stderr) == (1, True)
    assert run.invoke(main, ["demo", "--if-empty"], env=environ).exit_code == 0


def test_it_is_not_for_production() -> None:
    environ = {
        "CONSULT_ENV": "production",
        "CONSULT_DATABASE_URL": "postgresql://nobody@127.0.0.1/none",
        "CONSULT_SECRET_KEY": "0123456789abcdef0123456789abcdef",
        "CONSULT_PUBLIC_URL": "https://consult.example.org",
        "CONSULT_MAIL_SENDER": "consult@example.org",
    }
    refused = CliRunner().invoke(main, ["demo"], env=environ)
    assert (refused.exit_code, "not for production" in refused.stderr) == (1, True)


def test_every_person_of_the_states_can_be_reached(loaded: Desk) -> None:
    with reading(loaded.engine) as session:
        people = session.scalars(select(Person)).all()
    assert all(person.address.endswith(".consult.example") for person in people)
    assert all(person.set_up_at is not None for person in people)
