"""Numbered errata beside a published record: words are put right, the record itself stays."""

from collections.abc import Mapping

from sqlalchemy import Select, func, select

from consult.actions.asking import ask, refuse_while_waiting
from consult.actions.change import Change, Desk, change
from consult.actions.telling import tell_observers
from consult.core.ledger import canonical, hash_of
from consult.core.life import Act, Actor
from consult.core.schedule import NoticeKind
from consult.errors import BadInput
from consult.queries.recipients import focal_points_of
from consult.queries.roll import frozen
from consult.tables import Erratum, Record, Request

LONGEST_ERRATUM = 5000  # characters


def correct(desk: Desk, slug: str, actor: Actor, words: Mapping[str, str]) -> int:
    """Ask for an erratum that says *words* in each language; return the request's id.

    Raises:
        NotNow: No record is published yet.
        Waiting: Another erratum waits for its second person.
        BadInput: Nothing is said in any language, or too much in one.
    """
    said = {language: text.strip() for language, text in words.items() if text.strip()}
    faults = {
        f"words-{language}": "too-long"
        for language, text in said.items()
        if len(text) > LONGEST_ERRATUM
    }
    with change(desk, slug, actor) as this:
        this.move(Act.ERRATUM)
        if not said:
            faults[f"words-{this.consultation.languages[0]}"] = "missing"
        if faults:
            raise BadInput(faults)
        refuse_while_waiting(this, Act.ERRATUM)
        return ask(this, Act.ERRATUM, hash_of({"words": said}), words=said).id


def confirmed(this: Change, request: Request, approved: int) -> None:
    """Enter the erratum under the next number, and tell every member on the roll."""
    this.move(Act.ERRATUM)
    letter, words = this.consultation, request.what["words"]
    number = 1 + (_newest(this, select(func.max(Erratum.number)), Erratum) or 0)
    entry = this.enter(
        "erratum",
        erratum=number,
        words=this.commit_to(canonical(words).decode()),
        approved=approved,
    )
    this.session.add(
        Erratum(
            consultation_id=letter.id,
            number=number,
            revision=_newest(this, select(func.max(Record.revision)), Record) or 0,
            words=words,
            at=this.now,
            entry=entry,
        )
    )
    roll = frozen(this.session, letter.id)
    this.notify(
        focal_points_of(this.session, [line.member for line in roll], this.now),
        NoticeKind.ERRATUM,
        f"erratum-{number}",
        erratum=number,
        words=words,
        by_member={line.member: {"member_name": line.name} for line in roll},
    )
    tell_observers(this, NoticeKind.ERRATUM, f"erratum-{number}", erratum=number)


def _newest(this: Change, wanted: Select[int | None], table: type[Erratum | Record]) -> int | None:
    return this.session.scalar(wanted.where(table.consultation_id == this.consultation.id))
