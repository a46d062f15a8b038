"""What a record is made from, and who finds which record in the register."""

import json

import pytest
import sqlalchemy as sa

from consult.actions.change import Desk
from consult.core.life import NotNow
from consult.core.tally import Outcome
from consult.core.verify import verify_ledger, verify_record
from consult.errors import NotFound
from consult.queries.exporting import ledger_text, record_text
from consult.queries.record import published
from consult.queries.register import Reader, Wanted, holds_head, number_of, register
from consult.tables import Record, reading
from tests import build
from tests.published import Office, count, office, publish
from tests.statements import statements

ANYONE = Reader()


@pytest.fixture
def of(desk: Desk) -> Office:
    return office(desk)


def test_a_counted_consultation_has_a_record_before_it_is_published(desk: Desk, of: Office) -> None:
    slug = count(desk, of)
    record = json.loads(record_text(desk.engine, desk.keys, slug))
    assert record["consultation"]["number"] is None
    assert verify_record(record_text(desk.engine, desk.keys, slug).encode()).faults == []


def test_before_the_count_nothing_can_be_taken_out(desk: Desk, of: Office) -> None:
    """T33, T75."""
    slug = build.draft(desk, of.officer)
    build.open_it(desk, slug, of.officer, of.approver)
    for take in (record_text, ledger_text):
        with pytest.raises(NotNow):
            take(desk.engine, desk.keys, slug)
        with pytest.raises(NotFound):
            take(desk.engine, desk.keys, "NO-SUCH")


def test_the_record_is_published_once_and_its_ledger_goes_on(desk: Desk, of: Office) -> None:
    slug = publish(desk, of)
    found = published(desk.engine, slug)
    assert found is not None
    record, ledger = (
        json.loads(found.content),
        json.loads(ledger_text(desk.engine, desk.keys, slug)),
    )
    assert record["consultation"]["number"] == "2020/1"
    assert record["consultation"]["certified"]["asked_by"] == "A. Officer"
    assert record_text(desk.engine, desk.keys, "CONS-2020/1") == found.content
    told = [link["entry"]["what"] for link in ledger["entries"]]
    assert told[: len(record["ledger"]["entries"])] == [
        link["entry"]["what"] for link in record["ledger"]["entries"]
    ]
    assert "publication" in told
    assert verify_ledger(json.dumps(ledger).encode()).faults == []


def test_the_register_is_searched_by_words_body_year_and_outcome(desk: Desk, of: Office) -> None:
    publish(desk, of)
    publish(desk, of, "approve", "approve", "approve", reference="CONS-2020/2")

    def found(**wanted: object) -> list[str]:
        lines = register(desk.engine, Wanted(**wanted), ANYONE, "en").lines
        return [line.reference for line in lines]

    assert found() == ["CONS-2020/2", "CONS-2020/1"]
    assert found(words="DATES cons-2020/1") == ["CONS-2020/1"]
    assert found(words="100%") == []
    assert found(body=build.BODY, year=2020) == ["CONS-2020/2", "CONS-2020/1"]
    assert found(year=2019) == []
    assert found(outcome=Outcome.NOT_ADOPTED) == ["CONS-2020/1"]
    assert found(outcome=Outcome.INQUORATE) == []


def test_what_is_for_members_only_is_found_by_them_and_the_secretariat(
    desk: Desk, of: Office
) -> None:
    """T31, T33."""
    slug = publish(desk, of, public=False)

    def total(reader: Reader) -> int:
        return register(desk.engine, Wanted(), reader, "en").total

    assert total(ANYONE) == 0
    assert total(Reader(members=frozenset({"KEN"}))) == 0
    assert total(Reader(members=frozenset({"ARG"}))) == 1
    assert total(Reader(staff=True)) == 1
    found = published(desk.engine, slug)
    assert found is not None
    assert found.members == frozenset(of.heads)
    assert number_of(desk.engine, found.sha256) is None


def test_a_line_of_a_mail_is_found_in_the_ledger(desk: Desk, of: Office) -> None:
    """T50."""
    slug = publish(desk, of)
    link = json.loads(ledger_text(desk.engine, desk.keys, slug))["entries"][7]
    assert holds_head(desk.engine, "CONS-2020/1", 7, link["head"][:32])
    assert not holds_head(desk.engine, "CONS-2020/1", 8, link["head"][:32])
    assert not holds_head(desk.engine, "CONS-2020/9", 7, link["head"][:32])


def test_reading_a_record_and_the_register_takes_few_statements(desk: Desk, of: Office) -> None:
    slug = publish(desk, of)
    with statements(desk.engine) as seen:
        published(desk.engine, slug)
    assert len(seen) == 1
    with statements(desk.engine) as seen:
        register(desk.engine, Wanted(words="dates"), ANYONE, "en")
    assert len(seen) == 4


def test_a_page_of_the_register_beyond_the_last_is_the_last(desk: Desk, of: Office) -> None:
    publish(desk, of)
    with reading(desk.engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Record)) == 1
    found = register(desk.engine, Wanted(page=9), ANYONE, "en")
    assert (found.page, found.pages, len(found.lines)) == (1, 1, 1)
