"""Draft a consultation: begin, copy, save and discard it, each with its ledger entries."""

import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from consult.actions.change import Change, Desk, change
from consult.actions.content import (
    changed,
    defaults_of,
    known,
    put,
    put_items,
    refuse_numbers,
    renumber,
)
from consult.core import ledger
from consult.core.life import ENDED, SYSTEM, Act, Actor, Kind, State, check
from consult.core.silence import asks_positions
from consult.errors import BadInput, Changed, NotFound
from consult.queries.content import content_of, load_whole
from consult.tables import Body, Consultation, Document, reading, writing

_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._()/-]{0,63}", re.ASCII)

# What a rehearsal says at the head of all that it sends and shows.
REHEARSAL = "This is a rehearsal: it counts for nothing."

# An earlier letter's own days and its state do not pass to its copy.
NOT_COPIED = frozenset({"opens_at", "closes_at", "waived", "documents", "follows"})


def slug_of(reference: str) -> str:
    """Return how *reference* stands in addresses: ``DM-20/1021`` as ``DM-20-1021``."""
    return reference.replace("/", "-")


def create(
    desk: Desk,
    actor: Actor,
    body_slug: str,
    content: Mapping[str, Any],
    remarks: Mapping[str, Any] | None = None,
    *,
    follows: tuple[int, str] | None = None,
) -> str:
    """Begin a draft and return its slug; its ledger begins with it (T41).

    Args:
        content: In the shape of `queries.content.content_of`; what is not there is as the
            body has it. Its reference must be free.
        remarks: What an imported file says beside the content.
        follows: The consultation that it follows, and in what way.

    Raises:
        NotAllowed: The actor is no officer (nor the service itself).
        NotFound: There is no such body.
        BadInput: The reference or an item's number cannot be used, or a part is not known.
    """
    if actor is not SYSTEM:
        check(Act.DRAFT, State.DRAFT, actor.roles)
    with writing(desk.engine) as session:
        begun = begin(desk, session, actor, body_slug, content)
        begun.remarks = dict(remarks or {})
        begun.follows_id, begun.follows_as = follows or (None, None)
        return begun.slug


def begin(
    desk: Desk, session: Session, actor: Actor, body_slug: str, content: Mapping[str, Any]
) -> Consultation:
    """Begin a draft within a transaction, as `create` does, and return it.

    Raises:
        NotFound, BadInput: As for `create`.
    """
    wanted = known(content)
    refuse_numbers([item["id"] for item in wanted.get("items", ())])
    reference = str(content.get("reference") or "").strip()
    body = _body(session, body_slug)
    _refuse_taken(session, reference)
    letter = _begin(desk, actor, body, reference)
    parts = {**defaults_of(body), **wanted}
    if parts["clashes"]:  # what was found stands in the letter that was opened
        parts["clashes"] = {name: parts["clashes"][name] for name in ("calendars", "to_members")}
    if parts["kind"] == Kind.COMMENTS.value:
        parts["rule"] = None  # nothing is decided in it
    elif "reminders" not in wanted and not asks_positions(parts["rule"], parts["items"]):
        parts["reminders"] = []
    if content.get("rehearsal"):
        letter.rehearsal = True
        parts["illustrative"] = REHEARSAL
    put(letter, parts)
    session.add(letter)
    session.flush()
    this = Change(desk, session, letter, letter.made_at, actor)
    said = {"rehearsal": True} if letter.rehearsal else {}
    kid = this.signer().kid
    this.enter("ledger-opened", service=desk.service, reference=reference, kid=kid, **said)
    load_whole(session, letter.id)
    put_items(letter, parts["items"])
    named = _name_documents(this, content.get("documents") or [])
    _enter(this, body, [*parts, *(["documents"] if named else [])])
    return letter


def copy_of(desk: Desk, actor: Actor, slug: str, reference: str, *, rehearsal: bool = False) -> str:
    """Begin a draft that says what an earlier letter said; return its slug.

    Files stay with the earlier letter; its days are not copied. The copy of a comment round
    that is compiled follows it: it shows what was taken up. A rehearsal is copied into a letter
    that counts, unless the copy is to be a *rehearsal* too.

    Raises:
        NotFound: There is no such consultation.
    """
    with reading(desk.engine) as session:
        found = session.scalar(select(Consultation).where(Consultation.slug == slug))
        if found is None:
            raise NotFound(slug=slug)
        body = session.get_one(Body, found.body_id)
        content = content_of(load_whole(session, found.id), body)
    kept = {name: part for name, part in content.items() if name not in NOT_COPIED}
    compiled = found.kind is Kind.COMMENTS and found.state in ENDED
    takes_up = slug if compiled and found.rehearsal is rehearsal else None
    if found.rehearsal:
        kept["illustrative"] = None
    kept["rehearsal"] = rehearsal
    return create(desk, actor, body.slug, {**kept, "reference": reference, "takes_up": takes_up})


