"""After a key was lost the key in force stands for the records that it had signed (T54)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.actions.change import Change, Desk
from consult.core.canonical import canonical
from consult.core.countersigning import countersign
from consult.core.ledger import instant, sha256_hex
from consult.core.life import SYSTEM
from consult.core.verify import Trust, verify
from consult.errors import BadInput
from consult.queries.countersigned import heads_sent, lost_keys, not_countersigned
from consult.queries.keys import keys_of, newest
from consult.tables import (
    Consultation,
    Countersignature,
    LedgerEntry,
    Record,
    SigningKey,
    reading,
    writing,
)


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it.

    Args:
        made: How many records were countersigned.
        refused: The SHA-256 of each that does not hold, among them those that the lost key
            signed after it was lost: no new key stands for these.
    """

    made: int
    refused: tuple[str, ...]


def countersign_published(desk: Desk) -> Done:
    """Countersign what rests on a key that was lost, each record in a transaction of its own.

    Costs one statement while there is nothing to do. It goes on where it was interrupted, and
    two workers at once countersign nothing twice.

    Raises:
        NoSigningKey: The key in force cannot be used.
    """
    with reading(desk.engine) as session:
        waiting = [
            (lost, not_countersigned(session, lost)) for lost in lost_keys(session, to_do=True)
        ]
    made, refused = 0, []
    for lost, records in waiting:
        for record_id in records:
            if sha256 := _refused(desk, record_id):
                refused.append(sha256)
            else:
                made += _countersign(desk, record_id)
        with writing(desk.engine) as session:
            session.get_one(SigningKey, lost.successor).countersigned_at = desk.clock()
    return Done(made, tuple(refused))


def _refused(desk: Desk, record_id: int) -> str | None:
    """Return the hash of a record that does not hold, or is not the one that was published."""
    with reading(desk.engine) as session:
        row = session.get_one(Record, record_id)
        trust = Trust(keys=tuple(keys_of(session)))
        sent = heads_sent(session, row.consultation_id)
        entries = session.scalars(
            select(LedgerEntry.entry).where(
                LedgerEntry.consultation_id == row.consultation_id,
                LedgerEntry.what == "publication",
            )
        ).all()
    raw = row.content.encode()
    entered = {json.loads(entry)["facts"]["record"] for entry in entries}
    try:
        holds = verify(raw, (), trust).holds
    except BadInput:
        holds = False
    return None if holds and sha256_hex(raw) in entered and _fits(raw, sent) else row.sha256


def _fits(raw: bytes, sent: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether a record that holds names the heads that, as is stored, went out before it."""
    ledger = json.loads(raw)["ledger"]
    length = len(ledger["entries"])
    told: bool = ledger["heads_sent"] == [each for each in sent if each["number"] < length]
    return told


def _countersign(desk: Desk, record_id: int) -> bool:
    """Stand for one record that holds; its ledger hears of the key, and its head is signed."""
    with writing(desk.engine) as session:
        letter = session.scalars(
            select(Consultation)
            .join(Record, Record.consultation_id == Consultation.id)
            .where(Record.id == record_id)
            .with_for_update(of=Consultation)
        ).one()
        this = _opened(desk, session, letter)
        signer = this.signer()
        row = session.get_one(Record, record_id)
        before = select(Countersignature.id).where(
            Countersignature.record_id == record_id, Countersignature.kid == signer.kid
        )
        if session.scalar(before) is not None:
            return False
        made = countersign(
            signer,
            json.loads(row.content),
            sha256_hex(row.content.encode()),
            heads_sent(session, letter.id),
            instant(this.now),
            keys_of(session),
        )
        content = canonical(made).decode()
        session.add(
            Countersignature(record_id=record_id, kid=signer.kid, at=this.now, content=content)
        )
        this.sign_head()
    return True


def _opened(desk: Desk, session: Session, letter: Consultation) -> Change:
    """Return a change of *letter* that is dated no earlier than the key in force."""
    row = newest(session)
    assert row is not None and row.valid_from is not None  # noqa: S101, PT018 - one was lost
    return Change(desk, session, letter, max(desk.clock(), row.valid_from), SYSTEM)
