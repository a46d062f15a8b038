"""What a corrected roll says of a member, before and after, as pages print it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext

from consult.queries.texts import pick
from consult.wording import LANGUAGES, kinds

_Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RollView:
    """What changed of one member.

    Args:
        lines: Label, what it was, what it is.
    """

    member: str
    name: str
    told: str
    lines: tuple[tuple[str, str, str], ...]


def roll_view(member: str, before: _Line | None, after: _Line | None, language: str) -> RollView:
    """Return what a correction changes of *member*; None where it is not on the roll."""
    name = pick((after or before or {}).get("name"), language) or member
    if before is None:
        told = _("%(member)s is put on the roll.", member=name)
    elif after is None:
        told = _("%(member)s is taken off the roll.", member=name)
    else:
        told = _("What the roll says of %(member)s is corrected.", member=name)
    old, new = _said(before), _said(after)
    none = str(pgettext("of a datum", "none"))
    return RollView(
        member,
        name,
        told,
        tuple(
            (label, old.get(label) or none, new.get(label) or none)
            for label in dict.fromkeys([*old, *new])
            if old.get(label) != new.get(label)
        ),
    )


def _said(line: _Line | None) -> dict[str, str]:
    if line is None:
        return {}
    names = {
        _("Name (%(language)s)", language=LANGUAGES.get(code, code)): words
        for code, words in line["name"].items()
    }
    weights = {
        _("Weight: %(name)s", name=name): str(size) for name, size in line["weights"].items()
    }
    return {
        _("Right to vote"): _("Yes") if line["entitled"] else _("No"),
        _("Without it under"): line["no_vote_under"] or "",
        _("Groups"): kinds.listed(line["groups"]),
        **weights,
        **names,
    }
