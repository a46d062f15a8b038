"""A reply that the database lost is readmitted: asked for with its receipt, confirmed (T98)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from consult.actions.asking import ask, waiting
from consult.actions.change import Change, Desk, change
from consult.actions.restoring import restore
from consult.core import shown as as_shown
from consult.core.life import Act, Actor, Kind, NotNow, check
from consult.core.readmitting import Proof, proof_in, proof_of
from consult.errors import Changed, NotReadmitted
from consult.queries.keys import keys_of
from consult.queries.readmitting import answers, becomes, entered, letter_of
from consult.tables import Request, RollEntry, reading


class Became(StrEnum):
    """What became of a receipt that was given."""

    HERE = "here"  # its reply is in the ledger
    WAITING = "waiting"  # it was asked for before
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Readmission:
    """A receipt that was given, and what became of it.

    Args:
        number: Of the entry that holds the reply, or of the request.
        version: That of the receipt.
        kept_as: The version under which it is to be kept; another where that one is taken.
        revoked: The key that signed it was given up later.
    """

    became: Became
    number: int
    slug: str
    reference: str
    member: str
    version: int
    kept_as: int
    revoked: bool


def readmit(desk: Desk, actor: Actor, raw: bytes, slug: str | None = None) -> Readmission:
    """Ask a second person to confirm that the reply of a receipt is readmitted.

    Given again, it is asked for once; what is in the ledger is not asked for at all.

    Args:
        raw: The receipt as the member was given it, or the mail that encloses it.
        slug: The consultation that it must be of; None for whichever it is of.

    Raises:
        NotReadmitted: It proves no reply that could be taken in here; the fact ``why`` says so.
        NotAllowed: The actor is neither officer nor approver.
    """
    with reading(desk.engine) as session:
        proof = proof_in(raw, keys_of(session))
        here = letter_of(session, proof.entry["ledger"])
    if here is None or slug not in {None, here}:
        reference = proof.value["consultation"]["reference"]
        raise NotReadmitted("not-here" if here is None else "other-letter", reference=reference)
    with change(desk, here, actor) as this:
        if (number := entered(this.session, this.consultation.id, proof.leaf)) is not None:
            return _readmission(this, proof, Became.HERE, number, proof.facts["version"])
        try:
            check(Act.READMIT, this.state, actor.roles)
        except NotNow:
            raise NotReadmitted("state", state=this.state.value) from None
        _refuse_misfit(this, proof)
        found = becomes(this.session, this.consultation.id, this.state, proof)
        for request in waiting(this, Act.READMIT):
            if request.what["leaf"] == proof.leaf and _lasts(request, this.now):
                return _readmission(this, proof, Became.WAITING, request.id, found.version)
        what: dict[str, Any] = {
            "member": proof.facts["member"],
            "version": proof.facts["version"],
            "leaf": proof.leaf,
            "revoked": proof.revoked,
            "receipt": proof.raw,
        }
        asked = as_shown.readmission(what, found.version, found.effect)
        request = ask(this, Act.READMIT, asked, **what)
        return _readmission(this, proof, Became.ASKED, request.id, found.version)


def shown(this: Change, request: Request) -> str:
    """Return the hash of the reply with what becomes of it as things stand now."""
    proof = proof_of(request.what["receipt"])
    found = becomes(this.session, this.consultation.id, this.state, proof)
    return as_shown.readmission(request.what, found.version, found.effect)


def confirmed(this: Change, request: Request, approved: int) -> None:
    """Store the reply as it was, unless it is here by now."""
    check(Act.READMIT, this.state, this.actor.roles)  # closing is entered by itself
    proof = proof_of(request.what["receipt"])
    if entered(this.session, this.consultation.id, proof.leaf) is not None:
        raise Changed(what="request")
    _refuse_misfit(this, proof)
    restore(this, request, proof, approved)


def _lasts(request: Request, now: datetime) -> bool:
    return request.expires_at is None or now < request.expires_at


def _refuse_misfit(this: Change, proof: Proof) -> None:
    """Refuse a receipt of a letter that was another one here.

    Raises:
        NotReadmitted: Its consultation is called otherwise, its member is not on the roll, or it
            answers words that the letter never had.
    """
    letter, facts = this.consultation, proof.facts
    told = proof.value["consultation"]
    if letter.kind is Kind.COMMENTS or (told["reference"], proof.rehearsal) != (
        letter.reference,
        letter.rehearsal,
    ):
        raise NotReadmitted("other-letter", reference=told["reference"])
    on_roll = select(RollEntry.id).where(
        RollEntry.consultation_id == letter.id, RollEntry.member == facts["member"]
    )
    if this.session.scalar(on_roll) is None:
        raise NotReadmitted("not-on-roll", member=facts["member"])
    if not answers(this.session, letter.id, facts["answered"]):
        raise NotReadmitted("other-words", revision=facts["answered"]["revision"])


def _readmission(
    this: Change, proof: Proof, became: Became, number: int, kept_as: int
) -> Readmission:
    return Readmission(
        became=became,
        number=number,
        slug=this.consultation.slug,
        reference=this.consultation.reference,
        member=proof.facts["member"],
        version=proof.facts["version"],
        kept_as=kept_as,
        revoked=proof.revoked,
    )
