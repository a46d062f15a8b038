"""A member's people give a PDF with the reply: kept before the draft that names it (T93)."""

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from consult.actions.change import Desk
from consult.actions.documents import Kept, keep
from consult.core.answer import Draft
from consult.core.life import NOT_OPENED, Actor
from consult.errors import BadInput, NotFound
from consult.queries.answering import Form, form_of
from consult.tables import ReplyNote, reading, writing

NOTE_KINDS = frozenset({"pdf"})


def add_note(
    desk: Desk, slug: str, actor: Actor, member: str, given: tuple[bytes, str, str]
) -> str:
    """Keep a PDF for a member's reply and return its SHA-256; given again, it is kept once.

    It stands in no ledger before a reply names it, as a draft does.

    Args:
        given: The bytes, the name of the file, and of what type it is said to be.

    Raises:
        NotFound: No such letter for this member.
        BadInput: At ``note``, that the letter allows none; at ``file``, see `documents.keep`.
    """
    with reading(desk.engine) as session:
        form = form_of(session, slug, member, desk.clock())
    if form is None or member not in actor.members or form.state in NOT_OPENED:
        raise NotFound(slug=slug)
    if not (form.notes and form.entitled):
        raise BadInput({"note": "note-not-asked"})
    data, filename, declared = given
    kept = keep(desk, data, filename, declared, NOTE_KINDS)
    with writing(desk.engine) as session:
        if _found(session, form, kept.sha256) is None:
            session.add(_row(form, kept, desk, actor))
    return kept.sha256


def refuse_note(session: Session | Connection, form: Form, draft: Draft) -> None:
    """Refuse a note that the letter does not allow, or that is not the member's own.

    Raises:
        BadInput: At ``note``.
    """
    if draft.note is None:
        return
    if not (form.notes and form.entitled) or _found(session, form, draft.note) is None:
        raise BadInput({"note": "note-not-asked"})


def _found(session: Session | Connection, form: Form, sha256: str) -> int | None:
    return session.scalar(
        select(ReplyNote.id).where(
            ReplyNote.consultation_id == form.consultation_id,
            ReplyNote.member == form.member,
            ReplyNote.sha256 == sha256,
        )
    )


def _row(form: Form, kept: Kept, desk: Desk, actor: Actor) -> ReplyNote:
    assert actor.person_id is not None  # noqa: S101 - a focal point is a person
    return ReplyNote(
        consultation_id=form.consultation_id,
        member=form.member,
        sha256=kept.sha256,
        filename=kept.filename,
        media_type=kept.media_type,
        size=kept.size,
        added_at=desk.clock(),
        added_by_id=actor.person_id,
    )
