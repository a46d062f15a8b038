"""The dossier of a consultation: one archive of all that it left behind, with an index in words."""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from consult.core.ledger import instant, sha256_hex
from consult.documents.forms import FORMS, RECORD_FORMS, TABLE_FORMS
from consult.documents.letter import letter_of
from consult.documents.letter_pdf import letter_pdf
from consult.documents.record_csv import write
from consult.documents.round import is_table
from consult.queries.dossier import Dossier, Paper
from consult.queries.texts import pick
from consult.wording import instants, kinds
from consult.wording.catalogues import locale_of

Read = Callable[[str], bytes | None]

_FOLDERS = ("letter", "documents", "evidence", "replies", "comments", "record")


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    content: bytes


def dossier_zip(found: Dossier, language: str, read: Read) -> bytes:
    """Return the dossier as one ZIP; the same dossier gives the same bytes.

    Args:
        language: Of the index and of the forms for people; the letter is in each of its own.
        read: Gives a stored file by its SHA-256, None where it is not on this machine.
    """
    with force_locale(locale_of(language)):
        files = list(_files(found, language, read))
        lacking = [paper for paper in found.papers if read(paper.sha256) is None]
        index = _index(found, files, lacking, language)
    sums = "".join(f"{sha256_hex(one.content)}  {one.name}\n" for one in files)
    whole = [_File("INDEX.txt", index.encode()), _File("SHA256SUMS", sums.encode()), *files]
    return _packed(found.head.slug, whole)


def _files(found: Dossier, language: str, read: Read) -> Iterator[_File]:
    yield from _letters(found)
    yield from _papers(found.papers, read)
    said = _said(found)
    for (member, version), receipt in found.receipts.items():
        yield _File(f"{said}/{member}-{version}.json", receipt.encode())
    for revision, content in sorted(found.records.items()):
        name = f"Rev.{revision}" if revision else "record"
        yield _File(f"record/{name}.json", content.encode())
    for (revision, kid), content in sorted(found.countersigned.items()):
        name = f"Rev.{revision}" if revision else "record"
        yield _File(f"record/{name}-countersigned-{kid}.json", content.encode())
    if not found.records:
        yield _File("record/record-unpublished.json", found.record.encode())
    for form in TABLE_FORMS if is_table(found.record) else RECORD_FORMS:
        yield _File(f"record/record.{form}", FORMS[form].make(found.record, language))
    yield from _beside(found)
    yield _File("ledger.json", found.ledger)
    yield _File("notices.csv", _notices(found))
    yield _File("mandates.csv", _mandates(found))
    yield _File("requests.csv", _requests(found))


def _said(found: Dossier) -> str:
    """Return the folder of what Member States said."""
    return "comments" if is_table(found.record) else "replies"


def _letters(found: Dossier) -> Iterator[_File]:
    for code in found.head.languages:
        yield _File(f"letter/letter-{code}.pdf", letter_pdf(letter_of(found.letter, code)))
        for one in found.earlier:
            when = f"Rev.{one.revision}" if one.revision else "as-opened"
            yield _File(f"letter/letter-{code}-{when}.pdf", letter_pdf(letter_of(one, code)))


def _beside(found: Dossier) -> Iterator[_File]:
    """Yield what stands beside the record: errata, and what was referred to a meeting."""
    if found.errata:
        rows = [
            [str(one.number), _at(one.at), language, words]
            for one in found.errata
            for language, words in one.words.items()
        ]
        yield _File("errata.csv", write([["erratum", "at", "language", "words"], *rows]))
    if found.referrals:
        rows = [
            [one.item, one.meeting, one.asked_for_by, one.reason, _at(one.at)]
            for one in found.referrals
        ]
        head = ["item", "meeting", "asked_for_by", "reason", "at"]
        yield _File("referrals.csv", write([head, *rows]))


def _papers(papers: Iterable[Paper], read: Read) -> Iterator[_File]:
    seen: set[str] = set()
    for paper in papers:
        content = read(paper.sha256)
        if content is None or paper.sha256 in seen:
            continue
        seen.add(paper.sha256)
        folder = "evidence" if paper.evidence else "documents"
        yield _File(f"{folder}/{paper.sha256[:12]}-{_plain(paper.filename)}", content)


def _plain(filename: str) -> str:
    """Return a name that every system can unpack, without a path."""
    kept = "".join(sign if sign.isalnum() or sign in "._- " else "-" for sign in filename)
    return kept.strip(". ")[-120:] or "file"


