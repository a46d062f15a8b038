"""After a key was lost, the newer one stands for the records that the lost one had signed."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from consult.actions import countersigning, rotating
from consult.actions.change import Desk
from consult.core.canonical import canonical
from consult.core.life import Role
from consult.core.signing import COMPROMISED, PLANNED, fingerprint_of
from consult.core.verify import trust_in, verify, verify_countersignature
from consult.queries.countersigned import uncountersigned
from consult.queries.keys import key_file
from consult.tables import (
    Countersignature,
    HeadSent,
    LedgerEntry,
    Record,
    SigningKey,
    reading,
    writing,
)
from tests import build, published
from tests.conftest import StandingClock
from tests.stored import faults


def changed(desk: Desk, reason: str = PLANNED, **more: object) -> str:
    made = desk.keys.make()
    asks = build.person(desk, f"Asks {made.kid}", Role.OFFICER)
    confirms = build.person(desk, f"Confirms {made.kid}", Role.APPROVER)
    rotating.ask(desk, asks, made.kid, reason, **more)  # type: ignore[arg-type]
    rotating.confirm(desk, confirms, made.kid)
    return made.kid


def lost(desk: Desk, **ago: float) -> str:
    """Say that the key in force was lost some time ago; return the new one's name."""
    return changed(desk, COMPROMISED, revokes_from=desk.clock() - timedelta(**ago))


def records(desk: Desk) -> list[bytes]:
    with reading(desk.engine) as session:
        return [one.encode() for one in session.scalars(select(Record.content).order_by(Record.id))]


def countersignatures(desk: Desk) -> list[bytes]:
    with reading(desk.engine) as session:
        rows = session.scalars(select(Countersignature.content).order_by(Countersignature.id))
        return [one.encode() for one in rows]


@pytest.fixture
def of(desk: Desk) -> published.Office:
    return published.office(desk, members=3)


def test_every_record_of_a_lost_key_is_countersigned_and_stays_as_it_is(  # T54
    desk: Desk, clock: StandingClock, of: published.Office
) -> None:
    published.publish(desk, of)
    clock.forward(days=1)
    published.publish(desk, of, reference="DM-20/1022")
    before = records(desk)
    clock.forward(days=2)
    kid = lost(desk, days=1)
    assert countersignatures(desk) == []
    assert countersigning.countersign_published(desk).made == len(before) == 2
    assert records(desk) == before
    fingerprint = fingerprint_of(key_file(desk.engine)["keys"][-1]["public_key"])
    for record, raw in zip(before, countersignatures(desk), strict=True):
        found = verify_countersignature(raw, [record], trust_in(fingerprint))
        assert (found.faults, found.facts["beside"]) == ([], True)
        said = json.loads(raw)
        assert raw == canonical(said)
        assert said["kid"] == kid
        with reading(desk.engine) as session:
            sent = session.scalars(
                select(HeadSent.head)
                .join(Record, Record.consultation_id == HeadSent.consultation_id)
                .where(Record.content == record.decode())
                .order_by(HeadSent.number)
            ).all()
        assert [one["head"] for one in said["heads_sent"]] == list(sent)
        assert len(sent) > len(json.loads(record)["ledger"]["heads_sent"])  # the result's, too
    assert faults(desk) == []
    assert uncountersigned(desk.engine) == []


def test_the_ledger_of_the_record_hears_of_the_key_and_is_signed_with_it(  # T46, T54
    desk: Desk, clock: StandingClock, of: published.Office
) -> None:
    published.publish(desk, of)
    clock.forward(days=2)
    kid = lost(desk, days=1)
    countersigning.countersign_published(desk)
    with reading(desk.engine) as session:
        last = session.scalars(select(LedgerEntry).order_by(LedgerEntry.id.desc())).first()
    assert last is not None
    assert (last.what, json.loads(last.entry)["facts"]["to"]) == ("key-changed", kid)
    assert faults(desk) == []


