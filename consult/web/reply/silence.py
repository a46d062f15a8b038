"""What a reply does to a silence procedure, said before it is sent: nobody can take it back."""

from flask_babel import gettext as _
from flask_babel import ngettext

from consult.core.answer import Draft
from consult.core.comparison import Choice
from consult.core.life import State
from consult.queries.reply import Page
from consult.web.templating import words
from consult.wording import kinds


def told_at_once(page: Page, draft: Draft) -> tuple[str, ...]:
    """Return what all Member States are told of *draft* once it is sent, and what it does."""
    if page.state is not State.OPEN:
        return ()
    name = words(page.member_name)
    objects = [
        item.code
        for item in page.items
        if item.silence
        and draft.choices[item.code] is Choice.OBJECT
        and not page.objects(item.code)
    ]
    lifted = [
        item.code
        for item in page.items
        if page.objects(item.code) and draft.choices[item.code] is not Choice.OBJECT
    ]
    said = _objecting(name, objects, whole=page.whole) if objects else []
    if lifted:
        said.append(_lifting(name, lifted))
    return tuple(said)


def _objecting(name: str, items: list[str], *, whole: bool) -> list[str]:
    first = _(
        "The objection goes to all Member States at once, with the name of %(member)s and its"
        " reasons.",
        member=name,
    )
    if whole:
        return [
            first,
            _(
                "It breaks the silence on the whole letter: no item is adopted, the letter is"
                " closed at once, and the objection can no longer be lifted."
            ),
        ]
    second = ngettext(
        "It breaks the silence on item %(items)s, which is then not adopted. %(member)s may lift"
        " it until the deadline.",
        "It breaks the silence on items %(items)s, which are then not adopted. %(member)s may"
        " lift it until the deadline.",
        len(items),
        items=kinds.listed(items),
        member=name,
    )
    return [first, second]


def _lifting(name: str, items: list[str]) -> str:
    said: str = ngettext(
        "This lifts the objection of %(member)s to item %(items)s. All Member States are told.",
        "This lifts the objection of %(member)s to items %(items)s. All Member States are told.",
        len(items),
        member=name,
        items=kinds.listed(items),
    )
    return said
