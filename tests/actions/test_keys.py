"""The service signs what it gives out, and changes its key by two persons."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from sqlalchemy import event, select

from consult.actions import checkpoints, closing, drafting, replying, rotating
from consult.actions.change import Desk
from consult.core.canonical import canonical
from consult.core.life import Role
from consult.core.signing import COMPROMISED, FIRST, PLANNED, fingerprint_of
from consult.core.verify import trust_in, verify, verify_receipt
from consult.errors import AlreadyDecided, BadInput, NoSigningKey, NotAllowed, SamePerson
from consult.keys import Keyring
from consult.queries.keys import key_file
from consult.queries.signed import verify_keys
from consult.queries.verifying import verify_database
from consult.tables import Checkpoint, LedgerEntry, Reply, SigningKey, reading
from tests import build
from tests.conftest import StandingClock


def receipts(desk: Desk) -> list[bytes]:
    with reading(desk.engine) as session:
        return [raw.encode() for raw in session.scalars(select(Reply.receipt).order_by(Reply.id))]


def entered(desk: Desk, what: str) -> list[dict[str, str]]:
    with reading(desk.engine) as session:
        rows = session.scalars(select(LedgerEntry.entry).where(LedgerEntry.what == what))
        return [json.loads(row)["facts"] for row in rows]


def signed(desk: Desk) -> list[dict[str, object]]:
    with reading(desk.engine) as session:
        return list(session.scalars(select(Checkpoint.said).order_by(Checkpoint.id)))


def whole(desk: Desk) -> bool:
    found = [verify_keys(desk.engine), *(each for _name, each in verify_database(desk.engine))]
    return all(findings.holds for findings in found)


def reply(desk: Desk, slug: str, member: str) -> bytes:
    head = build.person(desk, f"Head of {member}", member=member)
    said = build.answer(member, "approve", "object", "abstain", _general="We agree.")
    replying.reply(desk, slug, head, build.sent(desk, said))
    return receipts(desk)[-1]


def changed(desk: Desk, reason: str = PLANNED, **more: object) -> str:
    """Change the key, by an officer and an approver; return the new one's kid."""
    made = desk.keys.make()
    asks = build.person(desk, f"Asks {made.kid}", Role.OFFICER)
    confirms = build.person(desk, f"Confirms {made.kid}", Role.APPROVER)
    rotating.ask(desk, asks, made.kid, reason, **more)  # type: ignore[arg-type]
    rotating.confirm(desk, confirms, made.kid)
    return made.kid


def test_a_key_lies_in_a_file_of_its_owner_alone(desk: Desk) -> None:  # T52
    made = desk.keys.make()
    path = desk.keys.path(made.kid)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert desk.keys.faults(made.kid) == []
    path.chmod(0o640)
    (fault,) = desk.keys.faults(made.kid)
    assert "chmod 600" in fault
    with pytest.raises(NoSigningKey):
        Keyring(desk.keys.folder, makes_own=True).signer(made.kid)
    path.chmod(0o600)
    path.rename(desk.keys.path("0" * 16))
    missing, other = desk.keys.faults(made.kid)[::-1]
    assert "is not there" in missing
    assert "another key" in other


def test_production_never_makes_a_key_in_silence(desk: Desk) -> None:  # T52
    strict = Desk(
        desk.engine, desk.clock, desk.secret, desk.files, Keyring(desk.keys.folder, makes_own=False)
    )
    build.council(strict, 3)
    officer = build.officer(strict)
    with pytest.raises(NoSigningKey):
        build.draft(strict, officer)
    assert desk.keys.kids() == []
    assert rotating.begin(strict) == desk.keys.kids()[0]
    assert rotating.begin(strict) is None
    build.draft(strict, officer)


def test_a_receipt_is_signed_with_its_reply_and_holds_alone(desk: Desk) -> None:  # T55-T57
    raw = reply(desk, build.open_consultation(desk, members=3), "ARG")
    (key,) = key_file(desk.engine)["keys"]
    found = verify_receipt(raw, trust=trust_in(fingerprint_of(key["public_key"])))
    assert found.faults == []
    made = json.loads(raw)
    assert made["kid"] == key["kid"] == entered(desk, "ledger-opened")[0]["kid"]
    assert made["checkpoint"] in signed(desk)
    assert raw == canonical(made)
    assert whole(desk)


def test_heads_are_signed_at_the_opening_each_reply_and_the_closing(  # T46
    desk: Desk, clock: StandingClock
) -> None:
    slug = build.open_consultation(desk, members=3)
    assert len(signed(desk)) == 1
    reply(desk, slug, "ARG")
    assert len(signed(desk)) == 2
    clock.set(build.CLOSES_AT + timedelta(minutes=3))
    closing.close(desk, slug)
    assert len(signed(desk)) == 3
    assert whole(desk)


def test_each_day_what_has_grown_is_signed_once(desk: Desk, clock: StandingClock) -> None:  # T46
    officer = (build.council(desk, 3), build.officer(desk))[1]
    build.draft(desk, officer)
    assert checkpoints.sign_daily(desk) == 0
    clock.forward(days=1)
    assert [checkpoints.sign_daily(desk) for _ in range(2)] == [1, 0]
    clock.forward(days=2)
    assert checkpoints.sign_daily(desk) == 0
    (said,) = signed(desk)
    assert said["at"] == "2020-06-21T08:00:00.000000Z"
    assert whole(desk)


