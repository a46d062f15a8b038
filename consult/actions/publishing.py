"""Publish the decision record: its number, its bytes for ever, the result to all."""

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from consult.actions.asking import refuse_while_waiting
from consult.actions.change import Change, Desk, change
from consult.actions.telling import tell_observers
from consult.core.ledger import hash_of, instant, sha256_hex
from consult.core.life import Act, Actor, State
from consult.core.record import record_bytes
from consult.core.rule import parse
from consult.core.schedule import NoticeKind
from consult.core.signing import sign_record
from consult.core.silence import under_silence
from consult.queries.content import load_whole
from consult.queries.recipients import focal_points_of
from consult.queries.record import after_deadline, record_of, to_correct
from consult.queries.roll import frozen
from consult.queries.texts import pick
from consult.tables import Body, Consultation, Record, Referral


def publish(desk: Desk, slug: str, actor: Actor) -> str | None:
    """Publish the record and tell every member on the roll; return its number, ``2020/1``.

    That of a rehearsal is for its members alone and has no number: None is returned.

    Raises:
        NotNow: It is not certified, or published already.
    """
    with change(desk, slug, actor) as this:
        before = _before(this)
        this.move(_act(this, before))
        refuse_while_waiting(this, Act.READMIT, Act.RULE)
        whole = load_whole(this.session, this.consultation.id)
        body = this.session.scalars(
            select(Body).where(Body.id == whole.body_id).with_for_update()
        ).one()
        year, serial, revision = _number(this, body, before)
        this.sign_head()
        this.session.flush()
        number = None if whole.rehearsal else f"{year}/{serial}"
        made = record_of(
            this.session,
            whole.id,
            number=number,
            revision=revision,
            published_at=instant(this.now),
        )
        content = record_bytes(sign_record(this.signer(), made))
        row = Record(
            consultation_id=whole.id,
            body_id=body.id,
            year=year,
            serial=serial,
            revision=revision,
            public=whole.public and not whole.rehearsal,
            rehearsal=whole.rehearsal,
            published_at=this.now,
            outcomes=_outcomes(whole),
            search=_search(whole),
            content=content.decode(),
            sha256=sha256_hex(content),
        )
        this.session.add(row)
        this.enter("publication", result=hash_of(whole.result), record=row.sha256)
        _tell(this, whole, row)
        this.sign_head()
        return number


def _before(this: Change) -> Record | None:
    """Return the newest record of this consultation, if one was published."""
    return this.session.scalar(
        select(Record)
        .where(Record.consultation_id == this.consultation.id)
        .order_by(Record.revision.desc())
        .limit(1)
    )


def _act(this: Change, before: Record | None) -> Act:
    """Return which act it is: a published record is corrected only after a ruling.

    Or after a reply was readmitted.
    """
    if before is None or this.state is not State.PUBLISHED:
        return Act.PUBLISH
    return Act.REPUBLISH if to_correct(this.session, this.consultation.id) else Act.PUBLISH


def _number(this: Change, body: Body, before: Record | None) -> tuple[int, int, int]:
    """Return year, serial and revision: a correction keeps the number of what it corrects."""
    if before is not None:
        return before.year, before.serial, before.revision + 1
    year = this.now.astimezone(ZoneInfo(body.zone)).year
    last = this.session.scalar(
        select(func.max(Record.serial)).where(
            Record.body_id == body.id,
            Record.year == year,
            Record.rehearsal.is_(this.consultation.rehearsal),
        )
    )
    return year, 1 + (last or 0), 0


def _outcomes(whole: Consultation) -> list[dict[str, str]]:
    questions = (whole.result or {}).get("questions", {})
    return [
        {"kind": item.kind.value, "outcome": questions[item.code]["outcome"]}
        for item in whole.items
        if item.withdrawn_at is None and item.code in questions
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
    recorded = after_deadline(this.session, whole)
    this.notify(
        people,
        NoticeKind.RESULT,
        f"result-{row.revision}",
        number=None if row.rehearsal else f"{row.year}/{row.serial}",
        record_revision=row.revision,
        sha256=row.sha256,
        public=row.public,
        silence={
            item.code: questions[item.code]["counts"]["object"]
            for item in whole.items
            if item.code in questions
            and whole.rule
            and under_silence(parse(item.rule or whole.rule))
        },
        referred={
            row.item: row.meeting
            for row in this.session.scalars(
                select(Referral).where(Referral.consultation_id == whole.id).order_by(Referral.id)
            )
        },
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
                    if item.withdrawn_at is None and item.code in questions
                ],
                "recorded_late": [
                    pick(line.name, language) for line in roll if line.member in recorded
                ],
            }
            for language in {recipient.language for recipient in people}
        },
    )
    tell_observers(this, NoticeKind.RESULT, f"result-{row.revision}")
