"""An officer records comments that reached the secretariat otherwise; another confirms them."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import select

from consult.actions.asking import ask
from consult.actions.change import Change, Desk, change
from consult.actions.commented import OnPaper, enter_comment
from consult.actions.commenting import check_remarks, places_of
from consult.actions.documents import Kept, keep_evidence
from consult.actions.recording import asked_before, refuse_impossible, two_names
from consult.core.ledger import hash_of, instant, normal, read_instant
from consult.core.life import Act, Actor, Channel, Kind, NotNow, check
from consult.core.reply import in_time
from consult.core.round import GENERAL, NewComment, PaperComment, Remark
from consult.errors import BadInput, NotEntitled, NotFound
from consult.tables import Request, RollEntry


def record(desk: Desk, slug: str, actor: Actor, paper: PaperComment, scan: Kept) -> int:
    """Record comments on behalf of their member; return the request that another must confirm.

    They stand by the instant at which they reached the secretariat. Sent again under the same
    key, they are asked for once.

    Args:
        scan: The file that *paper* names; see `recording.record`.

    Raises:
        NotFound: No such comment round, or the member is not on its roll.
        NotEntitled: The member only reads the round.
        NotNow: It is not open yet, or the post-room statement stands.
        BadInput: Nothing is said, what is said fits no place, or the paper cannot be so.
        KeyReused: Something else was recorded under the same key.
    """
    with change(desk, slug, actor) as this:
        _refuse_stated(this)
        what = _data(paper)
        if (asked := asked_before(this, what)) is not None:
            return asked
        _line(this, paper.member)
        if not paper.remarks:
            raise BadInput({GENERAL: "nothing-written"})
        check_remarks(paper.remarks, places_of(this.session, this.consultation))
        refuse_impossible(this, paper.channel, paper.reason, paper.received_at)
        keep_evidence(this, scan)
        return ask(this, Act.RECORD, hash_of(what), lapses=False, **what).id


def confirmed(this: Change, request: Request, approved: int) -> None:
    """Store the comments that were asked for, as they were asked."""
    _refuse_stated(this)
    paper, letter = paper_of(request.what), this.consultation
    assert letter.opens_at is not None and letter.closes_at is not None  # noqa: S101, PT018
    line = _line(this, paper.member)
    new = NewComment(
        member=paper.member,
        remarks=paper.remarks,
        base=line.versions,
        key=paper.key,
        received_at=paper.received_at,
        language=paper.language,
        shown=request.shown,
        channel=paper.channel,
    )
    asked_by, confirmed_by = two_names(this, request)
    told = {
        "asked_by": asked_by,
        "confirmed_by": confirmed_by,
        "recorded_at": instant(this.now),
    }
    enter_comment(
        this,
        new,
        line,
        late=not in_time(paper.received_at, letter.opens_at, letter.closes_at),
        paper=OnPaper(paper.scan, paper.reason, approved, told),
    )


def paper_of(what: dict[str, Any]) -> PaperComment:
    """Return the comments on behalf that a request asks for."""
    return PaperComment(
        member=what["member"],
        remarks=tuple(Remark(**one) for one in what["remarks"]),
        key=what["key"],
        channel=Channel(what["channel"]),
        received_at=read_instant(what["received_at"]),
        scan=what["scan"],
        reason=what["reason"],
        language=what["language"],
    )


def _data(paper: PaperComment) -> dict[str, Any]:
    return {
        "member": paper.member,
        "remarks": [
            {**asdict(one), "text": normal(one.text), "proposed": normal(one.proposed)}
            for one in paper.remarks
        ],
        "key": paper.key,
        "channel": paper.channel.value,
        "received_at": instant(paper.received_at),
        "scan": paper.scan,
        "reason": paper.reason,
        "language": paper.language,
    }


def _refuse_stated(this: Change) -> None:
    """Refuse what comes once two persons have stated that the post is recorded (T75)."""
    if this.consultation.kind is not Kind.COMMENTS:
        raise NotFound
    check(Act.RECORD, this.state, this.actor.roles)
    if this.consultation.post_stated_at is not None:
        raise NotNow(act=Act.RECORD.value, state=this.state.value)


def _line(this: Change, member: str) -> RollEntry:
    line = this.session.scalar(
        select(RollEntry)
        .where(RollEntry.consultation_id == this.consultation.id, RollEntry.member == member)
        .with_for_update()
    )
    if line is None:
        raise NotFound
    if not line.entitled:
        raise NotEntitled(member=member, provision=line.no_vote_under)
    return line
