"""A member replies: the draft its people share, and the version that is stored for ever."""

from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, delete, select
from sqlalchemy.orm import load_only

from consult.actions.arriving import came_late
from consult.actions.change import LOCKED, Change, Desk, change
from consult.actions.noting import refuse_note
from consult.actions.storing import Answer, check_answer, enter_reply
from consult.core.answer import Draft, NewReply, comments_data
from consult.core.life import ENDED, NOT_OPENED, Actor, Channel, State
from consult.errors import (
    Changed,
    Closed,
    KeyReused,
    NoPosition,
    NotEntitled,
    NotFound,
    SilenceBroken,
    Withdrawn,
)
from consult.queries.answering import Form, form_of, objections_only
from consult.queries.steps import words_since
from consult.queries.telling import said_of, whose, with_whose
from consult.tables import Consultation, Reply, ReplyDraft, RollEntry, reading, writing


def save_draft(
    desk: Desk, slug: str, actor: Actor, draft: Draft, *, expected_hash: str | None
) -> str:
    """Keep what a member's people have written so far; return its hash.

    A draft is the member's own: it stands in no ledger and no other page.

    Args:
        expected_hash: Of the draft that the writer saw, None if there was none.

    Raises:
        Changed: A colleague saved another one meanwhile.
        NotFound: No such consultation, or not for this member.
    """
    now = desk.clock()
    with reading(desk.engine) as session:
        form = _own(form_of(session, slug, draft.member, now), actor)
        refuse_note(session, form, draft)
    if form.state is State.WITHDRAWN:
        raise Withdrawn
    if form.state is State.BROKEN:
        raise SilenceBroken
    with writing(desk.engine) as session:
        kept = session.scalar(_draft(form.consultation_id, draft.member).with_for_update())
        if kept is not None and kept.content_hash not in (expected_hash, draft.content_hash):
            raise Changed(what="draft", saved_at=kept.saved_at, saved_by=kept.saved_by_id)
        if kept is None:
            kept = ReplyDraft(consultation_id=form.consultation_id, member=draft.member)
            session.add(kept)
        kept.base = draft.base
        kept.choices = {item: choice and choice.value for item, choice in draft.choices.items()}
        kept.comments = comments_data(draft.comments)
        kept.note = draft.note
        kept.content_hash = draft.content_hash
        kept.saved_by_id, kept.saved_at = actor.person_id, now
    return draft.content_hash


def reply(desk: Desk, slug: str, actor: Actor, new: NewReply) -> int:
    """Store *new* and return its version, from 1; sent again, it is stored once.

    What needs no lock is read and checked before it; under it stand the deadline, the newest
    version and the head of the ledger (T64, T65). A late reply is stored, as late (T74).

    Raises:
        NotFound: No such consultation for this member.
        NotEntitled: The member has no right to vote, and may not comment either.
        NotAllowed: The actor is an adviser of the member: a focal point sends its reply.
        NotOpenYet: It came before the opening.
        SilenceBroken: An objection ended the silence procedure of the whole letter.
        Closed: Not even late replies are registered any more.
        NoPosition: A first reply says nothing.
        Changed: A colleague changed the draft or replied since it was shown, the letter was
            revised, or an item of it was withdrawn at this moment.
        KeyReused: Other content came under the same key.
        Overtaken: It came in time and waited too long; it is not acknowledged.
    """
    forms: list[Form] = []

    def read(connection: Connection) -> None:
        form = _own(form_of(connection, slug, new.draft.member, new.received_at), actor)
        refuse_note(connection, form, new.draft)
        actor.refuse_adviser(form.member)
        forms.append(form)

    with (
        change(desk, slug, actor, before=read, locked=_LETTER) as this,
        this.session.no_autoflush,
    ):
        (form,) = forms
        line = this.session.execute(
            _LINE,
            {
                "consultation": this.consultation.id,
                "member": new.draft.member,
                "key": new.key,
                **whose(this.consultation),
            },
        ).one()
        if line.stored is not None:
            return _stored_before(new, line)
        check_answer(form, new.draft)  # not before: what is stored fitted its form then (T67)
        late = _is_late(this, new)
        # While a letter is open only the withdrawal of an item changes this; it clears drafts too.
        if form.version != this.consultation.draft_version:
            raise Changed(what="items")
        if form.entitled != line.RollEntry.entitled:  # a corrigendum to the roll came between
            raise Changed(what="letter", revision=this.consultation.revision)
        _refuse_changed(this, new, line)
        if not line.RollEntry.versions and _says_nothing(form, new.draft):
            raise NoPosition(member=new.draft.member)
        this.told = said_of(this.consultation, line)
        answer = Answer(
            draft=new.draft,
            key=new.key,
            content_hash=new.shown,
            received_at=new.received_at,
            channel=Channel.WEB,
            language=new.language,
            late=late,
        )
        version = enter_reply(this, form, line.RollEntry, answer)
        if line.drafted is not None:
            this.session.execute(
                delete(ReplyDraft).where(
                    ReplyDraft.consultation_id == this.consultation.id,
                    ReplyDraft.member == new.draft.member,
                )
            )
    return version


