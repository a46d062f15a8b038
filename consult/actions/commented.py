"""Store a version of a member's comments with its entry and the notices of it."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete

from consult.actions.change import Change
from consult.actions.storing import reach
from consult.core import ledger
from consult.core.receipt import comment_receipt
from consult.core.round import NewComment, Remark
from consult.core.schedule import NoticeKind
from consult.queries.recipients import focal_points_of
from consult.queries.round import mandate_of
from consult.tables import Comment, CommentDraft, RollEntry


@dataclass(frozen=True, slots=True)
class OnPaper:
    """What stands beside comments that reached the secretariat otherwise.

    Args:
        source: SHA-256 of the scan.
        reason: Why an officer entered them.
        approved: Number of the countersigning entry.
        told: What the acknowledgement says of it: who asked, who confirmed, when.
    """

    source: str
    reason: str
    approved: int
    told: dict[str, Any] = field(default_factory=dict)


def enter_comment(
    this: Change, new: NewComment, line: RollEntry, *, late: bool, paper: OnPaper | None = None
) -> None:
    """Store *new* as the next version of its member, and acknowledge it."""
    signs = None
    if paper is None:
        signs = mandate_of(this.session, new.member, this.actor.person_id, this.now)
    texts: list[dict[str, str]] = []
    remarks = [_kept(this, one, texts) for one in new.remarks]
    facts: dict[str, Any] = {
        "comment": secrets.token_hex(16),
        "member": new.member,
        "version": line.versions + 1,
        "base": new.base,
        "channel": new.channel.value,
        "mandate": signs.number if signs else None,
        "received_at": ledger.instant(new.received_at),
        "late": late,
        "language": new.language,
        "remarks": remarks,
        "signatory": this.commit_to(signs.name if signs else new.member),
    }
    this.signer()  # a key that changed is entered first
    number = _enter(this, facts, paper)
    signed = this.signed_receipt(comment_receipt, texts)
    this.session.add(
        Comment(
            public=facts["comment"],
            consultation_id=this.consultation.id,
            member=new.member,
            version=line.versions + 1,
            base=new.base,
            received_at=new.received_at,
            recorded_at=this.now,
            late=late,
            channel=new.channel,
            language=new.language,
            remarks=remarks,
            person_id=this.actor.person_id if paper is None else None,
            mandate_id=facts["mandate"],
            idempotency_key=new.key,
            content_hash=new.shown,
            number=number,
            receipt=signed,
        )
    )
    line.versions += 1
    if not late:
        reach(line, new.received_at, says=bool(remarks), complete=bool(remarks))
    if paper is None:
        _clear_draft(this, new.member)
    told = {"by": signs.name if signs else None, **(paper.told if paper else {})}
    _acknowledge(this, line, facts, told)


def _kept(this: Change, one: Remark, texts: list[dict[str, str]]) -> dict[str, Any]:
    """Keep the words of a remark beside the ledger, and put them to *texts* for the receipt."""
    text = this.keep_text(one.text, one.language)
    texts.append(text)
    proposed = this.keep_text(one.proposed, one.language) if one.proposed else None
    if proposed:
        texts.append(proposed)
    return {
        "id": secrets.token_hex(16),
        "item": one.item,
        "paragraph": one.paragraph,
        "text": text["commitment"],
        "proposed": proposed["commitment"] if proposed else None,
        "language": one.language,
    }


def _enter(this: Change, facts: dict[str, Any], paper: OnPaper | None) -> int:
    if paper is None:
        return this.enter("comment", **facts)
    return this.enter(
        "comment-on-behalf",
        **facts,
        recorded_at=ledger.instant(this.now),
        source=paper.source,
        reason=this.commit_to(paper.reason),
        approved=paper.approved,
    )


def _clear_draft(this: Change, member: str) -> None:
    this.session.execute(
        delete(CommentDraft).where(
            CommentDraft.consultation_id == this.consultation.id, CommentDraft.member == member
        )
    )


def _acknowledge(
    this: Change, line: RollEntry, facts: dict[str, Any], told: dict[str, Any]
) -> None:
    """Tell every focal point of the member who commented, how much, and when (T86)."""
    this.notify(
        focal_points_of(this.session, [line.member], this.now),
        NoticeKind.ACKNOWLEDGEMENT,
        str(line.versions),
        version=line.versions,
        received_at=facts["received_at"],
        late=facts["late"],
        channel=facts["channel"],
        remarks=len(facts["remarks"]),
        member_name=line.name,
        **told,
    )
