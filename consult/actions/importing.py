"""Takes in a consultation from its file, as a draft; each fault with its path, all at once."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from consult import rules
from consult.actions import drafting
from consult.actions.bodies import read_rule
from consult.actions.change import Desk
from consult.actions.content import refuse_numbers
from consult.actions.given import Faults, Given, read_languages
from consult.core import fields
from consult.core.letter import OWN_SECTIONS
from consult.core.life import Actor, CommentPolicy, Disclosure, ItemKind, Kind, Unconfirmed
from consult.core.silence import Breaks
from consult.errors import BadInput
from consult.tables import Body, reading

INVENTED = "Parts of this consultation are invented for demonstration."
_NOTES = ("illustrative", "provenance", "note")
_MOST_MINUTES = 60 * 24 * 365


def import_consultation(desk: Desk, actor: Actor, text: str, *, rehearsal: bool = False) -> str:
    """Begin a draft with what *text* (YAML) says; return its slug.

    Args:
        rehearsal: It counts for nothing, whether the file says so or not.

    Raises:
        NotAllowed: The actor is no officer (nor the service itself).
        BadInput: With every fault of the file; nothing is changed.
    """
    content = content_from_yaml(text)
    content["rehearsal"] = rehearsal or content["rehearsal"]
    remarks = content.pop("remarks")
    with reading(desk.engine) as session:
        body = session.scalar(select(Body.id).where(Body.slug == content["body"]))
    if body is None:
        raise BadInput({"consultation.body": "there is no such body; import it first"})
    return drafting.create(desk, actor, content["body"], content, remarks)


def content_from_yaml(text: str) -> dict[str, Any]:
    """Return what *text* says, in the shape of `queries.content`, with ``remarks`` beside it.

    Raises:
        BadInput: With every fault of the file.
    """
    return content_from_data(rules.load_yaml(text))


def content_from_data(data: object) -> dict[str, Any]:
    """Return what *data*, read from a file, says, as `content_from_yaml` does.

    Raises:
        BadInput: With every fault.
    """
    faults = Faults()
    file = Given(data, "", faults)
    given = file.inner("consultation", required=True)
    file.end()
    faults.end()
    content = _content(given)
    given.end()
    _check_references(content, given)
    faults.end()
    return content


def _content(given: Given) -> dict[str, Any]:
    languages = read_languages(given)
    remarks = given.remarks("roll", *_NOTES)
    posts = _posts(given, languages)
    items = [_item(row, languages, posts) for row in given.rows("items")]
    zone = given.text("zone")
    return {
        "reference": given.text("reference", required=True, longest=64) or "",
        "body": given.code("body"),
        "kind": _kind_of(given),
        "rehearsal": bool(given.flag("rehearsal")),
        "languages": languages,
        **({"zone": zone} if zone else {}),
        "subject": given.texts("subject", languages, required=True),
        "legal_basis": given.texts("legal_basis", languages),
        "documents": [_document(row, languages, remarks) for row in given.rows("documents")],
        **_choices(given),
        "opens_at": given.instant("opens_at"),
        "closes_at": given.instant("closes_at"),
        "illustrative": _illustrative(remarks),
        "headings": [_heading(row, languages) for row in given.rows("headings")],
        "items": items,
        "letter": _letter(given, languages, remarks),
        "remarks": remarks,
    }


def _kind_of(given: Given) -> str:
    """Read what the file asks for: ``comment_round``, or no ``vote``, is a comment round."""
    kind, votes = given.raw("kind"), given.flag("vote")
    if kind not in (None, "decision", "comment_round"):  # it may be a list, which no set holds
        given.fault("kind", "must be decision or comment_round")
    comments = kind == "comment_round" or (kind is None and votes is False)
    if votes is not None and votes is comments:
        given.fault("vote", "contradicts the kind: a comment round has no vote")
    if comments and given.raw("rule") is not None:
        given.fault("rule", "must be left out of a comment round: nothing is decided in it")
    return (Kind.COMMENTS if comments else Kind.DECISION).value


def _choices(given: Given) -> dict[str, Any]:
    """Return what the body or the product chooses where the file does not."""
    found: dict[str, Any] = {
        "comments": given.word("comment", CommentPolicy, CommentPolicy.REQUIRED_TO_OBJECT).value,
        "breaks": given.word("breaks", Breaks, Breaks.ITEM).value,
        "disclosure": given.word("disclosure", Disclosure, Disclosure.AFTER_PUBLICATION).value,
        "unconfirmed": given.word("unconfirmed", Unconfirmed, Unconfirmed.STANDS).value,
    }
    if (rule := read_rule(given, "rule")) is not None:
        found["rule"] = rule
    if (notes := given.flag("notes")) is not None:
        found["notes"] = notes
    if (public := given.flag("public")) is not None:
        found["public"] = public
    if "reminders" in given:
        found["reminders"] = _reminders(given)
    return found


def _reminders(given: Given) -> list[int]:
    found = given.list("reminders")
    for number, minutes in enumerate(found):
        if not isinstance(minutes, int) or not 0 < minutes <= _MOST_MINUTES:
            given.faults.add(
                f"{given.place('reminders')}[{number}]", "must be whole minutes before the deadline"
            )
    return sorted((minutes for minutes in found if isinstance(minutes, int)), reverse=True)


def _illustrative(remarks: Mapping[str, Any]) -> str | None:
    said = remarks.get("illustrative")
    return said if isinstance(said, str) else INVENTED if said is True else None


def _posts(given: Given, languages: list[str]) -> dict[str, dict[str, str]]:
    posts = given.inner("posts")
    found = {name: posts.texts(name, languages) for name in posts.values}
    posts.end()
    return found


def _heading(row: Given, languages: list[str]) -> dict[str, Any]:
    heading: dict[str, Any] = {"id": row.code("id"), "title": row.texts("title", languages)}
    if (code := row.text("code")) is not None:
        heading["code"] = code
    return heading


def _document(row: Given, languages: list[str], remarks: dict[str, Any]) -> dict[str, Any]:
    """Read the name of a document; where it comes from is kept as a remark."""
    symbol = row.text("symbol", longest=64)
    if notes := row.remarks("source", *_NOTES):
        remarks.setdefault("documents", {})[symbol or row.path] = notes
    language = row.text("language")
    if language is not None and language not in languages:
        row.fault("language", f"must be one of {', '.join(languages)}")
    return {
        "item": row.text("item"),
        "purpose": "annex",
        "language": language,
        "symbol": symbol,
        "title": row.texts("title", languages, required=True),
        "dated_on": row.day("date"),
    }


def _item(row: Given, languages: list[str], posts: Mapping[str, dict[str, str]]) -> dict[str, Any]:
    term = row.inner("term")
    item = {
        "id": row.code("id"),
        "heading": row.text("heading"),
        "kind": _kind(row),
        "title": row.texts("title", languages, required=True),
        "text": row.texts("text", languages),
        "comments": _comments(row),
        "rule": read_rule(row, "rule"),
        "from": row.day("from"),
        "to": row.day("to"),
        "where": row.texts("where", languages),
        "zone": _zone(row),
        "group": row.text("group", longest=200),
        "post": _post(row, languages, posts),
        "candidate": row.texts("candidate", languages),
        "nominated_by": row.text("nominated_by", longest=64),
        "region": row.text("region", longest=64),
        "seats": row.whole("seats", 1, 99),
        "term_from": term.day("from"),
        "term_to": term.day("to"),
        "cv": row.texts("cv", languages),
        "cv_document": None,
        "annex": row.text("annex", longest=64),
        "symbols": _symbols(row),
        "remarks": row.remarks(*_NOTES),
    }
    term.end()
    return item


def _zone(row: Given) -> str | None:
    return row.zone("zone") if row.text("zone") is not None else None


def _comments(row: Given) -> str | None:
    if "comment" not in row:
        row.raw("comment")
        return None
    return row.word("comment", CommentPolicy, CommentPolicy.NONE).value


def _kind(row: Given) -> str:
    row.raw("kind", required=True)
    return row.word("kind", ItemKind, ItemKind.QUESTION).value


def _post(row: Given, languages: list[str], posts: Mapping[str, dict[str, str]]) -> dict[str, str]:
    """Read a post: its words, or the name that the file gives it under ``posts``."""
    value = row.raw("post")
    if not isinstance(value, str):
        return row.texts("post", languages)
    if value not in posts:
        row.fault("post", "must be one of those under consultation.posts")
    return posts.get(value, {})


def _symbols(row: Given) -> list[str]:
    symbols = []
    for number, symbol in enumerate(row.list("documents")):
        place = f"{row.place('documents')}[{number}]"
        try:
            symbols.append(fields.text(symbol, place))
        except BadInput:
            row.faults.add(place, "must be the symbol of a document")
    return symbols


def _letter(given: Given, languages: list[str], remarks: dict[str, Any]) -> dict[str, Any]:
    letter = given.inner("letter")
    said: dict[str, Any] = {
        name: letter.texts(name, languages)
        for name in ("issuing_unit", "place", "to", "copy", "salutation", "closing")
    }
    if "subject" in letter and letter.raw("subject") != given.raw("subject"):
        letter.fault("subject", "must be the subject of the consultation, or left out")
    letter.asked.add("subject")
    if (day := letter.day("date")) is not None:
        remarks["letter_date"] = day  # the product dates a letter by its opening
    said["contact"] = _contact(letter.inner("contact"), languages)
    said["signature"] = _signature(letter.inner("signature"), languages)
    sections = [_section(row, languages) for row in letter.rows("sections")]
    said["sections"] = [section for section in sections if section["id"] not in OWN_SECTIONS]
    said["annexes"] = [_annex(row, languages) for row in letter.rows("annexes")]
    letter.end()
    return said


def _contact(contact: Given, languages: list[str]) -> dict[str, Any]:
    said = {
        "name": contact.texts("name", languages),
        "email": contact.text("email", longest=254),
        "telephone": contact.text("telephone", longest=40),
    }
    contact.end()
    return said


def _signature(signature: Given, languages: list[str]) -> dict[str, Any]:
    said = {
        "name": signature.text("name", longest=200),
        "title": signature.texts("title", languages),
    }
    signature.end()
    return said


def _section(row: Given, languages: list[str]) -> dict[str, Any]:
    return {
        "id": row.code("id"),
        "heading": row.texts("heading", languages),
        "text": row.texts("text", languages),
    }


def _annex(row: Given, languages: list[str]) -> dict[str, Any]:
    annex: dict[str, Any] = {"id": row.code("id"), "title": row.texts("title", languages)}
    for name in ("kind", "symbol", "item"):
        if (said := row.text(name, longest=64)) is not None:
            annex[name] = said
    return annex


def _check_references(content: Mapping[str, Any], given: Given) -> None:
    """Enter a fault for each name under which the file has nothing."""
    headings = {heading["id"] for heading in content["headings"]}
    items = {item["id"] for item in content["items"]}
    for number, item in enumerate(content["items"]):
        if item["heading"] is not None and item["heading"] not in headings:
            given.faults.add(
                f"consultation.items[{number}].heading", "must be one of consultation.headings"
            )
    for number, annex in enumerate(content["letter"]["annexes"]):
        if annex.get("item") is not None and annex["item"] not in items:
            given.faults.add(
                f"consultation.letter.annexes[{number}].item", "must be one of consultation.items"
            )
    try:
        refuse_numbers([item["id"] for item in content["items"]])
    except BadInput as refused:
        for place, what in refused.faults.items():
            given.faults.add(f"consultation.{place}", what)
