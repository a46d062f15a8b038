"""Revise an open letter: begin, write and submit the revision; a second person confirms it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.actions import corrected_roll
from consult.actions.asking import ask, refuse_while_waiting
from consult.actions.change import Change, Desk, change
from consult.actions.content import put, put_items, refuse_numbers
from consult.actions.documents import attach
from consult.actions.revised import tell
from consult.actions.revisions import (
    body_of,
    case_of,
    content_now,
    freeze_clashes,
    keep,
    texts_of,
)
from consult.actions.silence import heed_revision
from consult.core import revision
from consult.core import shown as as_shown
from consult.core.difference import differences
from consult.core.ledger import hash_of
from consult.core.life import Act, Actor, Kind, Revising, Role, Unconfirmed, check, state_at
from consult.core.ready import lacks
from consult.errors import BadInput, Changed, Incomplete, NotAllowed, NotFound, Waiting
from consult.queries.content import content_of, load_whole
from consult.queries.roll import frozen, lines_of
from consult.tables import (
    Body,
    Consultation,
    Request,
    RevisionDraft,
    RollEntry,
    writing,
)

LONGEST_REASON, LONGEST_AUTHORITY = 2000, 200


def begin(desk: Desk, slug: str, actor: Actor, kind: Revising, language: str | None) -> None:
    """Begin a revision: a copy of the letter as it stands, to be changed.

    Args:
        language: The one that an editorial correction is of; else None.

    Raises:
        NotAllowed, NotNow: The actor is no officer, or the letter is not open.
        NotFound: There is no such letter; the texts of a comment round stay as they are.
        Changed: Somebody began one before.
        BadInput: It is not said which language is corrected.
    """
    with writing(desk.engine) as session:
        letter = _open(desk, session, slug, actor)
        if _draft(session, letter.id) is not None:
            raise Changed(what="draft")
        editorial = kind is Revising.EDITORIAL
        if editorial and language not in letter.languages:
            raise BadInput({"language": "missing"})
        parts = revision.parts_of(_content(session, letter.id))
        session.add(
            RevisionDraft(
                consultation_id=letter.id,
                kind=kind,
                language=language if editorial else None,
                reason="",
                authority="",
                content=parts,
                content_hash=hash_of(parts),
                version=0,
                saved_by_id=actor.person_id,
                saved_at=desk.clock(),
            )
        )


def save(desk: Desk, slug: str, actor: Actor, changes: Mapping[str, Any], *, seen: int) -> int:
    """Keep what is new in *changes*; return the version of the revision that is written.

    Args:
        changes: ``reason``, ``authority``, or parts of the content, whole.
        seen: The version that was shown.

    Raises:
        NotAllowed, NotNow, NotFound: As for `begin`, or none is written.
        Changed: Somebody saved meanwhile.
        Waiting: It is submitted.
        BadInput: Two items bear one number.
    """
    with writing(desk.engine) as session:
        letter = _open(desk, session, slug, actor)
        draft = _draft(session, letter.id)
        if draft is None:
            raise NotFound
        _refuse_asked(session, letter.id)
        content = {name: changes.get(name, draft.content[name]) for name in revision.PARTS}
        if attached := changes.get(revision.ATTACHED, draft.content.get(revision.ATTACHED)):
            content[revision.ATTACHED] = attached
        said = changes.get("reason", draft.reason), changes.get("authority", draft.authority)
        if content == draft.content and said == (draft.reason, draft.authority):
            return draft.version
        if seen != draft.version:
            raise Changed(what="draft", version=draft.version)
        refuse_numbers([item["id"] for item in content["items"]])
        draft.content, (draft.reason, draft.authority) = content, said
        draft.version += 1
        assert actor.person_id is not None  # noqa: S101 - the service itself holds no role
        draft.saved_by_id, draft.saved_at = actor.person_id, desk.clock()
        return draft.version


def discard(desk: Desk, slug: str, actor: Actor) -> None:
    """Give up the revision that is written.

    Raises:
        NotAllowed, NotNow, NotFound, Waiting: As for `save`.
    """
    with writing(desk.engine) as session:
        letter = _open(desk, session, slug, actor)
        draft = _draft(session, letter.id)
        if draft is None:
            raise NotFound
        _refuse_asked(session, letter.id)
        session.delete(draft)


def submit(desk: Desk, slug: str, actor: Actor, *, seen: int) -> int:
    """Ask a second person to make the revision; return the request's id.

    Raises:
        NotAllowed, NotNow, NotFound, Changed: As for `save`.
        Waiting: Another revision waits for its second person.
        BadInput: The reason is missing, or the kind does not allow what was changed.
        Incomplete: A text is missing in a language, or the like.
    """
    with change(desk, slug, actor) as this:
        _refuse_other(this.actor)
        check(Act.CORRECT, this.state, actor.roles)
        refuse_while_waiting(this, Act.CORRECT)
        draft = _draft(this.session, this.consultation.id)
        if draft is None:
            raise NotFound
        if seen != draft.version:
            raise Changed(what="draft", version=draft.version)
        before = content_now(this)
        after = revision.with_attached(before, draft.content)
        faults = {} if draft.reason else {"reason": "missing"}
        if wrong := revision.fault_of(draft.kind, draft.language, before, after):
            faults["kind"] = wrong
        if faults:
            raise BadInput(faults)
        lines = lines_of(frozen(this.session, this.consultation.id), "en")
        if missing := lacks(after, lines, this.now):
            raise Incomplete(missing=missing)
        what = {
            "kind": draft.kind.value,
            "language": draft.language,
            "reason": draft.reason,
            "authority": draft.authority,
            "content": draft.content,
            **_upon(this, before),
        }
        return ask(this, Act.CORRECT, as_shown.revision(what), **what).id


def shown(this: Change, request: Request) -> str:
    """Return the hash of what would be made now: of the letter, or of its roll."""
    if request.what["kind"] == Revising.ROLL:
        return corrected_roll.shown(this, request)
    return as_shown.revision({**request.what, **_upon(this, content_now(this))})


def confirmed(this: Change, request: Request, approved: int) -> None:
    """Revise: rows, the kept revision, the entry with the whole new case, the notices."""
    this.move(Act.CORRECT)
    if request.what["kind"] == Revising.ROLL:
        corrected_roll.confirmed(this, request, approved)
        return
    what, letter = request.what, this.consultation
    kind, before = Revising(what["kind"]), content_now(this)
    _put(this, what["content"])
    for document in what["content"].get(revision.ATTACHED) or ():
        attach(this, document)
    after = content_now(this)
    if any(one.data or one.added for one in differences(before, after)):
        freeze_clashes(this, after)
    letter.revision += 1
    letter.texts = texts_of(after)
    changed = revision.changed_items(kind, before, after)
    keep(
        this,
        kind.value,
        request,
        after,
        reason=what["reason"],
        authority=what["authority"] or None,
        language=what["language"],
        changed=changed,
    )
    roll = frozen(this.session, letter.id)
    number = this.enter(
        "corrigendum",
        revision=letter.revision,
        kind=kind.value,
        case=case_of(this, after, lines_of(roll, body_of(this).working_language)),
        texts=letter.texts,
        changed=changed,
        reason=this.commit_to(what["reason"]),
        approved=approved,
        authority=this.commit_to(what["authority"]) if what["authority"] else None,
    )
    _ask_again(this, roll, changed, added=bool(revision.added_items(before, after)))
    heed_revision(this, number)
    if (draft := _draft(this.session, letter.id)) is not None:
        this.session.delete(draft)
    tell(this, request, before, after, changed)


def _put(this: Change, content: Mapping[str, Any]) -> None:
    whole = load_whole(this.session, this.consultation.id)
    put(whole, content)
    put_items(whole, content["items"])


def _ask_again(this: Change, roll: list[RollEntry], changed: list[str], *, added: bool) -> None:
    """Let those be reminded whose reply says nothing on an item any more, or not yet."""
    lapses = this.consultation.unconfirmed is Unconfirmed.LAPSES
    if not added and not (changed and lapses):
        return
    for line in roll:
        line.complete = False


def _upon(this: Change, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return on what a revision rests: its number, and the letter as it stands."""
    return {
        "revision": this.consultation.revision + 1,
        "from": hash_of(revision.parts_of(before)),
    }