def _own(form: Form | None, actor: Actor) -> Form:
    """Return the form if it is the actor's to answer."""
    if form is None or form.member not in actor.members or form.state in NOT_OPENED:
        raise NotFound
    if not form.may_file:
        raise NotEntitled(member=form.member, provision=form.no_vote_under)
    return form


def _says_nothing(form: Form, draft: Draft) -> bool:
    if not form.entitled:
        return not draft.comments
    return draft.blank and not objections_only(form.items)


def _stored_before(new: NewReply, line: Any) -> int:
    """Return the version that is stored under the key, if it says the same (T67)."""
    if line.said != new.shown:
        raise KeyReused(version=line.stored)
    return int(line.stored)


def _is_late(this: Change, new: NewReply) -> bool:
    letter = this.consultation
    if letter.state is State.BROKEN:
        raise SilenceBroken
    if letter.state is State.WITHDRAWN:
        raise Withdrawn
    if not came_late(this, new.received_at):
        return False
    certified = letter.state in ENDED and letter.conclusion is not None
    if certified:  # once it was, nothing is registered any more, whatever a ruling overtook
        raise Closed
    return True


def _refuse_changed(this: Change, new: NewReply, line: Any) -> None:
    if new.draft.base != line.RollEntry.versions:
        raise Changed(what="reply", version=line.RollEntry.versions)
    if new.revision != this.consultation.revision and _says_else(this, new.revision):
        raise Changed(what="letter", revision=this.consultation.revision)
    if new.shown != (line.drafted or new.shown) or new.shown != new.draft.content_hash:
        raise Changed(what="draft")


def _says_else(this: Change, shown: int) -> bool:
    """Say whether the letter was revised since the one *shown*; its roll alone is no matter."""
    if shown > this.consultation.revision:
        return True
    return words_since(this.session, this.consultation.id, shown)


def _draft(consultation_id: int, member: str) -> Select[Any]:
    return select(ReplyDraft).where(
        ReplyDraft.consultation_id == consultation_id, ReplyDraft.member == member
    )


# What a reply asks of its letter: each column that is read costs time under the lock.
_LETTER = LOCKED.options(
    load_only(
        *(Consultation.slug, Consultation.reference, Consultation.kind, Consultation.ledger),
        *(Consultation.body_id, Consultation.state, Consultation.revision, Consultation.languages),
        *(Consultation.subject, Consultation.opens_at, Consultation.closes_at),
        *(Consultation.rule, Consultation.breaks, Consultation.comments),
        *(Consultation.illustrative, Consultation.rehearsal, Consultation.draft_version),
        *(Consultation.opened_at, Consultation.post_stated_at, Consultation.number),
        *(Consultation.head, Consultation.entered_at, Consultation.kid),
    )
)
# The member's line, its draft, what is stored under the form's key, and whose letter it is, by one
# statement.
_LINE = with_whose(
    select(
        RollEntry,
        ReplyDraft.content_hash.label("drafted"),
        Reply.version.label("stored"),
        Reply.content_hash.label("said"),
    )
    .select_from(RollEntry)
    .outerjoin(
        ReplyDraft,
        and_(
            ReplyDraft.consultation_id == RollEntry.consultation_id,
            ReplyDraft.member == RollEntry.member,
        ),
    )
    .outerjoin(
        Reply,
        and_(
            Reply.consultation_id == RollEntry.consultation_id,
            Reply.member == RollEntry.member,
            Reply.idempotency_key == bindparam("key"),
        ),
    )
    .where(
        RollEntry.consultation_id == bindparam("consultation"),
        RollEntry.member == bindparam("member"),
    )
    .options(
        load_only(
            *(RollEntry.versions, RollEntry.reached_at, RollEntry.replied_at, RollEntry.complete),
            RollEntry.entitled,
        )
    )
).with_for_update(of=RollEntry)