def _notices(found: Dossier) -> bytes:
    head = ["notice", "person", "member", "kind", "occasion", "language", "state"]
    rows = [
        [
            one.uuid,
            one.person,
            one.member or "",
            one.kind.value,
            one.occasion,
            one.language,
            one.state.value,
            _at(one.queued_at),
            _at(one.sent_at),
            one.cause or "",
            "" if one.number is None else str(one.number),
        ]
        for one in found.notices
    ]
    return write([[*head, "queued_at", "sent_at", "cause", "ledger_number"], *rows])


def _mandates(found: Dossier) -> bytes:
    rows = [
        [
            str(one.number),
            one.member,
            one.person,
            "head" if one.head else "adviser" if one.adviser else "alternate",
            _at(one.from_at),
            _at(one.until_at),
            one.named_by or "",
            one.paper or "",
            one.paper_sha256 or "",
        ]
        for one in found.mandates
    ]
    head = ["mandate", "member", "person", "role", "from", "until", "named_by", "paper"]
    return write([[*head, "paper_sha256"], *rows])


def _requests(found: Dossier) -> bytes:
    rows = [
        [
            str(one.number),
            one.act.value,
            one.asked_by,
            _at(one.asked_at),
            one.decided_by or "",
            _at(one.decided_at),
            {True: "confirmed", False: "sent back or lapsed", None: "waiting"}[one.confirmed],
            one.reason or "",
        ]
        for one in found.requests
    ]
    head = ["ledger_number", "act", "asked_by", "asked_at", "decided_by", "decided_at"]
    return write([[*head, "decision", "reason"], *rows])


def _at(at: datetime | None) -> str:
    return instant(at) if at else ""


def _index(found: Dossier, files: list[_File], lacking: list[Paper], language: str) -> str:
    head = found.head
    place = instants.Place(head.zone, pick(head.seat, language))
    lines = [
        _("Dossier of consultation %(reference)s", reference=head.reference),
        head.subject,
        head.body,
        "",
        _("State: %(state)s", state=kinds.state(head.state)),
    ]
    if head.opens_at and head.closes_at:
        lines += [
            _("Opened: %(instant)s", instant=instants.full(head.opens_at, place)),
            _("Deadline: %(instant)s", instant=instants.full(head.closes_at, place)),
        ]
    lines += ["", *_parts(found, files), ""]
    if lacking:
        lines += [_("These files were not on the machine that made the dossier:")]
        lines += [f"  {paper.sha256}  {paper.filename}" for paper in lacking]
        lines.append("")
    lines += [
        _("SHA256SUMS holds the fingerprint of every file; sha256sum -c checks them."),
        _(
            "consult verify checks record and ledger; consult verify with a receipt of the folder"
            " comments and the record says what became of these comments."
        )
        if _said(found) == "comments"
        else _(
            "consult verify checks record and ledger; consult verify with a receipt of the folder"
            " replies and the record says what became of that reply."
        ),
        "",
    ]
    return "\n".join(lines)


def _parts(found: Dossier, files: list[_File]) -> Iterator[str]:
    """Say what each folder and each file at the top is."""
    said = {
        "letter": _("the letter in each of its languages, as it stands in the ledger")
        if not found.earlier
        else _("the letter in each of its languages, as it stands, as it was opened and revised"),
        "documents": _("the documents that lay with the letter"),
        "evidence": _("the papers on which replies recorded on behalf of Member States rest"),
        "replies": _("the receipt of every version of every reply"),
        "comments": _("the receipt of every version of the comments"),
        "record": _("the decision record, every revision of it"),
        "errata.csv": _("every erratum beside the record, in its languages"),
        "referrals.csv": _("which items were referred to which meeting, and why"),
        "ledger.json": _("the whole ledger"),
        "notices.csv": _("every notice to every person, and what became of it"),
        "mandates.csv": _("who could reply for each Member State while the letter was open"),
        "requests.csv": _("what one person asked and another confirmed or sent back"),
    }
    for folder in _FOLDERS:
        number = sum(one.name.startswith(f"{folder}/") for one in files)
        if number:
            count = ngettext("%(num)d file", "%(num)d files", number)
            yield f"{folder}/ ({count}): {said.pop(folder)}"
    for one in files:
        if one.name in said:
            yield f"{one.name}: {said[one.name]}"


def _packed(folder: str, files: list[_File]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for one in files:
            named = zipfile.ZipInfo(f"{folder}/{one.name}")  # of 1980, as every ZipInfo is
            named.compress_type = zipfile.ZIP_DEFLATED
            named.external_attr = 0o644 << 16
            packed.writestr(named, one.content)
    return out.getvalue()
