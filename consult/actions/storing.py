"""Check an answer against its form, and store it with its entry, receipt and notices."""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from consult.actions.change import Change
from consult.actions.completing import leaves_nothing_open
from consult.actions.silence import concerns, heed
from consult.actions.worded import keep_comments, keep_unclear, not_as_usual
from consult.core import ledger
from consult.core.answer import GENERAL, LONGEST_COMMENT, Draft, Unclear
from consult.core.comparison import Choice
from consult.core.life import Channel, CommentPolicy
from consult.core.paragraphs import split
from consult.core.receipt import receipt
from consult.core.schedule import NoticeKind
from consult.errors import BadInput
from consult.queries.answering import Form, FormItem, gaps_of, standing
from consult.queries.steps import asked_again, in_force
from consult.queries.texts import pick
from consult.tables import Item, Reply, RollEntry, lay


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply with what the act of storing it adds.

    Args:
        late: As judged under the lock.
        person_id: Who signs it, if not the actor: on behalf, nobody.
        source: SHA-256 of the scan of a reply on behalf.
        reason: Why an officer entered it.
        approved: Number of the countersigning entry, on behalf.
        told: What the acknowledgement says beside, such as who asked and who confirmed.
        unclear: Of items that a paper leaves open, what is put to the member.
    """

    draft: Draft
    key: str
    content_hash: str
    received_at: datetime
    channel: Channel
    language: str
    late: bool
    source: str | None = None
    reason: str | None = None
    approved: int | None = None
    request_id: int | None = None
    told: dict[str, Any] | None = None
    unclear: Mapping[str, Unclear] = field(default_factory=dict)


def check_answer(form: Form, draft: Draft) -> None:
    """Refuse what the form does not offer or what the letter requires and is missing.

    Raises:
        BadInput: Of each item (or `GENERAL`) the code of what is wrong.
    """
    if faults := faults_of(form.items, draft, votes=form.entitled):
        raise BadInput(faults)


def faults_of(items: Sequence[FormItem], draft: Draft, *, votes: bool = True) -> dict[str, str]:
    """Return of each item (or `GENERAL`) the code of what is wrong with *draft*.

    Args:
        votes: Whether the member has the right to vote; if not, it says nothing on any item.
    """
    faults: dict[str, str] = {} if votes else _without_vote(draft)
    asked = {item.code: item for item in items}
    for code in draft.choices.keys() - asked.keys():
        faults[code] = "no-such-item"
    for code in draft.comments.keys() - asked.keys() - {GENERAL}:
        faults[code] = "no-such-item"
    for code, item in asked.items():
        if (fault := _fault(item, draft)) and code not in faults:
            faults[code] = fault
    general = draft.comments.get(GENERAL)
    if general and len(general.text) > LONGEST_COMMENT:
        faults[GENERAL] = "too-long"
    return faults


def _without_vote(draft: Draft) -> dict[str, str]:
    """Return a fault for each item on which a member without the right to vote says anything."""
    said = {code for code, choice in draft.choices.items() if choice is not None}
    return dict.fromkeys(said | (draft.comments.keys() - {GENERAL}), "no-right-to-vote")


def _fault(item: FormItem, draft: Draft) -> str | None:
    choice, words = draft.choices.get(item.code), draft.comments.get(item.code)
    written = split(words.text)[1].strip() if words else ""
    if item.withdrawn and (choice is not None or written):
        return "item-withdrawn"
    if choice is not None and choice not in item.choices:
        return "choice-not-offered"
    if written and item.comments is CommentPolicy.NONE:
        return "comment-not-asked"
    if len(written) > LONGEST_COMMENT:
        return "too-long"
    return None if choice is None or written else _missing_words(item, choice)


def _missing_words(item: FormItem, choice: Choice) -> str | None:
    if item.comments is CommentPolicy.REQUIRED:
        return "comment-required"
    if item.comments is CommentPolicy.REQUIRED_TO_OBJECT and choice is Choice.OBJECT:
        return "reasons-required"
    return None


def enter_reply(this: Change, form: Form, line: RollEntry, answer: Answer) -> int:
    """Store *answer* as the next version of its member; return that version."""
    draft, answered = answer.draft, _answered(this, form, answer)
    signs = form.by(this.actor.person_id) if answer.channel is Channel.WEB else None
    choices = {code: _value(draft.choices.get(code)) for code in answered.items}
    texts, unclear = keep_comments(this, draft), keep_unclear(this, answer.unclear)
    facts: dict[str, Any] = {
        "reply": secrets.token_hex(16),
        "member": draft.member,
        "version": line.versions + 1,
        "base": draft.base,
        "channel": answer.channel.value,
        "mandate": signs.mandate if signs else None,
        "answered": {
            "revision": answered.revision,
            "language": answer.language,
            "texts": answered.texts.get(answer.language) or next(iter(answered.texts.values())),
        },
        "choices": choices,
        "comments": {place: text["commitment"] for place, text in texts.items()},
        **not_as_usual(draft, texts.keys(), unclear),
        "received_at": ledger.instant(answer.received_at),
        "signatory": this.commit_to(signs.name if signs else draft.member),
    }
    this.signer()  # a key that changed is entered first
    number = _enter(this, answer, facts)
    open_texts = [text for one in unclear.values() for text in one.values()]
    signed = this.signed_receipt(receipt, [*texts.values(), *open_texts])
    silence = any(item.silence for item in form.items)
    items = _as_they_stand(this, form.items) if silence else form.items
    # Without the right to vote nothing is ever answered: turnout and reminders ask this.
    complete = form.entitled and not gaps_of(items, choices)
    lay(
        this.session,
        Reply,
        public=facts["reply"],
        consultation_id=this.consultation.id,
        member=draft.member,
        version=line.versions + 1,
        base=draft.base,
        received_at=answer.received_at,
        recorded_at=this.now,
        late=answer.late,
        channel=answer.channel,
        revision=answered.revision,
        language=answer.language,
        texts_hash=facts["answered"]["texts"],
        choices=choices,
        comments=facts["comments"],
        kinds=facts.get("kinds"),
        unclear=facts.get("unclear"),
        note=facts.get("note"),
        complete=complete,
        person_id=signs.person_id if signs else None,
        mandate_id=signs.mandate if signs else None,
        request_id=answer.request_id,
        idempotency_key=answer.key,
        content_hash=answer.content_hash,
        number=number,
        receipt=signed,
    )
    line.versions += 1
    apart = answer.late or _after_statement(this, answer)
    if not apart:
        reach(
            line,
            answer.received_at,
            says=complete or not draft.blank,
            complete=form.entitled and leaves_nothing_open(items, choices, answered.again),
        )
    _acknowledge(this, form, line, answer, choices)
    if silence and not answer.late and concerns(this, choices.values()):
        heed(this, draft.member, number)
    return line.versions


def reach(line: RollEntry, received_at: datetime, *, says: bool, complete: bool) -> None:
    """Note on the roll that a reply came in time, unless a later one has.

    Args:
        says: Whether it says anything, or is complete without a position.
    """
    if line.reached_at is None or received_at >= line.reached_at:
        line.reached_at = received_at
        line.replied_at = received_at if says else None
        line.complete = complete


def _as_they_stand(this: Change, items: Sequence[FormItem]) -> list[FormItem]:
    """Return the items as they stand under the lock: one may be broken since they were read."""
    broken = set(
        this.session.scalars(
            select(Item.code).where(
                Item.consultation_id == this.consultation.id, Item.broken_at.is_not(None)
            )
        )
    )
    return [replace(item, broken=item.code in broken) for item in items]


@dataclass(frozen=True, slots=True)
class _Answered:
    """The letter as a reply answers it.

    Args:
        again: The items on which the reply says nothing by now: the letter was revised since.
    """

    revision: int
    texts: Mapping[str, str]
    items: tuple[str, ...]
    again: frozenset[str] = frozenset()


def _answered(this: Change, form: Form, answer: Answer) -> _Answered:
    """Return what is answered: on paper, the letter as it was when the paper reached us."""
    letter = this.consultation
    if answer.channel is not Channel.WEB and letter.revision:
        then = in_force(this.session, letter.id, answer.received_at)
        return _Answered(
            then.number,
            then.texts,
            tuple(item["id"] for item in then.content["items"]),
            asked_again(this.session, letter)[then.number],
        )
    return _Answered(letter.revision, form.texts, tuple(item.code for item in form.items))


def _enter(this: Change, answer: Answer, facts: dict[str, Any]) -> int:
    if answer.channel is Channel.WEB:
        return this.enter("late-reply" if answer.late else "reply", **facts)
    return this.enter(
        "reply-on-behalf",
        **facts,
        recorded_at=ledger.instant(this.now),
        source=answer.source,
        reason=this.commit_to(answer.reason or ""),
        approved=answer.approved,
    )


def _after_statement(this: Change, answer: Answer) -> bool:
    """Say whether it is a paper that was recorded after the post-room statement (T75)."""
    return answer.channel is not Channel.WEB and this.consultation.post_stated_at is not None


def _value(choice: Choice | None) -> str | None:
    return choice.value if choice else None


def _acknowledge(
    this: Change, form: Form, line: RollEntry, answer: Answer, choices: dict[str, str | None]
) -> None:
    """Tell every focal point of the member who replied what (T86)."""
    counts = Counter(choice for choice in choices.values() if choice)
    signs = form.by(this.actor.person_id) if answer.channel is Channel.WEB else None
    this.notify(
        form.told,
        NoticeKind.ACKNOWLEDGEMENT,
        str(line.versions),
        version=line.versions,
        received_at=ledger.instant(answer.received_at),
        late=answer.late,
        channel=answer.channel.value,
        by=signs.name if signs else None,
        counts=dict(counts),
        gaps=gaps_of(form.items, choices) if form.entitled else [],
        unopposed=[
            item.code for item in form.items if item.choices == {Choice.OBJECT} and not item.broken
        ],
        entitled=form.entitled,
        member_name=form.member_name,
        after_statement=_after_statement(this, answer),
        **(answer.told or {}),
        by_language={
            language: {
                "positions": [
                    [item.code, pick(item.title, language), choices[item.code]]
                    for item in standing(form.items)
                    if item.code in choices
                ]
            }
            for language in {recipient.language for recipient in form.told}
        },
    )
