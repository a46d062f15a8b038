"""Every address with an object that is there, and what who may use it is answered: one table.

`rows` is the table; `test_matrix` tries it. What the others are answered follows from the policy.
"""

from collections.abc import Iterator
from typing import Any

from tests.build import BODY
from tests.matrix_people import keys_and_people, observers, own, public, ways_in
from tests.matrix_row import Row, row
from tests.world import (
    BROKEN,
    CLOSED,
    COUNTED,
    DRAFT,
    OPEN,
    OWN,
    PUBLISHED,
    ROUND,
    ROUND_COUNTED,
    ROUND_PUBLISHED,
    VIEWS,
    World,
    slug,
)


def rows(world: World) -> Iterator[Row]:
    """Return the table; a page that one's letter has not yet, or no more, is as if absent."""
    known = world.known
    yield from public(known)
    yield from own(known)
    yield from ways_in(known)
    yield from keys_and_people(known)
    yield from observers(known)
    yield from _replies(known)
    yield from _bodies(known)
    yield from _drafts(known)
    yield from _office(known)
    yield from _revisions()


def _replies(known: dict[Any, Any]) -> Iterator[Row]:
    unable = {"adviser"}
    here: dict[str, Any] = {"member": OWN, "at": OPEN}
    yield row("reply.letter", 200, **here)
    yield row("reply.letter", 404, member=OWN, at=DRAFT)
    # Who advises is refused whatever the letter; a form without its key is none of ours.
    yield row("reply.check", 303, 400, unable=unable, **here)
    yield row("reply.save", post=400, **here)
    yield row("reply.send", post=400, missing=400, **here)
    yield row("reply.confirm_as_it_stands", post=303, **here)
    yield row("reply.document", 200, document=known["document", slug(OPEN)], **here)
    yield row("reply.note", 200, sha256=known["note"], **here)
    yield row("reply.note", 200, sha256=known["note"], member=OWN, at=PUBLISHED)
    yield row("paper.pdf", 200, **here)
    yield row("paper.docx", 200, **here)
    for form in ("receipt", "json", "pdf"):
        yield row(f"receipts.{form}", 200, version=1, but={"auditor": 404}, **here)
        yield row(f"receipts.{form}", 200, version=1, member=OWN, at=COUNTED)
    yield row("contesting.contest", post=422, version=1, member=OWN, at=COUNTED)
    yield row("contesting.confirm", post=404, version=1, member=OWN, at=COUNTED)
    yield row("contesting.proof", 404, version=1, member=OWN, at=COUNTED)
    yield row("revising.for_focal_point", 200, number=1, **here)
    yield row("viewing.views", 200, member=OWN, at=VIEWS)
    yield row("viewing.state", post=400, member=OWN, at=VIEWS)
    yield row("comments.write", 200, member=OWN, at=ROUND)
    yield row("comments.save", post=400, member=OWN, at=ROUND)
    yield row("comments.check", 303, member=OWN, at=ROUND, unable=unable)
    yield row("comments.send", post=400, member=OWN, at=ROUND)
    yield row("comments.receipt", 200, version=1, member=OWN, at=ROUND)
    yield row("comments.receipt_file", 200, version=1, member=OWN, at=ROUND)
    yield row("comments.all_comments", 200, member=OWN, at=ROUND_PUBLISHED)
    yield row("comments.all_comments", 404, member=OWN, at=ROUND_COUNTED)
    yield row("member.page", 200, 422, member=OWN)
    end = {"alternate": 403, "adviser": 403}
    yield row("member.end", post=303, but=end, member=OWN, number=known["mandate"])
    yield row("past.letters", 200, member=OWN)
    yield row("past.csv", 200, member=OWN)


def _bodies(known: dict[Any, Any]) -> Iterator[Row]:
    yield row("bodies.members", 200, body=BODY)
    yield row("bodies.seat", 200, 303, body=BODY, code=OWN)
    yield row("bodies.ready", 200, body=BODY)
    yield row("bodies.ready_csv", 200, body=BODY)
    yield row("office.figures", 200, body=BODY)
    yield row("office.figures_csv", 200, body=BODY, table="turnout")
    yield row("office.mandates", 200)
    yield row("office.mandates_csv", 200)
    yield row("office.mandate_paper", 200, sha256=known["paper"])
    yield row("rules.listing", 200)
    yield row("rules.new", 200, 422)
    yield row("rules.edit", 200, 422, body=BODY, slug="ours")
    yield row("rules.retire", post=303, body=BODY, slug="old")
    yield row("office.calendars", 200, 422)


