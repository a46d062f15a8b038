"""Enter that the deadline has passed: a fact of the clock, written down once it has settled."""

from consult.actions.change import Change, Desk, change
from consult.actions.outages import extend_after_outage
from consult.core.ledger import instant
from consult.core.life import SYSTEM, Act, Role, State, check, settled
from consult.core.schedule import NoticeKind
from consult.errors import NotSettled
from consult.queries.recipients import staff


def close(desk: Desk, slug: str) -> None:
    """Enter the closing of a consultation whose deadline has passed; once.

    Raises:
        NotNow: The deadline has not passed.
        NotSettled: Something received before it may still be on its way (T66).
    """
    with change(desk, slug, SYSTEM) as this:
        enter_closing(this)


def enter_closing(this: Change) -> None:
    """Enter the closing if it is not entered yet, and tell officers and approvers.

    Where the letter promises more time after an outage, that is given instead; the letter then
    closes later.
    """
    letter = this.consultation
    if letter.state is State.CLOSED:
        return
    check(Act.CLOSE, this.state, this.actor.roles)
    assert letter.closes_at is not None  # noqa: S101 - it was opened
    if not settled(letter.closes_at, this.desk.settling, this.now):
        raise NotSettled(settled_at=letter.closes_at + this.desk.settling)
    if extend_after_outage(this):
        return
    this.move(Act.CLOSE)
    this.enter(
        "closing",
        takes_effect_at=instant(letter.closes_at),
        cause="clock",
        clock_offset=this.clock_offset(),
    )
    this.notify(
        staff(this.session, [Role.OFFICER, Role.APPROVER]),
        NoticeKind.CLOSING,
        f"closing-{letter.closes_at:%Y%m%dT%H%M%SZ}",
    )
    this.sign_head()