def save(desk: Desk, slug: str, actor: Actor, changes: Mapping[str, Any], *, seen: int) -> int:
    """Keep what is new in *changes*, however incomplete; return the draft's version.

    Args:
        changes: Whole parts of the content: ``items`` is the list of all items.
        seen: The version that was shown. Nothing new is no change, and is never refused.

    Raises:
        NotAllowed, NotNow: The actor is no officer, or it is no draft any more.
        Changed: Somebody saved meanwhile; ``version`` is the newer one.
        BadInput: A part is not known, or two items bear one number.
    """
    wanted = known(changes)
    with change(desk, slug, actor) as this:
        check(Act.DRAFT, this.state, actor.roles)
        letter = this.consultation
        body = this.session.get_one(Body, letter.body_id)
        new = changed(content_of(load_whole(this.session, letter.id), body), wanted)
        if not new:
            return letter.draft_version
        if seen != letter.draft_version:
            raise Changed(what="draft", version=letter.draft_version)
        put(letter, new)
        if "items" in new:
            refuse_numbers([item["id"] for item in new["items"]])
            put_items(letter, new["items"])
        letter.draft_version += 1
        letter.changed_at = this.now
        _enter(this, body, list(new))
        return letter.draft_version


def number(desk: Desk, slug: str, actor: Actor, numbers: Mapping[str, str], *, seen: int) -> int:
    """Give items new numbers; their documents and annexes follow. Return the draft's version.

    Args:
        numbers: Of each item that changes, its number and the new one.

    Raises:
        NotAllowed, NotNow, Changed: As for `save`.
        BadInput: Two items would bear one number, or a number cannot be used.
    """
    with change(desk, slug, actor) as this:
        check(Act.DRAFT, this.state, actor.roles)
        letter = load_whole(this.session, this.consultation.id)
        after = {item.code: numbers.get(item.code, item.code) for item in letter.items}
        if all(old == new for old, new in after.items()):
            return letter.draft_version
        if seen != letter.draft_version:
            raise Changed(what="draft", version=letter.draft_version)
        refuse_numbers(list(after.values()))
        before = dict(content_of(letter, this.session.get_one(Body, letter.body_id)))
        renumber(this.session, letter, after)
        letter.draft_version += 1
        letter.changed_at = this.now
        body = this.session.get_one(Body, letter.body_id)
        content = content_of(letter, body)
        parts = [name for name in ("items", "letter", "documents") if content[name] != before[name]]
        _enter(this, body, parts)
        return letter.draft_version


def discard(desk: Desk, slug: str, actor: Actor) -> None:
    """Give up a draft; its ledger stays.

    Raises:
        NotAllowed, NotNow: The actor is no officer, or it is no draft any more.
    """
    with change(desk, slug, actor) as this:
        this.move(Act.DISCARD)
        this.enter("draft-discarded")


def _body(session: Session, slug: str) -> Body:
    found = session.scalar(select(Body).where(Body.slug == slug))
    if found is None:
        raise NotFound(body=slug)
    return found


def _begin(desk: Desk, actor: Actor, body: Body, reference: str) -> Consultation:
    now = desk.clock()
    return Consultation(
        slug=slug_of(reference),
        reference=reference,
        ledger=str(uuid.uuid4()),
        body_id=body.id,
        state=State.DRAFT,
        revision=0,
        draft_version=1,
        made_by_id=actor.person_id,
        made_at=now,
        changed_at=now,
        number=-1,
        head=ledger.EMPTY_HEAD,
        remarks={},
    )


def _refuse_taken(session: Session, reference: str) -> None:
    if not reference:
        raise BadInput({"reference": "missing"})
    if not _REFERENCE.fullmatch(reference):
        raise BadInput({"reference": "reference-shape"})
    taken = select(Consultation.id).where(
        or_(Consultation.reference == reference, Consultation.slug == slug_of(reference))
    )
    if session.scalar(taken) is not None:
        raise BadInput({"reference": "reference-taken"})


def _name_documents(this: Change, documents: Sequence[Mapping[str, Any]]) -> int:
    """Keep what an imported letter says of documents whose files are not given."""
    for document in documents:
        this.consultation.documents.append(
            Document(
                item=document.get("item"),
                purpose=document.get("purpose") or "annex",
                language=document.get("language"),
                symbol=document.get("symbol"),
                title=dict(document.get("title") or {}),
                dated_on=_day(document.get("dated_on")),
                added_at=this.now,
                added_by_id=this.actor.person_id,
            )
        )
    return len(documents)


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _enter(this: Change, body: Body, names: Sequence[str]) -> None:
    """Enter the parts of these names, as they stand now (T41)."""
    content = content_of(this.consultation, body)
    this.enter("draft-changed", fields={name: ledger.hash_of(content[name]) for name in names})
