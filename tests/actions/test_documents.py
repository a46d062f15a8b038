"""A file is kept under its hash before anything names it, and its coming and going is entered."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from consult.actions import documents
from consult.actions.change import Desk
from consult.actions.documents import SIGNED, About, Kept, path_of
from consult.core.ledger import hash_of, sha256_hex
from consult.core.life import Actor, NotNow
from consult.errors import BadInput, NotAllowed, NotFound, Unavailable
from consult.queries.drafting import draft_of
from consult.tables import LedgerEntry, reading
from tests import build

PDF = b"%PDF-1.7\na letter\n"


@pytest.fixture
def officer(desk: Desk) -> Actor:
    build.council(desk, 3)
    return build.officer(desk)


@pytest.fixture
def slug(desk: Desk, officer: Actor) -> str:
    return build.draft(desk, officer)


def kept(desk: Desk, name: str = "letter.pdf") -> Kept:
    return documents.keep(desk, PDF, name, "application/pdf")


def last(desk: Desk) -> tuple[str, dict[str, Any]]:
    with reading(desk.engine) as session:
        entry = json.loads(
            session.scalars(select(LedgerEntry.entry).order_by(LedgerEntry.id.desc())).first()
        )
    return entry["what"], entry["facts"]


def test_a_file_lies_under_its_hash_whole_and_once(desk: Desk) -> None:
    first, again = kept(desk), kept(desk, "the same.pdf")
    assert first.sha256 == again.sha256 == sha256_hex(PDF)
    assert (first.size, first.media_type) == (len(PDF), "application/pdf")
    assert path_of(desk, first.sha256).read_bytes() == PDF
    assert [path for path in desk.files.rglob("*") if path.is_file()] == [
        path_of(desk, first.sha256)
    ]


def test_a_write_that_breaks_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """T71."""

    def full(_from: Path, _to: Path) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(Unavailable):
        kept(desk)
    assert [path for path in desk.files.rglob("*") if path.is_file()] == []


def test_what_is_refused_is_not_kept(desk: Desk) -> None:
    with pytest.raises(BadInput):
        documents.keep(desk, b"<html>", "letter.pdf", "application/pdf")
    assert list(desk.files.rglob("*")) == []


def test_a_document_comes_and_goes_with_its_entries(desk: Desk, officer: Actor, slug: str) -> None:
    file = kept(desk)
    about = About({"en": "A report"}, item="2", language="en", symbol="C20/2")
    number = documents.add(desk, slug, officer, file, about)
    facts = {
        "document": str(number),
        "sha256": file.sha256,
        "bytes": file.size,
        "language": "en",
    }
    assert last(desk) == ("document-added", facts)
    line = draft_of(desk.engine, slug).document(number)
    assert (line.item, line.symbol, line.filename) == ("2", "C20/2", "letter.pdf")
    documents.remove(desk, slug, officer, number)
    assert last(desk) == ("document-removed", facts)
    with pytest.raises(NotFound):
        draft_of(desk.engine, slug).document(number)
    with pytest.raises(NotFound):
        documents.remove(desk, slug, officer, number)


def test_a_document_that_was_only_named_goes_too(desk: Desk, officer: Actor) -> None:
    slug = build.draft(
        desk, officer, reference="A/1", documents=[{"symbol": "C20/2", "title": {"en": "A"}}]
    )
    number = draft_of(desk.engine, slug).documents[0].id
    documents.remove(desk, slug, officer, number)
    assert last(desk) == ("draft-changed", {"fields": {"documents": hash_of([])}})


def test_a_document_gets_its_titles(desk: Desk, officer: Actor, slug: str) -> None:
    number = documents.add(desk, slug, officer, kept(desk), About({"en": "A report"}))
    titles = {"en": "A report", "fr": "Un rapport"}
    documents.entitle(desk, slug, officer, number, titles, "C20/2")
    assert draft_of(desk.engine, slug).document(number).title == titles
    what, facts = last(desk)
    assert (what, list(facts["fields"])) == ("draft-changed", ["documents"])
    assert facts["fields"]["documents"] == hash_of(draft_of(desk.engine, slug).content["documents"])
    documents.entitle(desk, slug, officer, number, titles, "C20/2")
    assert last(desk) == (what, facts)


def test_one_signed_letter_in_a_language_and_items_that_exist(
    desk: Desk, officer: Actor, slug: str
) -> None:
    signed = About({}, purpose=SIGNED, language="fr")
    documents.add(desk, slug, officer, kept(desk), signed)
    with pytest.raises(BadInput) as refused:
        documents.add(desk, slug, officer, kept(desk), signed)
    assert refused.value.faults == {"language": "signed-twice"}
    with pytest.raises(BadInput) as refused:
        documents.add(desk, slug, officer, kept(desk), About({}, item="99"))
    assert refused.value.faults == {"item": "item-unknown"}


def test_documents_of_other_letters_cannot_be_touched(
    desk: Desk, officer: Actor, slug: str
) -> None:
    other = build.draft(desk, officer, reference="OTHER/1")
    number = documents.add(desk, other, officer, kept(desk), About({}))
    with pytest.raises(NotFound):
        documents.remove(desk, slug, officer, number)
    with pytest.raises(NotFound):
        documents.entitle(desk, slug, officer, number, {}, None)


def test_only_a_draft_takes_documents_and_only_from_an_officer(
    desk: Desk, officer: Actor, slug: str
) -> None:
    approver = build.approver(desk)
    with pytest.raises(NotAllowed):
        documents.add(desk, slug, approver, kept(desk), About({}))
    number = documents.add(desk, slug, officer, kept(desk), About(build.in_all("A report")))
    build.open_it(desk, slug, officer, approver)
    with pytest.raises(NotNow):
        documents.add(desk, slug, officer, kept(desk), About({}))
    with pytest.raises(NotNow):
        documents.remove(desk, slug, officer, number)
