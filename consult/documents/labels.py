"""The headings and labels of a decision record, the same words in every form of it."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from consult.core.comparison import Choice
from consult.documents.reading import Opened
from consult.wording import kinds


@dataclass(frozen=True, slots=True)
class Labels:
    """Words that stand beside the data of a record."""

    item: str
    items: str
    text: str
    subject: str
    approvals: str
    outcome: str
    outcomes: str
    facts: str
    item_by_item: str
    one_mark: str
    key: tuple[tuple[str, str], ...]
    comments: str
    positions: str
    position_of_each: str
    member: str
    received: str
    on_behalf: str
    not_counted: str
    replaced: str
    restored: str
    rulings: str
    statements: str
    views: str
    notes: str
    follows: str
    roll: str
    roll_hash: str
    check: str
    check_words: str
    fingerprint: str
    signed_by: str
    last_entry: str
    page: str
    unarchived: str


def labels(opened: Opened) -> Labels:
    """Return the labels in the language now in force."""
    members = len(opened.case.roll)
    return Labels(
        item=_("Item"),
        items=_("Items"),
        text=_("The text that was put to decision"),
        subject=_("Subject"),
        approvals=_("Approvals"),
        outcome=_("Outcome"),
        outcomes=_("Outcome of each item"),
        facts=_("Key facts"),
        item_by_item=_("Item by item"),
        one_mark=_("One mark is one Member State. Each keeps the same seat in every item."),
        key=_key(),
        comments=_("Comments"),
        positions=ngettext(
            "Position of the %(num)s Member State",
            "Positions of the %(num)s Member States",
            members,
        ),
        position_of_each=_("Position of each Member State on each item"),
        member=_("Member State"),
        received=_("Received, %(city)s", city=opened.place.city),
        on_behalf=_("Recorded on behalf"),
        not_counted=_("Received but not counted"),
        replaced=_("Replaced by a later version"),
        restored=_("Readmitted from receipts"),
        rulings=_("Contests and rulings"),
        statements=_("Statements"),
        views=_("Annex: exchange of views before the vote"),
        notes=_("Notes with the replies (PDF)"),
        follows=_("What follows"),
        roll=_("Roll"),
        roll_hash=_("Hash of the frozen roll (SHA-256)"),
        check=_("Check this record yourself"),
        check_words=_(
            "The record was computed by machine from the replies above. You do not need to trust "
            "this website: download the file, and run one command on your own computer."
        ),
        fingerprint=_("Fingerprint (SHA-256)"),
        signed_by=_("Fingerprint of the key"),
        last_entry=_("Last ledger entry"),
        page=_("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
        unarchived=_(
            "This file has no archival mark (PDF/A): one of its characters is missing from the "
            "service's fonts."
        ),
    )


def _key() -> tuple[tuple[str, str], ...]:
    said = tuple((kinds.mark(choice), kinds.choice(choice)) for choice in Choice)
    silent = pgettext("key of the marks", "Silent: no reply by the deadline")
    return (*said, (kinds.mark(None), silent))
