"""A member contests how a reply of its own is treated: entered, and the secretariat told (T76)."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from consult.actions.change import Change, Desk, change
from consult.actions.documents import Kept, keep_evidence
from consult.core.contesting import may_contest
from consult.core.ledger import instant, normal
from consult.core.life import Act, Actor, Channel, NotNow, Role, check
from consult.core.schedule import NoticeKind
from consult.errors import AlreadyContested, BadInput, NotFound
from consult.queries.receipts import counted_version
from consult.queries.recipients import focal_points_of, staff
from consult.queries.round import mandate_of
from consult.tables import Contest, LedgerText, Reply, RollEntry

LONGEST_GROUNDS = 10_000  # characters


@dataclass(frozen=True, slots=True)
class Contention:
    """What a member holds of one version of its reply, and a proof of it if it has one."""

    member: str
    version: int
    grounds: str
    proof: Kept | None = None


def contest(desk: Desk, slug: str, actor: Actor, said: Contention) -> int:
    """Enter the contest of a reply; return the number of its entry. Sent again, it stands once.

    Raises:
        NotFound: The reply is not the actor's to see.
        NotNow: What counts and was sent by the member itself needs no contest.
        BadInput: The grounds are missing or too long.
        AlreadyContested: It was contested on other grounds.
    """
    member, version, proof = said.member, said.version, said.proof
    grounds = normal(said.grounds)
    _check(grounds)
    if not actor.speaks_for(member):
        raise NotFound(member=member)
    with change(desk, slug, actor) as this:
        reply = this.session.scalar(
            select(Reply).where(
                Reply.consultation_id == this.consultation.id,
                Reply.member == member,
                Reply.version == version,
            )
        )
        if reply is None:
            raise NotFound(version=version)
        if stands := _before(this, reply, grounds):
            return stands
        _refuse_needless(this, reply)
        signs = mandate_of(this.session, member, actor.person_id, this.now)
        if signs is None:  # it ended while the page was open
            raise NotFound(member=member)
        number = this.enter(
            "contest",
            member=member,
            mandate=signs.number,
            about=reply.number,
            grounds=(committed := this.commit_to(grounds)),
            proof=proof.sha256 if proof else None,
        )
        assert actor.person_id is not None  # noqa: S101 - a focal point is a person
        this.session.add(
            Contest(
                consultation_id=this.consultation.id,
                member=member,
                about=reply.number,
                number=number,
                grounds=committed,
                proof=proof.sha256 if proof else None,
                by_id=actor.person_id,
                at=this.now,
            )
        )
        if proof:
            keep_evidence(this, proof)
        _tell(this, reply, signs.name)
        return number


def _check(grounds: str) -> None:
    if not grounds.strip():
        raise BadInput({"grounds": "missing"})
    if len(grounds) > LONGEST_GROUNDS:
        raise BadInput({"grounds": "too-long"}, most=LONGEST_GROUNDS)


def _before(this: Change, reply: Reply, grounds: str) -> int | None:
    """Return the contest that stands already, if it says the same."""
    row = this.session.execute(
        select(Contest.number, LedgerText.text)
        .outerjoin(LedgerText, LedgerText.commitment == Contest.grounds)
        .where(Contest.consultation_id == this.consultation.id, Contest.about == reply.number)
    ).first()
    if row is None:
        return None
    if row.text != grounds:
        raise AlreadyContested(number=row.number)
    return int(row.number)


def _refuse_needless(this: Change, reply: Reply) -> None:
    check(Act.CONTEST, this.state, this.actor.roles)
    counted = counted_version(this.session, this.consultation.id, reply.member)
    fits = may_contest(
        this.state,
        on_behalf=reply.channel is not Channel.WEB,
        counts=counted == reply.version,
    )
    if not fits:
        raise NotNow(act=Act.CONTEST.value, state=this.state.value)


def _tell(this: Change, reply: Reply, by: str) -> None:
    """Tell officers and approvers, and the member's other focal points, who contests what."""
    session, occasion = this.session, f"contest-{reply.number}"
    name = session.scalar(
        select(RollEntry.name).where(
            RollEntry.consultation_id == this.consultation.id, RollEntry.member == reply.member
        )
    )
    said: dict[str, Any] = {
        "version": reply.version,
        "received_at": instant(reply.received_at),
        "late": reply.late,
        "about": reply.number,
        "member_name": name,
        "by": by,
    }
    this.notify(staff(session, [Role.OFFICER, Role.APPROVER]), NoticeKind.CONTEST, occasion, **said)
    colleagues = [
        person
        for person in focal_points_of(session, [reply.member], this.now)
        if person.person_id != this.actor.person_id
    ]
    this.notify(colleagues, NoticeKind.CONTEST, occasion, **said)
