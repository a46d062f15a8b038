"""The rules that a letter of a body may take: its own, then the library, each in words."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from consult import rules
from consult.queries.bodyrules import Book, book_of
from consult.queries.drafting import Roll, roll_of
from consult.queries.texts import pick
from consult.web.drafting.rules import explained
from consult.web.frame import desk, language
from consult.web.policy import allow, officer
from consult.web.rules.blueprint import pages
from consult.wording.instants import Place

OWN = "own"  # names, to be copied, the rule that the letters of a body have from the start


def opened(body: str) -> tuple[Book, Roll]:
    """Return the rules of a body, of the first if none is named, and its present roll.

    Raises:
        NotFound: There is no such body.
    """
    book = book_of(desk().engine, body, language())
    return book, roll_of(desk().engine, book.slug, desk().clock(), language())


@pages.get("/office/rules")
@allow(officer)
def listing() -> ResponseReturnValue:
    book, roll = opened(request.args.get("body", "")[:64])
    tongue = language()
    written = [(one, explained(one.slug, one.data, roll, tongue, own=True)) for one in book.written]
    library = [
        explained(key, rules.load_data(key), roll, tongue, own=False) for key in rules.all_ids()
    ]
    return render_template(
        "rules/list.html",
        book=book,
        roll=roll,
        place=Place(book.zone, pick(book.seat, tongue)),
        written=[pair for pair in written if pair[0].retired_at is None],
        retired=[pair for pair in written if pair[0].retired_at is not None],
        library=library,
        own=explained(OWN, book.rule, roll, tongue, own=True) if _only_here(book) else None,
    )


def _only_here(book: Book) -> bool:
    """Say whether the body came with a rule that the library lacks."""
    return bool(book.rule) and book.rule not in map(rules.load_data, rules.all_ids())