def _open(desk: Desk, session: Session, slug: str, actor: Actor) -> Consultation:
    """Return a consultation that *actor* may revise now."""
    letter = session.scalar(select(Consultation).where(Consultation.slug == slug))
    if letter is None or letter.kind is Kind.COMMENTS:
        raise NotFound(slug=slug)
    _refuse_other(actor)
    check(Act.CORRECT, state_at(letter.state, letter.closes_at, desk.clock()), actor.roles)
    return letter


def _refuse_other(actor: Actor) -> None:
    if Role.OFFICER not in actor.roles:
        raise NotAllowed(act=Act.CORRECT.value)


def _content(session: Session, consultation_id: int) -> dict[str, Any]:
    whole = load_whole(session, consultation_id)
    return content_of(whole, session.get_one(Body, whole.body_id))


def _draft(session: Session, consultation_id: int) -> RevisionDraft | None:
    return session.scalar(
        select(RevisionDraft)
        .where(RevisionDraft.consultation_id == consultation_id)
        .with_for_update()
    )


def _refuse_asked(session: Session, consultation_id: int) -> None:
    """Refuse to change what waits for a second person.

    Raises:
        Waiting: With the request.
    """
    found = session.scalars(
        select(Request).where(
            Request.consultation_id == consultation_id,
            Request.act == Act.CORRECT,
            Request.decided_at.is_(None),
        )
    ).all()
    for request in found:
        if request.what["kind"] != Revising.ROLL:
            raise Waiting(act=Act.CORRECT.value, request=request.id)
