"""Correct the roll of an open letter, one member at a time; two officers sign it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select

from consult.actions.asking import ask, refuse_while_waiting
from consult.actions.change import Change, Desk, change
from consult.actions.revised import tell_roll
from consult.actions.revisions import body_of, case_of, content_now, keep
from consult.actions.silence import heed_revision
from consult.core import shown as as_shown
from consult.core.fit import check_fit
from consult.core.ledger import hash_of
from consult.core.life import Act, Actor, Kind, Revising, Role, check
from consult.core.roll import RollLine, roll_data, roll_hash
from consult.core.rule import parse
from consult.errors import BadInput, NotAllowed, NotFound
from consult.queries.recipients import focal_points_of
from consult.queries.roll import frozen, line_data, lines_of
from consult.tables import Member, ReplyDraft, Request, RollEntry

_FIELDS = ("name", "groups", "weights", "entitled", "no_vote_under")
PLACE = "member"


@dataclass(frozen=True, slots=True)
class Correction:
    """What the roll shall say of one member.

    Args:
        line: Name, groups, weights, right to vote and provision, as they shall be; None takes
            the member off the roll. A member that is not on it is added, last.
        authority: Reference of the authority; may be empty.
    """

    member: str
    line: Mapping[str, Any] | None
    reason: str
    authority: str = ""


def submit(desk: Desk, slug: str, actor: Actor, wanted: Correction) -> int:
    """Ask a second person to correct the roll; return the request's id.

    Raises:
        NotAllowed, NotNow: The actor is no officer, or the letter is not open.
        NotFound: There is no such member, or it is a comment round: its roll stays as it is.
        Waiting: Another revision waits for its second person.
        BadInput: The reason is missing, nothing would change, the member that would be taken
            off has replied, or the rule cannot be counted on the roll that would be.
    """
    with change(desk, slug, actor) as this:
        if Role.OFFICER not in actor.roles:
            raise NotAllowed(act=Act.CORRECT.value)
        if this.consultation.kind is Kind.COMMENTS:
            raise NotFound(slug=slug)
        check(Act.CORRECT, this.state, actor.roles)
        refuse_while_waiting(this, Act.CORRECT)
        what = {
            "kind": Revising.ROLL.value,
            "language": None,
            "reason": wanted.reason,
            "authority": wanted.authority,
            "member": wanted.member,
            "after": dict(wanted.line) if wanted.line is not None else None,
            **_upon(this, wanted.member),
        }
        _refuse(this, what)
        return ask(this, Act.CORRECT, as_shown.revision(what), **what).id


def shown(this: Change, request: Request) -> str:
    """Return the hash of the correction on the roll as it stands now."""
    return as_shown.revision({**request.what, **_upon(this, request.what["member"])})


def confirmed(this: Change, request: Request, approved: int) -> None:
    """Correct the roll: its row, its hash, the entry with the whole new case, the notices."""
    what, letter = request.what, this.consultation
    _refuse(this, what)
    roll = frozen(this.session, letter.id)
    codes = {*(line.member for line in roll), what["member"]}
    told = _put(this, roll, what)
    this.session.flush()
    lines = lines_of(frozen(this.session, letter.id), body_of(this).working_language)
    letter.revision += 1
    letter.roll_hash = roll_hash(lines)
    content = content_now(this)
    keep(
        this,
        Revising.ROLL.value,
        request,
        content,
        reason=what["reason"],
        authority=what["authority"] or None,
        roll=[{"member": what["member"], "before": what["before"], "after": what["after"]}],
    )
    number = this.enter(
        "corrigendum",
        revision=letter.revision,
        kind=Revising.ROLL.value,
        case=case_of(this, content, lines),
        texts=letter.texts,
        changed=[],
        reason=this.commit_to(what["reason"]),
        approved=approved,
        authority=this.commit_to(what["authority"]) if what["authority"] else None,
    )
    heed_revision(this, number)
    tell_roll(this, request, what["member"], told, focal_points_of(this.session, codes, this.now))


def corrected(roll: list[RollLine], member: str, after: Mapping[str, Any] | None) -> list[RollLine]:
    """Return *roll* with what it shall say of *member*, names in English where it is new."""
    places = [line.code for line in roll]
    kept = [line for line in roll if line.code != member]
    if after is None:
        return kept
    new = line_data(member, after)
    at = places.index(member) if member in places else len(kept)
    return [*kept[:at], new, *kept[at:]]


def _upon(this: Change, member: str) -> dict[str, Any]:
    """Return on what a correction rests: its number, the roll, what that says of the member."""
    roll = frozen(this.session, this.consultation.id)
    line = next((one for one in roll if one.member == member), None)
    return {
        "revision": this.consultation.revision + 1,
        "before": {name: getattr(line, name) for name in _FIELDS} if line else None,
        "from": hash_of(roll_data(lines_of(roll, "en"))),
    }


def _refuse(this: Change, what: Mapping[str, Any]) -> None:
    before, after, member = what["before"], what["after"], what["member"]
    faults: dict[str, str] = {} if what["reason"] else {"reason": "missing"}
    if this.session.scalar(select(Member.id).where(Member.code == member)) is None:
        raise NotFound(member=member)
    if after == before:
        faults[PLACE] = "nothing-changed"
    if after is None and _replied(this, member):
        faults[PLACE] = "has-replied"
    if not faults:
        lines = lines_of(frozen(this.session, this.consultation.id), "en")
        faults |= _misfit(this, corrected(lines, member, after))
    if faults:
        raise BadInput(faults)


def _misfit(this: Change, lines: list[RollLine]) -> dict[str, str]:
    """Say whether some rule of the letter cannot be counted on the roll that would be."""
    if not any(line.entitled for line in lines):
        return {PLACE: "roll-empty"}
    content = content_now(this)
    try:
        for rule in (content["rule"], *(item["rule"] for item in content["items"])):
            if rule:
                check_fit(parse(rule), lines)
    except BadInput:
        return {PLACE: "rule-does-not-fit"}
    return {}


def _replied(this: Change, member: str) -> bool:
    return bool(
        this.session.scalar(
            select(RollEntry.versions).where(
                RollEntry.consultation_id == this.consultation.id, RollEntry.member == member
            )
        )
    )


def _put(this: Change, roll: list[RollEntry], what: Mapping[str, Any]) -> str:
    """Make the row of the member say what it shall; return what became of the member."""
    code, after = what["member"], what["after"]
    line = next((one for one in roll if one.member == code), None)
    if after is None:
        assert line is not None  # noqa: S101 - `_refuse` would have found nothing to change
        this.session.delete(line)
        this.session.execute(
            delete(ReplyDraft).where(
                ReplyDraft.consultation_id == this.consultation.id, ReplyDraft.member == code
            )
        )
        return "removed"
    if line is not None:
        for name in _FIELDS:
            setattr(line, name, after[name])
        return "corrected"
    this.session.add(
        RollEntry(
            consultation_id=this.consultation.id,
            member_id=this.session.scalars(select(Member.id).where(Member.code == code)).one(),
            member=code,
            place=_last_place(this) + 1,
            versions=0,
            complete=False,
            **{name: after[name] for name in _FIELDS},
        )
    )
    return "added"


def _last_place(this: Change) -> int:
    return (
        this.session.scalar(
            select(func.max(RollEntry.place)).where(
                RollEntry.consultation_id == this.consultation.id
            )
        )
        or 0
    )
