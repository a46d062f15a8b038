"""A member comments in a round: the draft its people share, and the version stored for ever."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.actions.arriving import came_late
from consult.actions.change import Change, Desk, change
from consult.actions.commented import enter_comment
from consult.core.life import ENDED, NOT_OPENED, Actor, Kind, State
from consult.core.paragraphs import numbers
from consult.core.round import GENERAL, LONGEST_REMARK, NewComment, Remark, content_hash
from consult.errors import (
    BadInput,
    Changed,
    Closed,
    KeyReused,
    NotEntitled,
    NotFound,
    Withdrawn,
)
from consult.queries.content import load_whole
from consult.tables import (
    Body,
    Comment,
    CommentDraft,
    Consultation,
    RollEntry,
    reading,
    writing,
)


def save_draft(  # noqa: PLR0913, PLR0917 - a draft, and what its writer saw
    desk: Desk,
    slug: str,
    actor: Actor,
    member: str,
    remarks: Sequence[Remark],
    base: int,
    expected_hash: str | None,
) -> str:
    """Keep what a member's people have written so far; return its hash.

    Raises:
        Changed: A colleague saved another one meanwhile.
        NotFound: No such comment round, or not for this member.
        Withdrawn: Nothing is taken any more.
    """
    now, new = desk.clock(), content_hash(remarks)
    with writing(desk.engine) as session:
        letter, _line = _own(session, slug, member, actor)
        if letter.state is State.WITHDRAWN:
            raise Withdrawn
        kept = session.scalar(
            select(CommentDraft)
            .where(CommentDraft.consultation_id == letter.id, CommentDraft.member == member)
            .with_for_update()
        )
        if kept is not None and kept.content_hash not in (expected_hash, new):
            raise Changed(what="draft", saved_at=kept.saved_at, saved_by=kept.saved_by_id)
        if kept is None:
            kept = CommentDraft(consultation_id=letter.id, member=member)
            session.add(kept)
        kept.base, kept.content_hash = base, new
        kept.remarks = [asdict(one) for one in remarks]
        assert actor.person_id is not None  # noqa: S101 - it acts for a member
        kept.saved_by_id, kept.saved_at = actor.person_id, now
    return new


def comment(desk: Desk, slug: str, actor: Actor, new: NewComment) -> int:
    """Store *new* and return its version, from 1; sent again, it is stored once.

    Comments that are late are stored, as late, and do not count.

    Raises:
        NotFound, NotEntitled: No such comment round for this member, or it may not comment.
        NotAllowed: The person only advises the member.
        NotOpenYet, Closed: It came before the opening, or after the table was certified.
        Withdrawn: The round is withdrawn; not even what is late is registered.
        BadInput: At a place, what is wrong there; a first version says nothing.
        Changed: A colleague changed the draft or sent another version since it was shown.
        KeyReused: Other content came under the same key.
        Overtaken: It came in time and waited too long; it is not acknowledged.
    """
    with reading(desk.engine) as session:
        letter, _line = _own(session, slug, new.member, actor)
        places = places_of(session, letter)
    actor.refuse_adviser(new.member)
    check_remarks(new.remarks, places)
    with change(desk, slug, actor) as this:
        line = this.session.scalars(
            select(RollEntry)
            .where(
                RollEntry.consultation_id == this.consultation.id, RollEntry.member == new.member
            )
            .with_for_update()
        ).one()
        if (stored := _stored_before(this, new)) is not None:
            return stored
        late = _is_late(this, new)
        _refuse_changed(this, new, line)
        if not new.remarks and not line.versions:
            raise BadInput({GENERAL: "nothing-written"})
        enter_comment(this, new, line, late=late)
        return line.versions


def check_remarks(remarks: Sequence[Remark], places: set[tuple[str, str | None]]) -> None:
    """Refuse a remark on what is not there, without words, or too long.

    Raises:
        BadInput: Of each place the code of what is wrong.
    """
    if faults := faults_of(remarks, places):
        raise BadInput(faults)


def faults_of(remarks: Sequence[Remark], places: set[tuple[str, str | None]]) -> dict[str, str]:
    """Return of each place the code of what is wrong there."""
    faults: dict[str, str] = {}
    for one in remarks:
        if (one.item, one.paragraph) not in places:
            faults[one.place] = "no-such-place"
        elif max(len(one.text), len(one.proposed)) > LONGEST_REMARK:
            faults[one.place] = "too-long"
        elif "\0" in one.text + one.proposed:
            faults[one.place] = "control-characters"
        elif not one.text.strip():
            faults[one.place] = "comment-missing"
    return faults


def _own(session: Session, slug: str, member: str, actor: Actor) -> tuple[Consultation, RollEntry]:
    """Return the round and the member's line on its roll, if they are the actor's."""
    row = session.execute(
        select(Consultation, RollEntry)
        .join(RollEntry, RollEntry.consultation_id == Consultation.id)
        .where(
            Consultation.slug == slug,
            Consultation.kind == Kind.COMMENTS,
            Consultation.state.not_in(NOT_OPENED),
            RollEntry.member == member,
        )
    ).first()
    if row is None or member not in actor.members:
        raise NotFound(slug=slug)
    if not row.RollEntry.entitled:
        raise NotEntitled(member=member, provision=row.RollEntry.no_vote_under)
    return row.Consultation, row.RollEntry


def places_of(session: Session, letter: Consultation) -> set[tuple[str, str | None]]:
    language = session.get_one(Body, letter.body_id).working_language
    found: set[tuple[str, str | None]] = {(GENERAL, None)}
    for item in load_whole(session, letter.id).items:
        found |= {(item.code, None), *((item.code, one) for one in numbers(item.text, language))}
    return found


def _stored_before(this: Change, new: NewComment) -> int | None:
    """Return the version that is stored under the key, if it says the same (T67)."""
    stored = this.session.scalar(
        select(Comment).where(
            Comment.consultation_id == this.consultation.id,
            Comment.member == new.member,
            Comment.idempotency_key == new.key,
        )
    )
    if stored is None:
        return None
    kept: int = stored.version
    if stored.content_hash != content_hash(new.remarks):
        raise KeyReused(version=kept)
    return kept


def _is_late(this: Change, new: NewComment) -> bool:
    letter = this.consultation
    if letter.state is State.WITHDRAWN:
        raise Withdrawn
    if not came_late(this, new.received_at):
        return False
    if letter.state in ENDED and letter.state is not State.COUNTED:
        raise Closed
    return True


def _refuse_changed(this: Change, new: NewComment, line: RollEntry) -> None:
    if new.base != line.versions:
        raise Changed(what="reply", version=line.versions)
    drafted = this.session.scalar(
        select(CommentDraft.content_hash).where(
            CommentDraft.consultation_id == this.consultation.id,
            CommentDraft.member == new.member,
        )
    )
    if new.shown != (drafted or new.shown) or new.shown != content_hash(new.remarks):
        raise Changed(what="draft")
