"""An officer records a reply that reached the secretariat otherwise; another confirms it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from consult.actions.asking import ask
from consult.actions.change import Change, Desk, change
from consult.actions.documents import Kept, keep_evidence
from consult.actions.storing import Answer, check_answer, enter_reply
from consult.core.answer import (
    LONGEST_COMMENT,
    Draft,
    OnBehalf,
    Unclear,
    Words,
    comments_data,
    comments_of,
)
from consult.core.comparison import Choice
from consult.core.ledger import hash_of, instant, normal, read_instant
from consult.core.life import Act, Actor, Channel, State, check
from consult.core.reply import in_time
from consult.core.schedule import NoticeKind
from consult.errors import BadInput, Closed, KeyReused, NoPosition, NotEntitled, NotFound
from consult.queries.answering import Form, form_of, objections_only
from consult.queries.texts import pick
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
        if (asked := asked_before(this, what)) is not None:
            return asked
        form = form_of(this.session, slug, paper.draft.member, this.now)
        if form is None:
            raise NotFound
        if not form.entitled:
            raise NotEntitled(member=form.member, provision=form.no_vote_under)
        if paper.draft.blank and not paper.unclear and not objections_only(form.items):
            raise NoPosition(member=form.member)
        check_answer(form, paper.draft)
        if faults := unclear_faults(paper.draft, paper.unclear):
            raise BadInput(faults)
        refuse_impossible(this, paper.channel, paper.reason, paper.received_at)
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
    asked_by, confirmed_by = two_names(this, request)
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
        unclear=paper.unclear,
        told={
            "asked_by": asked_by,
            "confirmed_by": confirmed_by,
            "recorded_at": instant(this.now),
        },
    )
    version = enter_reply(this, form, line, answer)
    if paper.unclear:
        _ask_to_clarify(this, form, version, paper)


def _ask_to_clarify(this: Change, form: Form, version: int, paper: OnBehalf) -> None:
    """Put to the member what its paper leaves open: no officer reads a position into it."""
    titles = {item.code: item.title for item in form.items}
    this.notify(
        form.told,
        NoticeKind.CLARIFICATION,
        f"unclear-{version}",
        version=version,
        received_at=instant(paper.received_at),
        channel=paper.channel.value,
        member_name=form.member_name,
        passed=this.state is not State.OPEN,
        by_language={
            language: {
                "unclear": [
                    [item, pick(titles[item], language), one.words.text, one.question.text]
                    for item, one in paper.unclear.items()
                ]
            }
            for language in {recipient.language for recipient in form.told}
        },
    )


def two_names(this: Change, request: Request) -> tuple[str, str]:
    """Return the names of who asked and of who confirms."""
    names = this.session.scalars(
        select(Person.name)
        .where(Person.id.in_([request.asked_by_id, this.actor.person_id]))
        .order_by(Person.id == this.actor.person_id)
    ).all()
    return names[0], names[-1]


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
            comments=comments_of(what["comments"]),
            base=0,
        ),
        key=what["key"],
        channel=Channel(what["channel"]),
        received_at=read_instant(what["received_at"]),
        scan=what["scan"],
        reason=what["reason"],
        language=what["language"],
        unclear={
            item: Unclear(Words(**one["words"]), Words(**one["question"]))
            for item, one in what.get("unclear", {}).items()
        },
    )


def unclear_faults(draft: Draft, unclear: Mapping[str, Unclear]) -> dict[str, str]:
    """Return of each item called unclear the code of what is wrong there."""
    faults = {}
    for item, one in unclear.items():
        if item not in draft.choices:
            faults[item] = "no-such-item"
        elif draft.choices[item] is not None:
            faults[item] = "unclear-and-said"
        elif not (one.words.text.strip() and one.question.text.strip()):
            faults[item] = "unclear-words-missing"
        elif max(len(one.words.text), len(one.question.text)) > LONGEST_COMMENT:
            faults[item] = "too-long"
    return faults


def _unclear_data(unclear: Mapping[str, Unclear]) -> dict[str, Any]:
    return {
        item: {
            name: {"text": normal(words.text), "language": words.language}
            for name, words in (("words", one.words), ("question", one.question))
        }
        for item, one in unclear.items()
    }


def _data(paper: OnBehalf) -> dict[str, Any]:
    return {
        "member": paper.draft.member,
        "choices": {i: choice and choice.value for i, choice in paper.draft.choices.items()},
        "comments": comments_data(paper.draft.comments),
        "key": paper.key,
        "channel": paper.channel.value,
        "received_at": instant(paper.received_at),
        "scan": paper.scan,
        "reason": paper.reason,
        "language": paper.language,
        **({"unclear": _unclear_data(paper.unclear)} if paper.unclear else {}),
    }


def asked_before(this: Change, what: dict[str, Any]) -> int | None:
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


def refuse_impossible(this: Change, channel: Channel, reason: str, received_at: datetime) -> None:
    """Refuse a paper that cannot have come so.

    Raises:
        BadInput: It came by the web, for no reason, before the opening or in the future.
    """
    opens_at = this.consultation.opens_at
    if channel is Channel.WEB:
        raise BadInput({"channel": "not-by-web"})
    if not reason.strip():
        raise BadInput({"reason": "missing"})
    if opens_at is not None and received_at < opens_at:
        raise BadInput({"received_at": "before-opening"})
    if received_at > this.now:
        raise BadInput({"received_at": "in-the-future"})
