"""The objections to a letter as a section of the one that puts its items to a vote."""

from collections.abc import Iterable, Sequence

from flask_babel import force_locale
from flask_babel import gettext as _

from consult.queries.silence import Objection
from consult.queries.texts import pick
from consult.wording import paragraphs
from consult.wording.catalogues import locale_of

SECTION = "objections"


def section(
    reference: str, objections: Sequence[Objection], languages: Iterable[str]
) -> dict[str, object]:
    """Return the section of a letter in each of the languages: who objected to what, and why."""
    heading, text = {}, {}
    for language in languages:
        with force_locale(locale_of(language)):
            heading[language] = _("Objections under the silence procedure")
            text[language] = _text(reference, objections, language)
    return {"id": SECTION, "heading": heading, "text": text}


def _text(reference: str, objections: Sequence[Objection], language: str) -> str:
    first = _(
        "The items below were placed before the Member States under the silence procedure in"
        " consultation %(reference)s. The silence was broken; they are now put to a vote.",
        reference=reference,
    )
    return "\n\n".join([first, *(_objection(one, language) for one in objections)])


def _objection(one: Objection, language: str) -> str:
    said = {"objector": pick(one.name, language), "item": one.item}
    if one.reasons is None:
        return _("%(objector)s objected to item %(item)s.", **said)
    return _(
        "%(objector)s objected to item %(item)s: “%(reasons)s”",
        reasons=" ".join(paragraphs.said(one.reasons.text).split()),
        **said,
    )
