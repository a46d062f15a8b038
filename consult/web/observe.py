"""What an observer of a body reads: letter, documents and status, and nothing of any reply."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from consult.core.life import State
from consult.documents.letter import LetterView, letter_of
from consult.documents.letter_pdf import letter_pdf
from consult.errors import NotFound
from consult.queries.consultation import Head
from consult.queries.enclosing import letter_source
from consult.queries.enclosures import Enclosed
from consult.queries.observing import observed, observed_letter
from consult.web.files import send_stored
from consult.web.frame import desk, language
from consult.web.office.heading import place_of
from consult.web.policy import allow, me, observer
from consult.web.serving import send_made
from consult.web.templating import words
from consult.wording import kinds
from consult.wording.instants import Place

pages = Blueprint("observe", __name__, url_prefix="/<lang:lang>")


@pages.get("/observe")
@allow(observer)
def listing() -> ResponseReturnValue:
    """Show the letters that are open to observers of one's bodies."""
    bodies, letters = observed(desk().engine, me().actor.person_id, desk().clock(), language())
    return render_template(
        "observe/list.html",
        bodies=kinds.listed(bodies),
        letters=letters,
        place_of=lambda one: Place(one.zone, words(one.seat)),
    )


@pages.get("/observe/<slug>")
@allow(observer)
def letter(slug: str) -> ResponseReturnValue:
    """Show a letter, where it stands, and its documents."""
    head, documents = _found(slug)
    return render_template(
        "observe/letter.html",
        head=head,
        place=place_of(head),
        letter=_view(head),
        links={one.sha256: _address(slug, one) for one in documents if one.sha256},
        documents=documents,
        published=head.state is State.PUBLISHED,
    )


@pages.get("/observe/<slug>/letter.pdf")
@allow(observer)
def pdf(slug: str) -> ResponseReturnValue:
    """Send the letter to be printed, in the language of the address."""
    head, _documents = _found(slug)
    view = _view(head)
    return send_made(letter_pdf(view), f"{slug}-{view.language}.pdf", "application/pdf")


@pages.get("/observe/<slug>/documents/<int:document>")
@allow(observer)
def document(slug: str, document: int) -> ResponseReturnValue:
    """Send a document of the letter."""
    _head, documents = _found(slug)
    for one in documents:
        if one.id == document:
            return send_stored(desk(), one)
    raise NotFound(document=document)


def _found(slug: str) -> tuple[Head, tuple[Enclosed, ...]]:
    person = me().actor.person_id
    return observed_letter(desk().engine, person, slug, desk().clock(), language())


def _address(slug: str, one: Enclosed) -> str:
    return url_for("observe.document", slug=slug, document=one.id)


def _view(head: Head) -> LetterView:
    return letter_of(letter_source(desk().engine, head.id), language())
