"""A notice about to be sent: what it says, what it encloses, and whether it is still wanted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, not_, or_, select
from sqlalchemy.orm import Session

from consult.core.ledger import read_instant
from consult.core.life import State, state_at
from consult.core.schedule import NoticeKind
from consult.queries.observing import observes
from consult.tables import (
    AddressChange,
    Consultation,
    Invitation,
    Notice,
    Person,
    Reply,
    Request,
    RollEntry,
    SigningKey,
    SignInRequest,
)

_WITH_A_LINK = frozenset({NoticeKind.ACCOUNT, NoticeKind.SIGN_IN, NoticeKind.ADDRESS})
_OF_A_RECEIPT = frozenset({NoticeKind.ACKNOWLEDGEMENT, NoticeKind.READMITTED})
_ONLY_BEFORE_THE_DEADLINE = frozenset({NoticeKind.INVITATION, NoticeKind.REMINDER})


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A notice with all that its mail is made of.

    Args:
        data: What the mail says, frozen when it was queued.
        number: Of the ledger's head that it carries; None for mail about no letter.
        invitation: The uuid of the invitation that it refers to, if it was sent one.
        nonce: From which its single-use link is derived; `_WITH_A_LINK` alone have one.
        link_until: When that link ends; None if it was used.
        receipt: The receipt that an acknowledgement encloses, or the word of a readmission.
    """

    id: int
    uuid: str
    kind: NoticeKind
    occasion: str
    language: str
    member: str | None
    person_id: int
    name: str
    address: str
    disabled: bool
    consultation_id: int | None
    data: Mapping[str, Any]
    number: int | None
    head: str | None
    queued_at: datetime
    attempts: int
    invitation: str | None = None
    nonce: str | None = None
    link_until: datetime | None = None
    receipt: str | None = None


def outgoing(session: Session, notice: int) -> Outgoing:
    """Return a notice as it is to be sent (two statements; of mail about an address, one more)."""
    row, person = session.execute(
        select(Notice, Person)
        .join(Person, Person.id == Notice.person_id)
        .where(Notice.id == notice)
        .execution_options(populate_existing=True)
    ).one()
    return Outgoing(
        id=row.id,
        uuid=row.uuid,
        kind=row.kind,
        occasion=row.occasion,
        language=row.language,
        member=row.member,
        person_id=row.person_id,
        name=person.name,
        address=_address(session, row) or person.address,
        disabled=person.disabled_at is not None,
        consultation_id=row.consultation_id,
        data=row.data,
        number=row.number,
        head=row.head,
        queued_at=row.queued_at,
        attempts=row.attempts,
        **_enclosed(session, row),
    )


def _address(session: Session, row: Notice) -> str | None:
    """Return the address of mail about a change of it: the new one confirms, the old one is told.

    None for all other mail, which goes to the one stored (T5).
    """
    wanted = {NoticeKind.ADDRESS: AddressChange.address, NoticeKind.FACTORS: AddressChange.before}
    if row.kind not in wanted or "change" not in row.data:
        return None
    return session.scalar(select(wanted[row.kind]).where(AddressChange.id == row.data["change"]))


def _enclosed(session: Session, row: Notice) -> dict[str, Any]:
    if row.kind is NoticeKind.ACCOUNT:
        return _link(session, Invitation, row.data["invitation"])
    if row.kind is NoticeKind.SIGN_IN:
        return _link(session, SignInRequest, row.data["request"])
    if row.kind is NoticeKind.ADDRESS:
        return _link(session, AddressChange, row.data["change"])
    own = row.member == row.data.get("whose", row.member)
    if row.kind in _OF_A_RECEIPT and own:
        receipt = session.scalar(
            select(Reply.receipt).where(
                Reply.consultation_id == row.consultation_id,
                Reply.member == row.member,
                Reply.version == row.data["version"],
            )
        )
        return {"receipt": receipt, "invitation": _invitation(session, row)}
    if row.kind is NoticeKind.INVITATION or row.member is None:
        return {}
    return {"invitation": _invitation(session, row)}


def _link(
    session: Session,
    table: type[Invitation] | type[SignInRequest] | type[AddressChange],
    row_id: int,
) -> dict[str, Any]:
    found = session.execute(
        select(table.nonce, table.expires_at, table.used_at).where(table.id == row_id)
    ).one()
    return {"nonce": found.nonce, "link_until": None if found.used_at else found.expires_at}


def _invitation(session: Session, row: Notice) -> str | None:
    return session.scalar(
        select(Notice.uuid)
        .where(
            Notice.consultation_id == row.consultation_id,
            Notice.member == row.member,
            Notice.person_id == row.person_id,
            Notice.kind == NoticeKind.INVITATION,
        )
        .order_by(Notice.id)
        .limit(1)
    )


def pointless(session: Session, notice: Outgoing, now: datetime) -> str | None:
    """Say why a notice is not to be sent any more; None if it is (at most one statement)."""
    if notice.disabled:
        return "person-disabled"
    if notice.kind in _WITH_A_LINK:
        if notice.link_until is None:
            return "link-used"
        return "link-expired" if now >= notice.link_until else None
    if notice.kind in _ONLY_BEFORE_THE_DEADLINE:
        return _past(session, notice, now)
    if notice.kind in _ENDED:
        ended, cause = _ENDED[notice.kind]
        return cause if session.scalar(ended(notice, now)) else None
    return None


def _observes_no_more(notice: Outgoing, now: datetime) -> Select[Any]:
    """Ask whether the letter is closed to observers, or its reader none of them any more."""
    return select(Consultation.id).where(
        Consultation.id == notice.consultation_id, not_(observes(notice.person_id, now))
    )


def _request(notice: Outgoing, _now: datetime) -> Select[Any]:
    return select(Request.decided_at).where(Request.id == notice.data["request"])


def _key_change(notice: Outgoing, _now: datetime) -> Select[Any]:
    """Ask whether the key is in force, or was refused."""
    decided = or_(SigningKey.place.is_not(None), SigningKey.refused_at.is_not(None))
    return select(SigningKey.id).where(SigningKey.kid == notice.data["kid"], decided)


# What finds something once a mail is pointless: what it asks a second person for was decided, or
# its reader may not read the letter any more; and the reason.
_ENDED: Mapping[NoticeKind, tuple[Callable[[Outgoing, datetime], Select[Any]], str]] = {
    NoticeKind.REQUEST: (_request, "request-decided"),
    NoticeKind.KEY_CHANGE: (_key_change, "request-decided"),
    NoticeKind.OBSERVED: (_observes_no_more, "observer-ended"),
}


def _past(session: Session, notice: Outgoing, now: datetime) -> str | None:
    """Ask again whether the letter is open with this deadline, and the reply not complete."""
    row = session.execute(
        select(Consultation.state, Consultation.closes_at, RollEntry.complete)
        .outerjoin(
            RollEntry,
            (RollEntry.consultation_id == Consultation.id) & (RollEntry.member == notice.member),
        )
        .where(Consultation.id == notice.consultation_id)
    ).one()
    if state_at(row.state, row.closes_at, now) is not State.OPEN:
        return "deadline-passed"
    if notice.kind is NoticeKind.INVITATION:
        return None
    if row.closes_at != read_instant(notice.data["closes_at"]):
        return "deadline-changed"
    return "reply-complete" if row.complete else None
