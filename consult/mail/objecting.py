"""The mail that tells everybody who objects under a silence procedure, and what follows (T33)."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from consult.core.life import Role
from consult.core.silence import Breaks
from consult.mail import parts
from consult.mail.facts import Facts
from consult.mail.said import Button, Row, Said
from consult.wording import kinds, paragraphs


def objection(facts: Facts) -> Said:
    """Tell who objects to what and why, or that an objection was lifted."""
    return _lifted(facts) if facts.data.get("lifted") else _objected(facts)


def _objected(facts: Facts) -> Said:
    told = facts.data["objections"]
    items = list(dict.fromkeys(one["item"] for one in told))
    who = kinds.listed(list(dict.fromkeys(one["objector"] for one in told)))
    return Said(
        subject=_(
            "Objection of %(objector)s: %(body)s, consultation %(reference)s",
            objector=who,
            body=facts.body,
            reference=facts.reference,
        ),
        heading=ngettext(
            "%(objector)s objects to item %(items)s",
            "%(objector)s objects to items %(items)s",
            len(items),
            objector=who,
            items=kinds.listed(items),
        ),
        intro=parts.present(_let_in(facts), _follows(facts, items)),
        rows=(
            parts.reference(facts),
            parts.subject(facts),
            *(Row(_item(one), tuple(_words(one))) for one in told),
        ),
        button=Button(_("Read the letter"), _page(facts)),
        after=parts.present(_until(facts)),
        why=_why(facts),
    )


def _lifted(facts: Facts) -> Said:
    lifted, who = facts.data["lifted"], facts.data["objector"]
    items = kinds.listed([one["item"] for one in lifted])
    ruled = facts.data.get("ruled")
    told = {"objector": who, "body": facts.body, "reference": facts.reference}
    return Said(
        subject=_(
            "Objection of %(objector)s kept out: %(body)s, consultation %(reference)s", **told
        )
        if ruled
        else _("Objection lifted by %(objector)s: %(body)s, consultation %(reference)s", **told),
        heading=_kept_out(who, items, len(lifted)) if ruled else _takes_back(who, items, lifted),
        intro=parts.present(_restored(facts, lifted), _standing(lifted)),
        rows=(
            parts.reference(facts),
            parts.subject(facts),
            *(Row(_item(one), (one["title"],)) for one in lifted),
        ),
        button=Button(_("Read the letter"), _page(facts)),
        after=parts.present(_until(facts)),
        why=_why(facts),
    )


def _takes_back(who: str, items: str, lifted: list[dict[str, Any]]) -> str:
    said: str = ngettext(
        "%(objector)s lifts its objection to item %(items)s",
        "%(objector)s lifts its objection to items %(items)s",
        len(lifted),
        objector=who,
        items=items,
    )
    return said


def _kept_out(who: str, items: str, several: int) -> str:
    said: str = ngettext(
        "The presiding officer ruled: the objection of %(objector)s to item %(items)s does not"
        " count",
        "The presiding officer ruled: the objection of %(objector)s to items %(items)s does not"
        " count",
        several,
        objector=who,
        items=items,
    )
    return said


def _let_in(facts: Facts) -> str:
    return _("The presiding officer ruled that it counts.") if facts.data.get("ruled") else ""


def _item(one: dict[str, Any]) -> str:
    return _("Item %(item)s", item=one["item"])


def _words(one: dict[str, Any]) -> list[str]:
    """The item, then who objects to it in the words it was written in."""
    if not one["reasons"]:
        return [one["title"], _("%(objector)s objects.", objector=one["objector"])]
    reasons = paragraphs.said(one["reasons"]) + (" …" if one["cut"] else "")
    said = _("%(objector)s objects: “%(reasons)s”", objector=one["objector"], reasons=reasons)
    whole = [_("The page of the letter has the reasons whole.")] if one["cut"] else []
    return [one["title"], said, *whole]


def _follows(facts: Facts, items: list[str]) -> str:
    if facts.data["breaks"] == Breaks.WHOLE:
        return _(
            "The silence is broken on the whole letter: no item of it is adopted. It is closed,"
            " nothing more is registered, and the objection can no longer be lifted. The"
            " secretariat may put the items to a vote."
        )
    if facts.data.get("passed"):
        return str(
            ngettext(
                "The silence is broken on item %(items)s: it is not adopted.",
                "The silence is broken on items %(items)s: they are not adopted.",
                len(items),
                items=kinds.listed(items),
            )
        )
    return str(
        ngettext(
            "The silence is broken on item %(items)s: it is not adopted. The other items go on."
            " The objection may be lifted until the deadline.",
            "The silence is broken on items %(items)s: they are not adopted. The other items go"
            " on. The objections may be lifted until the deadline.",
            len(items),
            items=kinds.listed(items),
        )
    )


def _restored(facts: Facts, lifted: list[dict[str, Any]]) -> str:
    mended = [one["item"] for one in lifted if one["mended"]]
    if not mended:
        return ""
    if facts.data.get("passed"):
        return str(
            ngettext(
                "No objection breaks the silence on item %(items)s any more.",
                "No objection breaks the silence on items %(items)s any more.",
                len(mended),
                items=kinds.listed(mended),
            )
        )
    return str(
        ngettext(
            "Item %(items)s is under silence again: it is adopted at the deadline unless a Member"
            " State objects.",
            "Items %(items)s are under silence again: they are adopted at the deadline unless a"
            " Member State objects.",
            len(mended),
            items=kinds.listed(mended),
        )
    )


def _standing(lifted: list[dict[str, Any]]) -> str:
    still = [one["item"] for one in lifted if not one["mended"]]
    if not still:
        return ""
    return str(
        ngettext(
            "Item %(items)s stays broken: another Member State objects to it.",
            "Items %(items)s stay broken: another Member State objects to them.",
            len(still),
            items=kinds.listed(still),
        )
    )


def _until(facts: Facts) -> str:
    if facts.data.get("passed") or facts.data.get("breaks") == Breaks.WHOLE:
        return ""
    return _("The deadline stays %(instant)s.", instant=parts.deadline(facts))


def _page(facts: Facts) -> str:
    if facts.member:
        return facts.page("c", facts.data["slug"], facts.member)
    return facts.page("office", facts.data["slug"])


def _why(facts: Facts) -> tuple[str, ...]:
    if facts.member:
        return parts.to_focal_point(facts)
    return parts.to_staff(facts, kinds.roles([Role.OFFICER, Role.APPROVER]))
