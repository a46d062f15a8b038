"""The mail that tells an observer of a body what happened to a letter; never of any reply."""

from collections.abc import Callable, Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from consult.core.life import Revising
from consult.core.schedule import NoticeKind
from consult.mail import parts
from consult.mail.facts import Facts
from consult.mail.said import Button, Row, Said
from consult.wording import instants, kinds


def observed(facts: Facts) -> Said:
    """Tell that a letter is open, was changed or withdrawn, or that its result is published."""
    about = NoticeKind(facts.data["about"])
    matter = _MATTERS[about](facts)
    return Said(
        subject=_("For observers: %(matter)s (%(body)s)", matter=matter, body=facts.body),
        heading=matter,
        intro=(
            _(
                "You read the letter, its documents and where it stands. An observer does not"
                " reply. Positions are shown when the decision record is published."
            ),
        ),
        rows=(
            parts.reference(facts),
            parts.subject(facts),
            *(() if _ended(facts, about) else _deadline(facts)),
        ),
        button=Button(_("Read the letter"), facts.page("observe", facts.data["slug"])),
        after=parts.present(parts.also_in(facts)),
        why=parts.to_staff(facts, _("an observer of the body")),
    )


def _ended(facts: Facts, about: NoticeKind) -> bool:
    if about is NoticeKind.WITHDRAWAL:
        return not facts.data["withdrawn"]
    return about in {NoticeKind.RESULT, NoticeKind.ERRATUM, NoticeKind.REFERRAL}


def _deadline(facts: Facts) -> tuple[Row, ...]:
    at = facts.closes_at
    if at is None:
        return ()
    return (Row(_("Deadline"), (instants.full(at, facts.seat),), strong=True),)


def _open(facts: Facts) -> str:
    return _("Consultation %(reference)s is open", reference=facts.reference)


def _extended(facts: Facts) -> str:
    return _(
        "The deadline of consultation %(reference)s is extended to %(day)s",
        reference=facts.reference,
        day=parts.deadline_day(facts),
    )


def _revised(facts: Facts) -> str:
    return _(
        "Consultation %(reference)s is changed: %(kind)s, Rev.%(number)s",
        reference=facts.reference,
        kind=kinds.revising(Revising(facts.data["revising"])),
        number=facts.data["revision"],
    )


def _withdrawn(facts: Facts) -> str:
    codes = facts.data["withdrawn"]
    if not codes:
        return _("Consultation %(reference)s is withdrawn", reference=facts.reference)
    said: str = ngettext(
        "Item %(items)s is withdrawn; the consultation goes on",
        "Items %(items)s are withdrawn; the consultation goes on",
        len(codes),
        items=kinds.listed(codes),
    )
    return said


def _published(facts: Facts) -> str:
    if facts.asks_comments:
        return _("The comments on consultation %(reference)s", reference=facts.reference)
    return _("The result of consultation %(reference)s", reference=facts.reference)


def _put_right(facts: Facts) -> str:
    return _(
        "Erratum %(number)s to the record of consultation %(reference)s",
        number=facts.data["erratum"],
        reference=facts.reference,
    )


def _referred(facts: Facts) -> str:
    return _("Items of consultation %(reference)s go on to a meeting", reference=facts.reference)


_MATTERS: Mapping[NoticeKind, Callable[[Facts], str]] = {
    NoticeKind.INVITATION: _open,
    NoticeKind.EXTENSION: _extended,
    NoticeKind.CORRIGENDUM: _revised,
    NoticeKind.WITHDRAWAL: _withdrawn,
    NoticeKind.RESULT: _published,
    NoticeKind.ERRATUM: _put_right,
    NoticeKind.REFERRAL: _referred,
}