def test_a_new_key_is_in_every_ledger_and_the_old_one_speaks_for_it(  # T53, T54
    desk: Desk, clock: StandingClock
) -> None:
    slug = build.open_consultation(desk, members=3)
    before = reply(desk, slug, "ARG")
    clock.forward(hours=1)
    kid = changed(desk)
    clock.forward(hours=1)
    after = reply(desk, slug, "BHS")
    first, second = key_file(desk.engine)["keys"]
    (change,) = entered(desk, "key-changed")
    assert change == {"from": first["kid"], "to": kid, "reason": PLANNED}
    assert (first["valid_to"], second["previous"]) == (second["valid_from"], first["kid"])
    assert set(second["signatures"]) == {first["kid"], kid}
    assert [json.loads(raw)["kid"] for raw in (before, after)] == [first["kid"], kid]
    listed = canonical(key_file(desk.engine))
    assert verify(listed).faults == []
    for key in (first, second):  # each speaks for the other
        trust = trust_in(fingerprint_of(key["public_key"]), listed)
        assert verify_receipt(before, trust=trust).faults == []
        assert verify_receipt(after, trust=trust).faults == []
    assert whole(desk)


def test_nothing_holds_that_a_lost_key_signed_after_it_was_lost(  # T54
    desk: Desk, clock: StandingClock
) -> None:
    slug = build.open_consultation(desk, members=3)
    before = reply(desk, slug, "ARG")
    clock.forward(hours=1)
    lost_at = clock.now
    clock.forward(hours=1)
    stolen = reply(desk, slug, "BHS")
    clock.forward(hours=1)
    changed(desk, COMPROMISED, revokes_from=lost_at)
    first, second = key_file(desk.engine)["keys"]
    assert first["revoked_at"] == second["revokes_from"] == "2020-06-20T09:00:00.000000Z"
    listed = canonical(key_file(desk.engine))
    trust = trust_in(fingerprint_of(second["public_key"]), listed)
    assert verify_receipt(before, trust=trust).faults == []
    assert "was revoked" in str(verify_receipt(stolen, trust=trust).faults[0])
    new = reply(desk, slug, "BRA")
    old_alone = trust_in(fingerprint_of(first["public_key"]), listed)
    assert "cannot speak" in str(verify_receipt(new, trust=old_alone).faults[0])


def test_a_ledger_at_rest_hears_of_the_key_when_it_is_signed_again(  # T54
    desk: Desk, clock: StandingClock
) -> None:
    build.council(desk, 3)
    officer = build.officer(desk)
    drafting.discard(desk, build.draft(desk, officer), officer)
    changed(desk)
    assert entered(desk, "key-changed") == []
    kid = changed(desk)
    clock.forward(days=1)
    assert checkpoints.sign_daily(desk) == 1
    (change,) = entered(desk, "key-changed")
    assert change["to"] == kid
    assert whole(desk)


def test_a_ledger_at_rest_waits_for_whoever_changes_the_key(  # T54, T64
    desk: Desk, clock: StandingClock
) -> None:
    """The signature of the former key would stand after the instant at which it went."""
    build.council(desk, 3)
    officer = build.officer(desk)
    drafting.discard(desk, build.draft(desk, officer), officer)
    changed(desk)  # the demo's own, and the next
    made = desk.keys.make()
    rotating.ask(desk, officer, made.kid, PLANNED)
    approver = build.person(desk, "B. Approver", Role.APPROVER)
    began, goes_on = Event(), Event()

    def slowly(*given: Any) -> None:
        began.set()
        goes_on.wait(10)

    event.listen(SigningKey, "before_update", slowly)
    try:
        with ThreadPoolExecutor(2) as pool:
            changing = pool.submit(rotating.confirm, desk, approver, made.kid)
            assert began.wait(10)
            clock.forward(days=1)
            signing = pool.submit(checkpoints.sign_daily, desk)
            with pytest.raises(TimeoutError):
                signing.result(0.3)
            goes_on.set()
            changing.result(20)
            assert signing.result(20) == 1
    finally:
        event.remove(SigningKey, "before_update", slowly)
    assert entered(desk, "key-changed")[-1]["to"] == made.kid
    assert whole(desk)


def test_a_key_is_changed_by_two_persons(desk: Desk, clock: StandingClock) -> None:  # T35, T54
    build.council(desk, 3)
    build.draft(desk, build.officer(desk))
    both = build.person(desk, "A. Both", Role.ADMINISTRATOR)
    approver = build.person(desk, "B. Approver", Role.APPROVER)
    first, second = desk.keys.make(), desk.keys.make()
    with pytest.raises(NotAllowed):
        rotating.ask(desk, approver, first.kid, PLANNED)
    with pytest.raises(NoSigningKey):
        rotating.ask(desk, both, "0" * 16, PLANNED)
    for reason, since in ((FIRST, None), (COMPROMISED, None), (PLANNED, clock.now)):
        with pytest.raises(BadInput):
            rotating.ask(desk, both, first.kid, reason, since)
    rotating.ask(desk, both, first.kid, PLANNED)
    for kid in (first.kid, second.kid):
        with pytest.raises(BadInput):
            rotating.ask(desk, both, kid, PLANNED)
    with pytest.raises(SamePerson):
        rotating.confirm(desk, both, first.kid)
    rotating.refuse(desk, approver, first.kid)
    with pytest.raises(AlreadyDecided):
        rotating.confirm(desk, approver, first.kid)
    rotating.ask(desk, both, second.kid, PLANNED)
    clock.forward(days=7)
    with pytest.raises(AlreadyDecided):
        rotating.confirm(desk, approver, second.kid)
    assert len(key_file(desk.engine)["keys"]) == 1
