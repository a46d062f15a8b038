"""The presiding officer's ruling on a reply: entered by an officer, confirmed by another (T76)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from consult.actions.asking import ask, waiting
from consult.actions.change import Change, Desk, change
from consult.actions.closing import enter_closing
from consult.actions.counting import count_again, entries_of
from consult.actions.silence import heed
from consult.core import shown as as_shown
from consult.core.ledger import hash_of, instant
from consult.core.life import ENDED, Act, Actor, State
from consult.core.record import decision_of, if_ruled, result_of
from consult.core.schedule import NoticeKind
from consult.errors import BadInput, NotFound, Waiting
from consult.queries.recipients import focal_points_of
from consult.queries.roll import frozen
from consult.tables import Contest, Reply, Request, RollEntry

LONGEST_REASONS = 10_000  # characters
LONGEST_AUTHORITY = 200


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the presiding officer ruled.

    Args:
        about: The ledger entry of the reply.
        counts: Whether the reply is let in.
        authority: The presiding officer's paper, as a reference.
    """

    about: int
    counts: bool
    reasons: str
    authority: str


def rule(desk: Desk, slug: str, actor: Actor, said: Ruling) -> int:
    """Ask a second person to confirm a ruling; return the request. It waits on no disclosure.

    Raises:
        NotFound: There is no such reply.
        NotNow: The deadline has not passed.
        NotSettled: See `closing.close`.
        Waiting: A ruling on that reply waits already.
        BadInput: Reasons or authority are missing or too long.
    """
    _check(said)
    with change(desk, slug, actor) as this:
        if this.state is State.CLOSED:
            enter_closing(this)
        this.move(Act.RULE)
        reply = _reply(this, said.about)
        for request in waiting(this, Act.RULE):
            if request.what["about"] == said.about:
                raise Waiting(act=Act.RULE.value, request=request.id)
        what: dict[str, Any] = {
            "member": reply.member,
            "version": reply.version,
            "about": said.about,
            "counts": said.counts,
            "reasons": said.reasons.strip(),
            "authority": said.authority.strip(),
        }
        return ask(this, Act.RULE, as_shown.ruling(what, _effect(this, what)), **what).id


def shown(this: Change, request: Request) -> str:
    """Return the hash of the ruling with what it makes of the count as it is now."""
    return as_shown.ruling(request.what, _effect(this, request.what))


def confirmed(this: Change, request: Request, approved: int) -> None:
    """Enter the ruling, count again, and tell the member; all, where the count changes.

    An objection that it lets in breaks a silence as one that came in time does, also once the
    items were counted; one that it keeps out breaks none.
    """
    this.move(Act.RULE)
    what = request.what
    number = this.enter(
        "ruling",
        member=what["member"],
        about=what["about"],
        counts=what["counts"],
        reasons=this.commit_to(what["reasons"]),
        authority=this.commit_to(what["authority"]),
        approved=approved,
    )
    contest = this.session.scalar(
        select(Contest).where(
            Contest.consultation_id == this.consultation.id, Contest.about == what["about"]
        )
    )
    if contest is not None:
        contest.ruling = number
    before = this.state
    heed(this, what["member"], number, ruled=True)
    if this.state is State.BROKEN:  # the whole letter: there is no count any more
        _tell(this, what, number, None)
        return
    changed = before in ENDED and count_again(this)
    _tell(this, what, number, before if changed else None)


def _check(said: Ruling) -> None:
    faults = {}
    for name, text, most in (
        ("reasons", said.reasons, LONGEST_REASONS),
        ("authority", said.authority, LONGEST_AUTHORITY),
    ):
        if not text.strip():
            faults[name] = "missing"
        elif len(text) > most:
            faults[name] = "too-long"
    if faults:
        raise BadInput(faults, most=LONGEST_REASONS)


def _reply(this: Change, about: int) -> Reply:
    found = this.session.scalar(
        select(Reply).where(Reply.consultation_id == this.consultation.id, Reply.number == about)
    )
    if found is None:
        raise NotFound(about=about)
    return found


def _effect(this: Change, what: Mapping[str, Any]) -> str | None:
    """Return the hash of what is decided under the ruling; None where nothing is counted yet."""
    if this.state not in ENDED:
        return None
    case = if_ruled(entries_of(this), what["about"], counts=what["counts"])
    return hash_of(decision_of(result_of(case)))


def _tell(this: Change, what: Mapping[str, Any], number: int, overtook: State | None) -> None:
    """Tell the member what was ruled and why; every member where the count changed.

    Args:
        overtook: The state in which the count changed; None where it did not.
    """
    reply = _reply(this, what["about"])
    roll = frozen(this.session, this.consultation.id)
    told = [line for line in roll if overtook or line.member == what["member"]]
    people = focal_points_of(this.session, [line.member for line in told], this.now)
    self_named: RollEntry = next(line for line in roll if line.member == what["member"])
    this.notify(
        people,
        NoticeKind.RULING,
        f"ruling-{number}",
        whose=what["member"],
        about_name=self_named.name,
        version=what["version"],
        received_at=instant(reply.received_at),
        counts=what["counts"],
        reasons=what["reasons"],
        authority=what["authority"],
        changed=overtook is not None,
        overtook=overtook.value if overtook else None,
        by_member={line.member: {"member_name": line.name} for line in told},
    )
