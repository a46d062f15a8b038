"""Store a reply that was lost as it was: its entry, its texts, its receipt, and who is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from consult.actions.change import Change
from consult.actions.completing import leaves_nothing_open
from consult.actions.counting import count_again
from consult.actions.recording import two_names
from consult.actions.silence import concerns, heed
from consult.actions.storing import reach
from consult.core.entries import RESTORED
from consult.core.ledger import read_instant
from consult.core.life import ENDED, Channel, State
from consult.core.readmitting import Proof, proof_of
from consult.core.reply import in_time
from consult.core.restored import restored_facts
from consult.core.schedule import NoticeKind
from consult.queries.answering import Form, form_of, gaps_of
from consult.queries.readmitting import becomes
from consult.queries.recipients import focal_points_of
from consult.queries.roll import frozen
from consult.queries.steps import asked_again
from consult.tables import FocalPoint, LedgerText, Person, Reply, Request, RollEntry


def restore(this: Change, request: Request, proof: Proof, approved: int) -> None:
    """Enter the reply that *proof* proves, keep it, and draw what follows from it.

    It counts as it would have: by the instant it was received and the deadline as it stands.
    Where the count changes, what was certified must be certified anew, as after a ruling.
    """
    letter, before = this.consultation, this.state
    form = form_of(this.session, letter.slug, proof.facts["member"], this.now)
    assert form is not None  # noqa: S101 - its member is on the roll
    line = this.session.scalars(
        select(RollEntry)
        .where(RollEntry.consultation_id == letter.id, RollEntry.member == form.member)
        .with_for_update()
    ).one()
    version = becomes(this.session, letter.id, State.OPEN, proof).version
    facts = restored_facts(proof.entry, version)
    this.signer()  # a change of the key is entered before the reply that is signed with it
    number = this.enter(RESTORED, **facts, leaf=proof.leaf, approved=approved)
    this.sign_head()
    _keep_texts(this, proof)
    kept = _Kept(
        number,
        version,
        late=_is_late(this, facts),
        complete=form.entitled and not gaps_of(form.items, facts["choices"]),
    )
    this.session.add(_row(this, request, proof, kept))
    line.versions = max(line.versions, version)
    if not kept.late and not _after_statement(this, facts):
        asks = asked_again(this.session, letter)[facts["answered"]["revision"]]
        says = kept.complete or any(facts["choices"].values())
        received_at = read_instant(facts["received_at"])
        done = form.entitled and leaves_nothing_open(form.items, facts["choices"], asks)
        reach(line, received_at, says=says, complete=done)
    this.session.flush()
    silence = any(item.silence for item in form.items) and concerns(this, facts["choices"].values())
    if silence and not kept.late and before not in ENDED:
        heed(this, form.member, number)
    changed = before in ENDED and count_again(this)
    _tell(this, request, form, kept, before if changed else None)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is said of a restored reply here, beside what its receipt says."""

    number: int
    version: int
    late: bool
    complete: bool


def _is_late(this: Change, facts: Mapping[str, Any]) -> bool:
    letter = this.consultation
    assert letter.opens_at is not None and letter.closes_at is not None  # noqa: S101, PT018
    return not in_time(read_instant(facts["received_at"]), letter.opens_at, letter.closes_at)


def _after_statement(this: Change, facts: Mapping[str, Any]) -> bool:
    """Say whether it was a paper that had been recorded after the post-room statement (T75)."""
    stated: datetime | None = this.consultation.post_stated_at
    recorded = facts.get("recorded_at")
    return bool(stated and recorded and read_instant(recorded) >= stated)


def _keep_texts(this: Change, proof: Proof) -> None:
    """Keep the member's words again; the receipt does not say in which language they are."""
    given = {text["commitment"]: text for text in proof.value["texts"]}
    there = this.session.scalars(
        select(LedgerText.commitment).where(LedgerText.commitment.in_(given))
    )
    for commitment in given.keys() - set(there):
        this.session.add(
            LedgerText(
                commitment=commitment,
                consultation_id=this.consultation.id,
                salt=given[commitment]["salt"],
                text=given[commitment]["text"],
                language=None,
            )
        )


def _row(this: Change, request: Request, proof: Proof, kept: _Kept) -> Reply:
    facts = proof.facts
    person, mandate = _signed(this, proof)
    return Reply(
        public=facts["reply"],
        consultation_id=this.consultation.id,
        member=facts["member"],
        version=kept.version,
        base=facts["base"],
        received_at=read_instant(facts["received_at"]),
        recorded_at=read_instant(proof.recorded_at),
        late=kept.late,
        channel=Channel(facts["channel"]),
        revision=facts["answered"]["revision"],
        language=facts["answered"]["language"],
        texts_hash=facts["answered"]["texts"],
        choices=facts["choices"],
        comments=facts["comments"],
        kinds=facts.get("kinds"),
        unclear=facts.get("unclear"),
        note=facts.get("note"),
        complete=kept.complete,
        person_id=person,
        mandate_id=mandate,
        request_id=None if facts["channel"] == Channel.WEB else request.id,
        idempotency_key=proof.leaf,  # that of its form is not in the receipt
        content_hash=request.shown,
        number=kept.number,
        receipt=proof.raw,
    )


def _signed(this: Change, proof: Proof) -> tuple[int | None, int | None]:
    """Return who sent it and under which mandate, as far as the database still knows them."""
    if proof.facts["channel"] != Channel.WEB:
        return None, None
    opaque = str(proof.entry["actor"]).removeprefix("person:")
    person = this.session.scalar(select(Person.id).where(Person.opaque == opaque))
    mandate = this.session.scalar(
        select(FocalPoint.id).where(
            FocalPoint.id == proof.facts["mandate"], FocalPoint.person_id == person
        )
    )
    return person, mandate


def _tell(this: Change, request: Request, form: Form, kept: _Kept, overtook: State | None) -> None:
    """Tell the member's people; every member, where the count changed.

    Args:
        overtook: The state in which the count changed; None where it did not.
    """
    what = proof_of(request.what["receipt"]).facts
    people, by_member = list(form.told), {form.member: {"member_name": form.member_name}}
    if overtook:
        roll = frozen(this.session, this.consultation.id)
        people = focal_points_of(this.session, [line.member for line in roll], this.now)
        by_member = {line.member: {"member_name": line.name} for line in roll}
    asked_by, confirmed_by = two_names(this, request)
    this.notify(
        people,
        NoticeKind.READMITTED,
        f"readmitted-{kept.number}",
        whose=form.member,
        about_name=form.member_name,
        version=kept.version,
        sent_as=what["version"],
        received_at=what["received_at"],
        late=kept.late,
        asked_by=asked_by,
        confirmed_by=confirmed_by,
        changed=overtook is not None,
        overtook=overtook.value if overtook else None,
        by_member=by_member,
    )