def _drafts(known: dict[Any, Any]) -> Iterator[Row]:
    document = known["document", slug(DRAFT)]
    yield row("drafting.begin", 200)
    yield row("drafting.new", post=400)
    yield row("drafting.step", 200, 303, at=DRAFT, step=1)
    yield row("drafting.clash_check", 200, 303, at=DRAFT)
    yield row("drafting.item", 200, at=DRAFT, code="1")
    yield row("drafting.save_item", post=303, at=DRAFT, code="1")
    yield row("drafting.items_csv", 200, at=DRAFT)
    yield row("drafting.items_xlsx", 200, at=DRAFT)
    yield row("drafting.table", 200, 422, at=DRAFT)
    yield row("drafting.number_items", post=303, at=DRAFT)
    yield row("drafting.attach", 200, at=DRAFT)
    yield row("drafting.add_document", post=422, at=DRAFT)
    yield row("drafting.document", 200, at=DRAFT, document=document)
    yield row("drafting.save_document", post=303, at=DRAFT, document=document)
    yield row("drafting.document_file", 200, at=DRAFT, document=document)
    yield row("drafting.preview", 200, at=DRAFT, kind="invitation")
    yield row("drafting.submit", post=303, at=OPEN)
    yield row("drafting.discard", post=303, at=OPEN)


def _office(known: dict[Any, Any]) -> Iterator[Row]:
    for name in ("desk", "drafts", "to_certify", "broken", "published", "withdrawn"):
        yield row(f"office.{name}", 200)
    for name in ("documents", "history", "notices", "record", "replies", "late", "letter"):
        yield row(f"office.{name}", 200, at=OPEN)
    for name in ("history", "notices", "record", "replies", "documents"):
        yield row(f"office.{name}", 200, at=COUNTED)
    yield row("office.note", 200, at=PUBLISHED, sha256=known["note"])
    yield row("office.note", 404, at=OPEN, sha256=known["note"])
    yield row("office.ready", 200, at=OPEN)
    yield row("office.ready_csv", 200, at=OPEN)
    yield row("office.invite_again", post=303, at=OPEN, member=OWN)
    yield row("office.overview", 200, at=OPEN)
    yield row("office.overview", 200, at=DRAFT, but={"officer": 303})
    yield row("office.document", 200, at=OPEN, document=known["document", slug(OPEN)])
    scan = known["evidence", slug(OPEN)]
    yield row("office.document", 200, at=OPEN, document=scan, but={"auditor": 404})
    for name in ("dossier", "results_letter", "results_letter_docx"):
        yield row(f"office.{name}", 404, at=OPEN)
        yield row(f"office.{name}", 404, at=CLOSED)
        yield row(f"office.{name}", 200, at=COUNTED)
        yield row(f"office.{name}", 200 if name == "dossier" else 404, at=ROUND_COUNTED)
    yield row("office.late", 404, at=ROUND_COUNTED)
    yield row("office.rule", 200, 422, at=PUBLISHED, number=known["late"])
    yield row("office.erratum", 200, 422, at=PUBLISHED)
    for name in ("extend", "readmit", "withdraw"):
        yield row(f"office.{name}", 200, 422, at=OPEN)
    yield row("office.record_reply", 200, 400, at=OPEN)
    yield row("office.referral", 200, 422, at=COUNTED)
    yield row("office.second_round", 200, 422, at=COUNTED)
    yield row("office.vote", 200, at=BROKEN)
    yield row("office.begin_vote", post=422, at=BROKEN)
    yield row("office.remind", post=422, missing=422, at=OPEN)
    yield row("office.preview_reminder", post=303, missing=303, at=OPEN)
    yield row("paper.empty_pdf", 200, at=OPEN)
    yield row("paper.empty_docx", 200, at=OPEN)
    yield row("ending.post", post=409, at=OPEN)
    yield row("ending.conclude", 200, 422, at=COUNTED)
    yield row("ending.publish", post=409, at=OPEN)
    yield row("viewing.office", 200, at=VIEWS)
    yield row("viewing.ask", post=422, at=DRAFT)
    yield row("comments.table", 200, at=ROUND)
    yield row("comments.record_paper", 200, 422, at=ROUND)
    yield row("comments.record_paper", 409, 409, at=ROUND_COUNTED)
    yield row("comments.pdf", 404, at=ROUND)
    yield row("comments.pdf", 200, at=ROUND_COUNTED)
    yield row("comments.csv", 404, at=ROUND)
    yield row("comments.docx", 404, at=ROUND)
    yield row("comments.csv", 200, at=ROUND_COUNTED)
    yield row("comments.docx", 200, at=ROUND_COUNTED)
    remark = known["remark"]
    yield row("comments.dispose", post=422, at=ROUND_COUNTED, remark=remark, fixed={"remark"})
    yield row("comments.taken_up", 404, at=ROUND_COUNTED)
    yield row("requests.request", 200, number=known["request", "opening"])
    yield row("requests.decide", post=422, number=1)


def _revisions() -> Iterator[Row]:
    yield row("revising.newest", 303, at=OPEN)
    yield row("revising.revision", 200, at=OPEN, number=1)
    yield row("revising.revise", 200, 303, at=OPEN)
    yield row("revising.item", 200, 303, at=OPEN, code="4")
    yield row("revising.letter", 200, 303, at=OPEN)
    yield row("revising.attach", 200, 422, at=OPEN)
    yield row("revising.detach", post=404, at=OPEN, place=0)
    yield row("revising.roll", 200, at=OPEN)
    yield row("revising.seat", 200, 422, at=OPEN, code=OWN)
