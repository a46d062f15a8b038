"""An officer says what becomes of each comment of a round, with reasons in each language."""

from collections.abc import Mapping

from sqlalchemy import select

from consult.actions.asking import refuse_while_waiting
from consult.actions.change import Desk, change
from consult.core.life import Act, Actor, Kind, NotNow, Role, State
from consult.core.round import Disposed
from consult.errors import BadInput, NotAllowed, NotFound
from consult.tables import Disposition

LONGEST_REASONS = 4_000  # characters


def dispose(
    desk: Desk, slug: str, actor: Actor, remark: str, disposed: Disposed, reasons: Mapping[str, str]
) -> None:
    """Keep what becomes of *remark*; said anew, the last word counts. The same is not said twice.

    Args:
        reasons: Of each language the words; may be empty only where a comment is accepted or noted.

    Raises:
        NotAllowed: The actor is no officer.
        NotNow: The round is not compiled, or its table is certified.
        Waiting: A certification waits.
        NotFound: No such remark counts.
        BadInput: Reasons are missing or too long.
    """
    if Role.OFFICER not in actor.roles:
        raise NotAllowed(act="dispose")
    said = {code: text.strip() for code, text in reasons.items() if text.strip()}
    _check(disposed, said)
    with change(desk, slug, actor) as this:
        if this.consultation.kind is not Kind.COMMENTS:
            raise NotFound(slug=slug)
        if this.state is not State.COUNTED:
            raise NotNow(act=Act.CONCLUDE.value, state=this.state.value)
        refuse_while_waiting(this, Act.CERTIFY)
        table = this.consultation.result or {}
        if remark not in {row["remark"] for row in table.get("rows", ())}:
            raise NotFound(remark=remark)
        kept = this.session.scalar(
            select(Disposition).where(
                Disposition.consultation_id == this.consultation.id, Disposition.remark == remark
            )
        )
        if kept is not None and (kept.disposed, kept.reasons) == (disposed, said):
            return
        if kept is None:
            kept = Disposition(consultation_id=this.consultation.id, remark=remark)
            this.session.add(kept)
        kept.disposed, kept.reasons = disposed, said
        kept.said_by_id, kept.said_at = actor.person_id, this.now
        kept.number = this.enter(
            "disposition",
            remark=remark,
            disposition=disposed.value,
            reasons_in={code: this.commit_to(text, code) for code, text in said.items()},
        )


def _check(disposed: Disposed, said: Mapping[str, str]) -> None:
    if any(len(text) > LONGEST_REASONS for text in said.values()):
        raise BadInput({"reasons": "too-long"})
    if disposed in {Disposed.NOT_ACCEPTED, Disposed.IN_PART} and not said:
        raise BadInput({"reasons": "disposition-reasons"})
