"""Tell the members that a letter, or its roll, was revised."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from consult.actions.change import Change
from consult.actions.telling import tell_observers
from consult.core.difference import LETTER, Difference, differences
from consult.core.life import Revising
from consult.core.recipient import Recipient
from consult.core.schedule import NoticeKind
from consult.queries.recipients import focal_points_of
from consult.queries.roll import frozen
from consult.queries.telling import of_letter, of_members
from consult.queries.texts import pick
from consult.tables import Request


def tell(
    this: Change,
    request: Request,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    changed: Sequence[str],
) -> None:
    """Queue the notices of a revision: to all, or to the readers of the corrected language."""
    letter, what = this.consultation, request.what
    kind = Revising(what["kind"])
    roll = frozen(this.session, letter.id)
    people = focal_points_of(this.session, [line.member for line in roll], this.now)
    if kind is Revising.EDITORIAL:
        people = [person for person in people if person.language == what["language"]]
    own = of_members(this.session, roll, people)
    for line in roll:
        if line.member in own:
            own[line.member]["replied"] = line.replied_at is not None
    found = differences(before, after)
    this.notify(
        people,
        NoticeKind.ADDENDUM if kind is Revising.ADDENDUM else NoticeKind.CORRIGENDUM,
        f"revision-{letter.revision}",
        not_before=_once_open(this),
        revising=kind.value,
        reason=what["reason"],
        changed=list(changed),
        unconfirmed=letter.unconfirmed.value,
        by_member=own,
        by_language=_by_language(found, people),
    )
    editorial = kind is Revising.EDITORIAL
    _tell_observers(this, kind, what["language"] if editorial else None)


def tell_roll(
    this: Change, request: Request, member: str, told: str, people: Sequence[Recipient]
) -> None:
    """Queue the notices of a corrected roll; who is new on it is invited.

    Args:
        told: What became of *member*: ``added``, ``removed`` or ``corrected``.
        people: Who may reply for the members that were or are on the roll.
    """
    letter = this.consultation
    roll = frozen(this.session, letter.id)
    names = {line.member: line.name for line in roll}
    more = {"revising": Revising.ROLL.value, "reason": request.what["reason"]}
    named = {
        "roll_member": names.get(member) or request.what["before"]["name"],
        "roll_told": told,
    }
    new = [person for person in people if person.member == member and told == "added"]
    others = [person for person in people if person not in new]
    own = of_members(this.session, roll, others)
    if told == "removed":
        own[member] = {"member_name": request.what["before"]["name"]}
    own.setdefault(member, {})["concerned"] = True
    this.notify(
        others,
        NoticeKind.CORRIGENDUM,
        f"revision-{letter.revision}",
        not_before=_once_open(this),
        by_member=own,
        **more,
        **named,
    )
    this.notify(
        new,
        NoticeKind.INVITATION,
        f"invitation-{letter.revision}",
        not_before=_once_open(this),
        by_member=of_members(this.session, roll, new),
        **of_letter(this.session, letter, roll),
    )
    _tell_observers(this, Revising.ROLL)


def _tell_observers(this: Change, kind: Revising, language: str | None = None) -> None:
    tell_observers(
        this,
        NoticeKind.CORRIGENDUM,
        f"revision-{this.consultation.revision}",
        not_before=_once_open(this),
        language=language,
        revising=kind.value,
    )


def _once_open(this: Change) -> datetime:
    """Return when members may be told: invitations that wait for a later opening go first."""
    opens_at = this.consultation.opens_at
    return max(opens_at, this.now) if opens_at else this.now


def _by_language(
    found: Sequence[Difference], people: Sequence[Recipient]
) -> dict[str, dict[str, Any]]:
    """Say in each reader's language what changed: place, title, and the names of what changed."""
    return {
        language: {
            "changes": [
                [
                    "" if one.place == LETTER else one.place,
                    pick(one.title, language),
                    list(
                        dict.fromkeys([*(t.name for t in one.texts), *(d.name for d in one.data)])
                    ),
                    one.added,
                ]
                for one in found
            ]
        }
        for language in sorted({person.language for person in people})
    }
