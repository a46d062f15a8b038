"""Put a consultation's content, as `queries.content` gives it, into its rows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from consult.core.canonical import hash_of
from consult.core.items import number_fits
from consult.core.life import CommentPolicy, Disclosure, ItemKind, Kind, Unconfirmed
from consult.core.schedule import DEFAULT_REMINDERS
from consult.core.silence import Breaks
from consult.errors import BadInput
from consult.queries.content import item_data
from consult.tables import Body, Consultation, Item

# What a save may change. Reference and rehearsal stand in the first ledger entry and stay.
FIELDS = (
    "kind",
    "takes_up",
    "languages",
    "subject",
    "legal_basis",
    "letter",
    "headings",
    "rule",
    "comments",
    "disclosure",
    "breaks",
    "unconfirmed",
    "notes",
    "public",
    "electorate",
    "observers",
    "opens_at",
    "closes_at",
    "outage",
    "reminders",
    "waived",
    "illustrative",
    "follows",
    "clashes",
    "items",
)
_GIVEN_ELSEWHERE = frozenset({"reference", "body", "zone", "documents", "rehearsal"})
_READ: Mapping[str, Any] = {
    "kind": Kind,
    "comments": CommentPolicy,
    "disclosure": Disclosure,
    "breaks": Breaks,
    "unconfirmed": Unconfirmed,
    "opens_at": lambda text: datetime.fromisoformat(text) if text else None,
    "closes_at": lambda text: datetime.fromisoformat(text) if text else None,
}
_TEXTS = ("title", "text", "where", "post", "candidate", "cv")
_DAYS = {"from": "from_on", "to": "to_on", "term_from": "term_from_on", "term_to": "term_to_on"}
_PLAIN = (
    "heading",
    "rule",
    "zone",
    "group",
    "nominated_by",
    "region",
    "seats",
    "cv_document",
    "annex",
)


def defaults_of(body: Body) -> dict[str, Any]:
    """Return what a new draft of *body* says before anybody has written a word."""
    return {
        "kind": Kind.DECISION.value,
        "takes_up": None,
        "languages": list(body.languages),
        "subject": {},
        "legal_basis": {},
        "letter": {
            "place": dict(body.seat),
            "signature": {"name": body.presiding_name, "title": dict(body.presiding_title)},
            "sections": [],
            "annexes": [],
        },
        "headings": [],
        "rule": body.rule,
        "comments": CommentPolicy.REQUIRED_TO_OBJECT.value,
        "disclosure": Disclosure.AFTER_PUBLICATION.value,
        "breaks": Breaks.ITEM.value,
        "unconfirmed": Unconfirmed.STANDS.value,
        "notes": False,
        "public": True,
        "electorate": None,
        "observers": False,
        "opens_at": None,
        "closes_at": None,
        "outage": None,
        "reminders": list(DEFAULT_REMINDERS),
        "waived": {},
        "illustrative": None,
        "follows": None,
        "clashes": None,
        "items": [],
    }


def known(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts of *content* that a save may change.

    Raises:
        BadInput: It holds a part that no consultation has.
    """
    strange = content.keys() - _GIVEN_ELSEWHERE - set(FIELDS)
    if strange:
        raise BadInput(dict.fromkeys(sorted(strange), "is not known"))
    return {name: content[name] for name in FIELDS if name in content}


def changed(before: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return of *wanted* what is other than *before*."""
    return {name: new for name, new in wanted.items() if hash_of(new) != hash_of(before[name])}


def put(letter: Consultation, new: Mapping[str, Any]) -> None:
    """Write *new* into the row; items are left to `put_items`."""
    for name, value in new.items():
        if name != "items":
            setattr(letter, name, _READ.get(name, lambda given: given)(value))


def put_items(letter: Consultation, wanted: list[dict[str, Any]]) -> None:
    """Make the rows of the items say what *wanted* says, in its order; its ids are unique."""
    rows = {item.code: item for item in letter.items}
    codes = {data["id"] for data in wanted}
    for code, row in rows.items():
        if code not in codes:
            letter.items.remove(row)
    for place, data in enumerate(wanted):
        item = rows.get(data["id"])
        if item is None:
            item = Item(code=data["id"], remarks=data.get("remarks") or {})
            letter.items.append(item)
        elif item.place == place and changed(item_data(item), _without_remarks(data)) == {}:
            continue
        _put_item(item, place, data)
    letter.items.sort(key=lambda item: item.place)


def refuse_numbers(codes: Sequence[str]) -> None:
    """Refuse items two of which bear one number, or whose number cannot stand in a ledger.

    Raises:
        BadInput: At the number, with a code.
    """
    for code, times in Counter(codes).items():
        if times > 1:
            raise BadInput({f"items[{code}]": "number-taken"})
        if not number_fits(code):
            raise BadInput({f"items[{code}]": "number-shape"})


def renumber(session: Session, letter: Consultation, after: Mapping[str, str]) -> None:
    """Give each item its new number, and whatever names an item by it the same."""
    for row in letter.items:
        row.code = f"{row.code}~"  # out of the way: numbers are unique at every moment
    session.flush()
    for row in letter.items:
        row.code = after[row.code.removesuffix("~")]
    for document in letter.documents:
        if document.item is not None and document.item in after:
            document.item = after[document.item]
    annexes = letter.letter.get("annexes") or []
    if any(annex.get("item") in after for annex in annexes):
        moved = [
            {**annex, "item": after[annex["item"]]} if annex.get("item") in after else annex
            for annex in annexes
        ]
        letter.letter = {**letter.letter, "annexes": moved}


def _without_remarks(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != "remarks"}


def _put_item(item: Item, place: int, data: Mapping[str, Any]) -> None:
    item.place = place
    item.kind = ItemKind(data["kind"])
    item.comments = CommentPolicy(data["comments"]) if data.get("comments") else None
    item.symbols = list(data.get("symbols") or [])
    for name in _TEXTS:
        setattr(item, name, dict(data.get(name) or {}))
    for name in _PLAIN:
        setattr(item, name, data.get(name))
    for name, column in _DAYS.items():
        day = data.get(name)
        setattr(item, column, date.fromisoformat(day) if day else None)