def test_nothing_is_done_twice_and_nothing_without_a_loss(  # T54
    desk: Desk, clock: StandingClock, of: published.Office
) -> None:
    published.publish(desk, of)
    clock.forward(days=1)
    changed(desk)
    assert countersigning.countersign_published(desk).made == 0
    clock.forward(days=1)
    changed(desk)
    assert [countersigning.countersign_published(desk).made for _ in range(2)] == [0, 0]
    lost(desk, hours=1)
    assert [countersigning.countersign_published(desk).made for _ in range(2)] == [0, 0]
    assert countersignatures(desk) == []  # the key that signed it was never lost


def test_what_was_signed_after_the_key_was_lost_is_not_countersigned(  # T54
    desk: Desk, clock: StandingClock, of: published.Office
) -> None:
    published.publish(desk, of)
    clock.forward(days=1)
    lost_at = clock.now
    clock.forward(days=1)
    slug = published.publish(desk, of, reference="DM-20/1022")
    changed(desk, COMPROMISED, revokes_from=lost_at)
    done = countersigning.countersign_published(desk)
    assert (done.made, len(done.refused)) == (1, 1)
    trust = trust_in(None, canonical(key_file(desk.engine)))
    held = [verify(raw, (), trust).holds for raw in records(desk)]
    assert held == [True, False]
    assert uncountersigned(desk.engine) == [slug.replace("DM-20-", "DM-20/")]
    assert countersigning.countersign_published(desk).refused == ()


def test_a_record_that_was_altered_is_not_countersigned(  # T54
    desk: Desk, clock: StandingClock, of: published.Office
) -> None:
    published.publish(desk, of)
    clock.forward(days=1)
    with writing(desk.engine) as session:
        session.execute(sa.delete(HeadSent))
    lost(desk, hours=1)
    done = countersigning.countersign_published(desk)
    assert (done.made, len(done.refused)) == (0, 1)


def test_a_second_loss_is_countersigned_anew(  # T54
    desk: Desk, clock: StandingClock, of: published.Office
) -> None:
    published.publish(desk, of)
    clock.forward(days=1)
    lost(desk, hours=1)
    countersigning.countersign_published(desk)
    clock.forward(days=1)
    third = lost(desk, hours=1)
    assert countersigning.countersign_published(desk).made == 1
    assert json.loads(countersignatures(desk)[-1])["kid"] == third
    trust = trust_in(None, canonical(key_file(desk.engine)))
    for raw in countersignatures(desk):
        assert verify_countersignature(raw, records(desk), trust).faults == []
    assert faults(desk) == []


def test_it_goes_on_where_it_was_interrupted(  # T54
    desk: Desk, clock: StandingClock, of: published.Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    published.publish(desk, of)
    published.publish(desk, of, reference="DM-20/1022")
    clock.forward(days=1)
    lost(desk, hours=1)
    whole, taken = countersigning._refused, []

    def breaks(desk: Desk, record_id: int) -> str | None:
        if taken:
            raise OSError("the machine stops")
        taken.append(record_id)
        return whole(desk, record_id)

    with monkeypatch.context() as patch:
        patch.setattr(countersigning, "_refused", breaks)
        with pytest.raises(OSError, match="stops"):
            countersigning.countersign_published(desk)
    assert len(countersignatures(desk)) == 1
    assert countersigning.countersign_published(desk).made == 1
    with reading(desk.engine) as session:
        assert session.scalars(
            select(SigningKey.countersigned_at).where(SigningKey.reason == COMPROMISED)
        ).all() == [clock.now]


def test_the_database_keeps_what_was_countersigned(  # T43, T54
    desk: Desk, clock: StandingClock, of: published.Office
) -> None:
    published.publish(desk, of)
    clock.forward(days=1)
    lost(desk, hours=1)
    countersigning.countersign_published(desk)
    for change in (sa.delete(Countersignature), sa.update(Countersignature).values(kid="0" * 16)):
        with pytest.raises(sa.exc.DBAPIError), writing(desk.engine) as session:
            session.execute(change)
