"""What the check page says: every item with its position, the sum, the gaps and what they mean."""

from collections import Counter
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from consult.core.answer import Draft, Words
from consult.core.comparison import Choice, Silence
from consult.documents.items import ItemView, parts_of
from consult.queries.answering import gaps_of, objections_only
from consult.queries.notes import Note
from consult.queries.reply import Page
from consult.web.frame import language
from consult.web.reply.showing import needs
from consult.web.reply.silence import told_at_once
from consult.web.templating import words
from consult.wording import kinds, rules


@dataclass(frozen=True, slots=True)
class Line:
    item: ItemView
    value: str
    mark: str
    words: str
    comment: Words | None


@dataclass(frozen=True, slots=True)
class Check:
    """What is about to be sent.

    Args:
        summed: The positions in words.
        gaps: The items without a position; none where the form asks for objections alone.
        meaning: What a gap means under the rule, or what sending says on the whole.
        withdraws: Whether it takes back all that was said before.
        confirms: Whether it only says that there is no objection.
        told: What is told to everybody at once, and what that does to the silence procedure.
        note: The PDF that goes with it.
    """

    lines: tuple[Line, ...]
    general: Words | None
    summed: str
    gaps: tuple[str, ...]
    gap_heading: str
    meaning: tuple[str, ...]
    withdraws: bool
    confirms: bool
    told: tuple[str, ...]
    note: Note | None = None


def check_of(page: Page, draft: Draft) -> Check:
    spoken = language()
    if not page.entitled:
        return _comment_alone(page, draft)
    acts = objections_only(page.items)
    lines = tuple(
        _line(page, draft, item)
        for part in parts_of(page.content, spoken, page.names)
        for item in part.items
    )
    blank = _blank(page, draft, acts=acts)
    return Check(
        lines=lines,
        general=draft.comments.get("general"),
        summed=_consents(page, draft, blank) if acts else _summed(draft, len(blank)),
        gaps=() if acts else blank,
        gap_heading="" if acts or not blank else _gaps(blank),
        meaning=() if acts or not blank else _meaning(page, blank),
        withdraws=draft.blank and page.versions > 0 and not acts,
        confirms=draft.blank and acts,
        told=told_at_once(page, draft),
        note=page.notes.get(draft.note or ""),
    )


def _blank(page: Page, draft: Draft, *, acts: bool) -> tuple[str, ...]:
    """Return the items left empty; where a form asks for objections alone, all that are asked."""
    if not acts:
        return tuple(gaps_of(page.items, draft.choices))
    return tuple(
        item.code for item in page.items if page.asks(item) and not draft.choices[item.code]
    )


def _comment_alone(page: Page, draft: Draft) -> Check:
    """Return the check of a member without the right to vote: its words, and no positions."""
    name = words(page.member_name)
    said = _("%(member)s comments without the right to vote: no position is counted.", member=name)
    withdrawn = _("%(member)s withdraws its comment.", member=name)
    return Check(
        lines=(),
        general=draft.comments.get("general"),
        summed=str(said if draft.comments else withdrawn),
        gaps=(),
        gap_heading="",
        meaning=(),
        withdraws=False,
        confirms=False,
        told=(),
    )


def _line(page: Page, draft: Draft, item: ItemView) -> Line:
    choice = draft.choices[item.code]
    said = kinds.choice(choice, page.rule_of(item.code).names, language())
    asked = next(one for one in page.items if one.code == item.code)
    if choice is None and asked.broken:
        said = str(_("Silence broken: not adopted"))
    elif choice is None and asked.choices == {Choice.OBJECT}:
        said = str(_("No objection"))
    if item.code in page.gone:
        said = str(pgettext("an item", "Withdrawn"))
    return Line(
        item=item,
        value=choice.value if choice else "",
        mark=kinds.mark(choice),
        words=said,
        comment=draft.comments.get(item.code),
    )


def _summed(draft: Draft, blank: int) -> str:
    counts = Counter(draft.choices.values())
    said = [
        _(
            "%(approve)s approve, %(object)s object, %(abstain)s abstain",
            approve=counts[Choice.APPROVE],
            object=counts[Choice.OBJECT],
            abstain=counts[Choice.ABSTAIN],
        )
    ]
    if blank:
        said.append(ngettext("%(num)d without a position", "%(num)d without a position", blank))
    return str(_("%(positions)s.", positions=kinds.listed(said)))


def _consents(page: Page, draft: Draft, blank: tuple[str, ...]) -> str:
    """Say what a reply that objects, or does not, says on the whole."""
    name, objects = words(page.member_name), [c for c, said in draft.choices.items() if said]
    if not objects:
        return str(_("%(member)s has no objection.", member=name))
    said = _objects(name, objects)
    if not blank or page.rule.silence is not Silence.APPROVE:
        return said
    consents = ngettext(
        "It consents to item %(items)s.",
        "It consents to items %(items)s.",
        len(blank),
        items=kinds.listed(blank),
    )
    return f"{said} {consents}"


def _objects(name: str, items: list[str]) -> str:
    said: str = ngettext(
        "%(member)s objects to item %(items)s.",
        "%(member)s objects to items %(items)s.",
        len(items),
        member=name,
        items=kinds.listed(items),
    )
    return said


def _gaps(blank: tuple[str, ...]) -> str:
    said: str = ngettext(
        "Item %(items)s has no position",
        "Items %(items)s have no position",
        len(blank),
        items=kinds.listed(blank),
    )
    return said


def _meaning(page: Page, blank: tuple[str, ...]) -> tuple[str, ...]:
    """Say what silence on these items means, once for each rule."""
    found, name = needs(page), words(page.member_name)
    said = [rules.silence(page.rule_of(code), found.get(code, found[""]), name) for code in blank]
    return tuple(dict.fromkeys(said))
