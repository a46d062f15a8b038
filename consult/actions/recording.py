"""An officer records a reply that reached the secretariat otherwise; another confirms it."""

from typing import Any

from sqlalchemy import select

from consult.actions.asking import ask
from consult.actions.change import Change, Desk, change
from consult.actions.documents import Kept, keep_evidence
from consult.actions.storing import Answer, check_answer, enter_reply
from consult.core.answer import Draft, OnBehalf, Words
from consult.core.comparison import Choice
from consult.core.ledger import hash_of, instant, read_instant
from consult.core.life import Act, Actor, Channel, check
from consult.core.reply import in_time
from consult.errors import BadInput, Closed, KeyReused, NoPosition, NotEntitled, NotFound
from consult.queries.answering import form_of, objections_only
from consult.tables import Person, Request, RollEntry


def record(desk: Desk, slug: str, actor: Actor, paper: OnBehalf, scan: Kept) -> int:
    """Record a reply on behalf of its member; return the request that another must confirm.

    It counts by the instant it reached the secretariat; it does not lapse (T35, T69). Sent
    again under the same key, it is asked for once.

    Args:
        scan: The file that *paper* names. It is no part of the letter: nobody but the two
            officers sees it before disclosure.

    Raises:
        NotFound: The member is not on the roll.
        NotEntitled: The member has not the right to vote.
        BadInput: The answer does not fit the form, or the paper came before the opening or
            after this moment.
        KeyReused: Something else was recorded under the same key.
    """
    with change(desk, slug, actor) as this:
        _refuse_certified(this)
        what = _data(paper)
        if (asked := _asked_before(this, what)) is not None:
            return asked
        form = form_of(this.session, slug, paper.draft.member, this.now)
        if form is None:
            raise NotFound
        if not form.entitled:
            raise NotEntitled(member=form.member, provision=form.no_vote_under)
        if paper.draft.blank and not objections_only(form.items):
            raise NoPosition(member=form.member)
        check_answer(form, paper.draft)
        _refuse_impossible(this, paper)
        keep_evidence(this, scan)
        return ask(this, Act.RECORD, hash_of(what), lapses=False, **what).id


def confirmed(this: Change, request: Request, approved: int) -> None:
    """Store the reply that was asked for, as it was asked."""
    _refuse_certified(this)
    paper = paper_of(request.what)
    form = form_of(this.session, this.consultation.slug, paper.draft.member, this.now)
    assert form is not None  # noqa: S101 - it was there when it was asked
    letter = this.consultation
    assert letter.opens_at is not None and letter.closes_at is not None  # noqa: S101, PT018
    line = this.session.scalars(
        select(RollEntry)
        .where(RollEntry.consultation_id == letter.id, RollEntry.member == form.member)
        .with_for_update()
    ).one()
    names = this.session.scalars(
        select(Person.name)
        .where(Person.id.in_([request.asked_by_id, this.actor.person_id]))
        .order_by(Person.id == this.actor.person_id)
    ).all()
    answer = Answer(
        draft=Draft(paper.draft.member, paper.draft.choices, paper.draft.comments, line.versions),
        key=paper.key,
        content_hash=request.shown,
        received_at=paper.received_at,
        channel=paper.channel,
        language=paper.language,
        late=not in_time(paper.received_at, letter.opens_at, letter.closes_at),
        source=paper.scan,
        reason=paper.reason,
        approved=approved,
        request_id=request.id,
        told={"asked_by": names[0], "confirmed_by": names[-1], "recorded_at": instant(this.now)},
    )
    enter_reply(this, form, line, answer)


def _refuse_certified(this: Change) -> None:
    """Refuse what comes after a certification, also one that a ruling has overtaken."""
    check(Act.RECORD, this.state, this.actor.roles)
    if this.consultation.conclusion is not None:
        raise Closed


def paper_of(what: dict[str, Any]) -> OnBehalf:
    """Return the reply on behalf that a request asks for."""
    return OnBehalf(
        draft=Draft(
            member=what["member"],
            choices={
                item: Choice(choice) if choice else None for item, choice in what["choices"].items()
            },
            comments={
                place: Words(words["text"], words["language"])
                for place, words in what["comments"].items()
            },
            base=0,
        ),
        key=what["key"],
        channel=Channel(what["channel"]),
        received_at=read_instant(what["received_at"]),
        scan=what["scan"],
        reason=what["reason"],
        language=what["language"],
    )


def _data(paper: OnBehalf) -> dict[str, Any]:
    return {
        "member": paper.draft.member,
        "choices": {i: choice and choice.value for i, choice in paper.draft.choices.items()},
        "comments": {
            place: {"text": words.text, "language": words.language}
            for place, words in paper.draft.comments.items()
        },
        "key": paper.key,
        "channel": paper.channel.value,
        "received_at": instant(paper.received_at),
        "scan": paper.scan,
        "reason": paper.reason,
        "language": paper.language,
    }


def _asked_before(this: Change, what: dict[str, Any]) -> int | None:
    """Return the request that the same form made already."""
    rows = this.session.scalars(
        select(Request).where(
            Request.consultation_id == this.consultation.id, Request.act == Act.RECORD
        )
    )
    for row in rows:
        if row.what["key"] == what["key"]:
            if row.what != what:
                raise KeyReused(request=row.id)
            return row.id
    return None


def _refuse_impossible(this: Change, paper: OnBehalf) -> None:
    opens_at = this.consultation.opens_at
    if paper.channel is Channel.WEB:
        raise BadInput({"channel": "not-by-web"})
    if not paper.reason.strip():
        raise BadInput({"reason": "missing"})
    if opens_at is not None and paper.received_at < opens_at:
        raise BadInput({"received_at": "before-opening"})
    if paper.received_at > this.now:
        raise BadInput({"received_at": "in-the-future"})
