"""Keep a file under its SHA-256, and attach it to a draft or take it away (T93)."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import select

from consult.actions.change import Change, Desk, change
from consult.actions.scanning import refuse_infected
from consult.core.canonical import hash_of
from consult.core.life import Act, Actor, check
from consult.core.upload import DOCUMENTS, sniff, stored_at
from consult.errors import BadInput, NotFound, Unavailable
from consult.queries.content import content_of, load_whole
from consult.tables import Body, Document, Item

ANNEX, SIGNED, PROOF = "annex", "signed", "evidence"
_ATTACHED = (
    "item",
    "purpose",
    "language",
    "symbol",
    "title",
    "filename",
    "media_type",
    "sha256",
    "size",
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is on disk."""

    sha256: str
    size: int
    media_type: str
    filename: str


@dataclass(frozen=True, slots=True)
class About:
    """What a document of a letter is.

    Args:
        purpose: ``annex``, or ``signed``: the letter as it was signed, in one language.
        item: The item it belongs to; None for the letter.
        language: Its language; None if it is the same for all readers.
        symbol: The organisation's own document symbol.
    """

    title: Mapping[str, str]
    purpose: str = ANNEX
    item: str | None = None
    language: str | None = None
    symbol: str | None = None
    dated_on: date | None = None


def keep(
    desk: Desk,
    data: bytes,
    filename: str,
    declared: str,
    kinds: frozenset[str] = DOCUMENTS,
) -> Kept:
    """Judge a file and put it on disk, before any transaction names it.

    Raises:
        BadInput: At ``file``; see `upload.sniff`. Or file-infected: the scanner refuses it.
        Unscanned: The scanner came to no verdict; the file is not kept.
    """
    found = sniff(data, filename, declared, kinds)
    refuse_infected(desk.scanner, desk.scanner_seconds, data)
    digest = sha256(data).hexdigest()
    target = path_of(desk, digest)
    if not target.exists():
        _write(target, data)
    return Kept(digest, len(data), found.media_type, found.filename)


def path_of(desk: Desk, digest: str) -> Path:
    """Return where the file of that SHA-256 lies."""
    return stored_at(desk.files, digest)


def add(desk: Desk, slug: str, actor: Actor, kept: Kept, about: About) -> int:
    """Attach a kept file to a draft or one of its items; return the document's id.

    Raises:
        NotAllowed, NotNow: The actor is no officer, or it is no draft any more.
        BadInput: There is no such item, or the signed letter of that language is there.
    """
    with change(desk, slug, actor) as this:
        check(Act.DRAFT, this.state, actor.roles)
        letter = this.consultation
        _refuse_misplaced(this, about)
        document = Document(
            consultation_id=letter.id,
            item=about.item,
            purpose=about.purpose,
            language=about.language,
            symbol=about.symbol,
            title=dict(about.title),
            dated_on=about.dated_on,
            filename=kept.filename,
            media_type=kept.media_type,
            sha256=kept.sha256,
            size=kept.size,
            added_at=this.now,
            added_by_id=actor.person_id,
        )
        this.session.add(document)
        this.session.flush()
        this.enter("document-added", **_facts(document))
        letter.changed_at = this.now
        return document.id


def attach(this: Change, data: Mapping[str, Any]) -> None:
    """Attach a kept file to a letter that is open, as an addendum confirmed by two says."""
    dated_on = data["dated_on"]
    document = Document(
        consultation_id=this.consultation.id,
        **{name: data[name] for name in _ATTACHED},
        dated_on=date.fromisoformat(dated_on) if dated_on else None,
        added_at=this.now,
        added_by_id=this.actor.person_id,
    )
    this.session.add(document)
    this.session.flush()
    this.session.expire(this.consultation, ["documents"])
    this.enter("document-added", **_facts(document))


def keep_evidence(this: Change, kept: Kept) -> None:
    """Name a kept file as evidence of the consultation; the entry that rests on it has its hash."""
    this.session.add(
        Document(
            consultation_id=this.consultation.id,
            purpose=PROOF,
            title={},
            filename=kept.filename,
            media_type=kept.media_type,
            sha256=kept.sha256,
            size=kept.size,
            added_at=this.now,
            added_by_id=this.actor.person_id,
        )
    )


def remove(desk: Desk, slug: str, actor: Actor, document_id: int) -> None:
    """Take a document out of a draft; the file and both ledger entries stay.

    Raises:
        NotAllowed, NotNow: The actor is no officer, or it is no draft any more.
        NotFound: The draft has no such document.
    """
    with change(desk, slug, actor) as this:
        document = _of_draft(this, document_id)
        document.removed_at = this.now
        this.consultation.changed_at = this.now
        if document.sha256 is None:
            this.enter("draft-changed", fields={"documents": _named_still(this)})
            return
        this.enter("document-removed", **_facts(document))


def _refuse_misplaced(this: Change, about: About) -> None:
    letter_id = this.consultation.id
    if about.item is not None:
        item = select(Item.id).where(Item.consultation_id == letter_id, Item.code == about.item)
        if this.session.scalar(item) is None:
            raise BadInput({"item": "item-unknown"})
    if about.purpose != SIGNED:
        return
    signed = select(Document.id).where(
        Document.consultation_id == letter_id,
        Document.removed_at.is_(None),
        Document.purpose == SIGNED,
        Document.language == about.language,
    )
    if this.session.scalar(signed) is not None:
        raise BadInput({"language": "signed-twice"})


def _named_still(this: Change) -> str:
    """Return the hash of the documents as the content lists them now."""
    this.session.flush()
    body = this.session.get_one(Body, this.consultation.body_id)
    whole = load_whole(this.session, this.consultation.id)
    return hash_of(content_of(whole, body)["documents"])


def entitle(
    desk: Desk,
    slug: str,
    actor: Actor,
    document_id: int,
    title: Mapping[str, str],
    symbol: str | None,
) -> None:
    """Give a document of a draft its title in each language, and its symbol.

    Raises:
        NotAllowed, NotNow: The actor is no officer, or it is no draft any more.
        NotFound: The draft has no such document.
    """
    with change(desk, slug, actor) as this:
        document = _of_draft(this, document_id)
        if document.title == title and document.symbol == symbol:
            return
        document.title, document.symbol = dict(title), symbol
        this.consultation.changed_at = this.now
        this.enter("draft-changed", fields={"documents": _named_still(this)})


def _of_draft(this: Change, document_id: int) -> Document:
    check(Act.DRAFT, this.state, this.actor.roles)
    document = this.session.get(Document, document_id)
    belongs = document is not None and document.consultation_id == this.consultation.id
    if document is None or not belongs or document.removed_at is not None:
        raise NotFound(document=document_id)
    return document


def _facts(document: Document) -> dict[str, object]:
    return {
        "document": str(document.id),
        "sha256": document.sha256,
        "bytes": document.size,
        "language": document.language,
    }


def _write(target: Path, data: bytes) -> None:
    """Write and sync beside *target*, then rename: there is the whole file, or none.

    Raises:
        Unavailable: The disk is full, or may not be written (T71).
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_beside(target, data)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as fault:
        raise Unavailable from fault


def _write_beside(target: Path, data: bytes) -> None:
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def read_stored(desk: Desk, sha256: str) -> bytes | None:
    """Return the bytes of a stored file, None where it is not on this machine."""
    path = path_of(desk, sha256)
    return path.read_bytes() if path.is_file() else None
