"""Publish the decision record: its number, its bytes for ever, the result to all."""

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from consult.actions.change import Change, Desk, change
from consult.core.ledger import hash_of, instant, sha256_hex
from consult.core.life import Act, Actor
from consult.core.record import record_bytes
from consult.core.schedule import NoticeKind
from consult.queries.content import load_whole
from consult.queries.recipients import focal_points_of
from consult.queries.record import record_of
from consult.queries.roll import frozen
from consult.queries.texts import pick
from consult.tables import Body, Consultation, Record


def publish(desk: Desk, slug: str, actor: Actor) -> str:
    """Publish the record and tell every member on the roll; return its number, ``2020/1``.

    Raises:
        NotNow: It is not certified, or published already.
    """
    with change(desk, slug, actor) as this:
        this.move(Act.PUBLISH)
        whole = load_whole(this.session, this.consultation.id)
        body = this.session.scalars(
            select(Body).where(Body.id == whole.body_id).with_for_update()
        ).one()
        year = this.now.astimezone(ZoneInfo(body.zone)).year
        serial = 1 + (
            this.session.scalar(
                select(func.max(Record.serial)).where(
                    Record.body_id == body.id, Record.year == year
                )
            )
            or 0
        )
        this.session.flush()
        made = record_of(
            this.session,
            whole.id,
            number=f"{year}/{serial}",
            published_at=instant(this.now),
        )
        content = record_bytes(made)
        row = Record(
            consultation_id=whole.id,
            body_id=body.id,
            year=year,
            serial=serial,
            revision=0,
            public=whole.public,
            published_at=this.now,
            outcomes=_outcomes(whole),
            search=_search(whole),
            content=content.decode(),
            sha256=sha256_hex(content),
        )
        this.session.add(row)
        this.enter("publication", result=hash_of(whole.result), record=row.sha256)
        _tell(this, whole, row)
        return f"{year}/{serial}"


def _outcomes(whole: Consultation) -> list[dict[str, str]]:
    questions = (whole.result or {}).get("questions", {})
    return [
        {"kind": item.kind.value, "outcome": questions[item.code]["outcome"]}
        for item in whole.items
        if item.code in questions
    ]


def _search(whole: Consultation) -> str:
    """Everything one might look for, folded: subject, titles, references, symbols."""
    words = [whole.reference, *whole.subject.values()]
    for item in whole.items:
        words += [*item.title.values(), *(item.candidate or {}).values(), item.group or ""]
    words += [document.symbol or "" for document in whole.documents]
    return "\n".join(words).casefold()


def _tell(this: Change, whole: Consultation, row: Record) -> None:
    roll = frozen(this.session, whole.id)
    people = focal_points_of(this.session, [line.member for line in roll], this.now)
    questions: dict[str, Any] = (whole.result or {}).get("questions", {})
    this.notify(
        people,
        NoticeKind.RESULT,
        f"result-{row.revision}",
        number=f"{row.year}/{row.serial}",
        sha256=row.sha256,
        public=row.public,
        by_member={line.member: {"member_name": line.name} for line in roll},
        by_language={
            language: {
                "outcomes": [
                    [
                        item.code,
                        pick(item.title, language),
                        item.kind.value,
                        questions[item.code]["outcome"],
                    ]
                    for item in whole.items
                    if item.code in questions
                ]
            }
            for language in {recipient.language for recipient in people}
        },
    )
