"""A member confirms that what was recorded on its behalf is its reply."""

import json

from sqlalchemy import select

from consult.actions.change import Change, Desk, change
from consult.core.life import Act, Actor, check
from consult.errors import AlreadyContested, NotFound
from consult.queries.answering import form_of
from consult.tables import Contest, LedgerEntry, Reply


def confirm_reply(desk: Desk, slug: str, actor: Actor, member: str, version: int) -> None:
    """Enter that a reply on behalf is the member's own; confirmed again, it is entered once.

    Raises:
        NotFound: It is no reply on behalf of a member for which the actor may reply.
        NotNow: The consultation is not open, nor was it.
        AlreadyContested: The member contests it.
    """
    if not actor.speaks_for(member):
        raise NotFound(member=member)
    with change(desk, slug, actor) as this:
        check(Act.CONTEST, this.state, actor.roles)
        reply = _on_behalf(this, member, version)
        if _entered(this, reply.number):
            return
        if contest := this.session.scalar(
            select(Contest.number).where(
                Contest.consultation_id == this.consultation.id, Contest.about == reply.number
            )
        ):
            raise AlreadyContested(number=contest)
        form = form_of(this.session, slug, member, this.now)
        signs = form.by(actor.person_id) if form else None
        this.enter(
            "reply-confirmed",
            member=member,
            about=reply.number,
            mandate=signs.mandate if signs else None,
        )


def _on_behalf(this: Change, member: str, version: int) -> Reply:
    found = this.session.scalar(
        select(Reply).where(
            Reply.consultation_id == this.consultation.id,
            Reply.member == member,
            Reply.version == version,
            Reply.request_id.is_not(None),
        )
    )
    if found is None:
        raise NotFound(version=version)
    return found


def _entered(this: Change, about: int) -> bool:
    rows = this.session.scalars(
        select(LedgerEntry.entry).where(
            LedgerEntry.consultation_id == this.consultation.id,
            LedgerEntry.what == "reply-confirmed",
        )
    )
    return any(json.loads(row)["facts"]["about"] == about for row in rows)
