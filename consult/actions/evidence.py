"""Keeps the paper on which a reply on behalf rests: a scan, a letter, an e-mail."""

from consult.actions import documents
from consult.actions.change import Desk, change
from consult.core.life import Act, Actor, check
from consult.core.upload import EVIDENCE
from consult.tables import Document


def keep(desk: Desk, slug: str, actor: Actor, data: bytes, filename: str, declared: str) -> str:
    """Keep a paper as evidence of a consultation; return its SHA-256, which a reply names.

    It is no part of the letter: nobody but the two officers sees it before disclosure.

    Raises:
        BadInput: At ``file``; see `upload.sniff`.
        NotAllowed, NotNow: As for a reply on behalf.
    """
    kept = documents.keep(desk, data, filename, declared, EVIDENCE)
    with change(desk, slug, actor) as this:
        check(Act.RECORD, this.state, actor.roles)
        document = Document(
            consultation_id=this.consultation.id,
            purpose="evidence",
            title={},
            filename=kept.filename,
            media_type=kept.media_type,
            sha256=kept.sha256,
            size=kept.size,
            added_at=this.now,
            added_by_id=actor.person_id,
        )
        this.session.add(document)
        this.session.flush()
        this.enter(
            "document-added",
            document=str(document.id),
            sha256=kept.sha256,
            bytes=kept.size,
            language=None,
        )
    return kept.sha256
