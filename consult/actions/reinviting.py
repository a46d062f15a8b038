"""An officer invites the people of a member again, while the letter is open."""

from sqlalchemy import select

from consult.actions.change import Change, Desk, change
from consult.actions.invitations import invite
from consult.core.life import Actor, NotNow, Role, State
from consult.core.recipient import Recipient
from consult.core.schedule import NoticeKind
from consult.errors import NotAllowed, NotFound
from consult.queries.notices import WAITING
from consult.queries.recipients import focal_points_of
from consult.queries.roll import frozen
from consult.queries.telling import of_letter, of_members
from consult.tables import Member, Notice, Person

INVITE_AGAIN = "invite-again"


def invite_again(desk: Desk, slug: str, actor: Actor, member: str) -> int:
    """Queue the invitation anew for all who act for *member*; return how many are told.

    Who has not set up the account gets a new link for that too. Left out is whom an invitation
    waits for, or who was invited so in this minute already.

    Raises:
        NotAllowed: The actor is no officer.
        NotFound: There is no such consultation, or the member is not on its roll.
        NotNow: The consultation is not open.
    """
    if Role.OFFICER not in actor.roles:
        raise NotAllowed(act=INVITE_AGAIN)
    with change(desk, slug, actor) as this:
        if this.state is not State.OPEN:
            raise NotNow(act=INVITE_AGAIN, state=this.state.value)
        roll = frozen(this.session, this.consultation.id)
        if member not in {line.member for line in roll}:
            raise NotFound(member=member)
        occasion = f"invitation-{this.consultation.revision}-again-{this.now:%Y%m%dT%H%MZ}"
        told = _told(this, member, occasion)
        _renew(this, member, told)
        this.notify(
            told,
            NoticeKind.INVITATION,
            occasion,
            not_before=this.consultation.opens_at,
            by_member=of_members(this.session, roll, told),
            **of_letter(this.session, this.consultation, roll),
        )
    return len(told)


def _told(this: Change, member: str, occasion: str) -> list[Recipient]:
    served = set(
        this.session.scalars(
            select(Notice.person_id).where(
                Notice.consultation_id == this.consultation.id,
                Notice.member == member,
                Notice.kind == NoticeKind.INVITATION,
                Notice.state.in_(WAITING) | (Notice.occasion == f"{member}-{occasion}"),
            )
        )
    )
    people = focal_points_of(this.session, [member], this.now)
    return [one for one in people if one.person_id not in served]


def _renew(this: Change, member: str, told: list[Recipient]) -> None:
    """Send a new link to those who never set up the account (T6)."""
    name = this.session.scalars(select(Member.name).where(Member.code == member)).one()
    for one in told:
        person = this.session.get_one(Person, one.person_id)
        if person.set_up_at is None:
            invite(this.desk, this.session, person, this.now, name, adviser=one.adviser)
