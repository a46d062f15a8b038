"""What the page of a letter says of its revisions to a member that has replied, or has not."""

from dataclasses import dataclass

from flask_babel import gettext as _

from consult.core.life import Unconfirmed
from consult.queries.reply import Page
from consult.web.reply.printed import Form
from consult.wording import revisions


@dataclass(frozen=True, slots=True)
class Revision:
    """What the page says of a letter that was revised.

    Args:
        heading: By which revisions it was changed.
        items: Those that were changed or added since the member said something.
        meaning: What becomes of what it said; empty if nothing is asked.
        confirmable: Whether the reply can be confirmed as it stands.
    """

    number: int
    heading: str
    items: tuple[str, ...]
    meaning: str
    confirmable: bool


def since(page: Page, form: Form, name: str) -> Revision | None:
    """Return what is said of the revisions; None of a letter that was never revised."""
    if not page.revision:
        return None
    lines = [line for part in form.parts for line in part.lines if line.revised]
    changed = any(line.revised and not line.revised.added for line in lines)
    unconfirmed = Unconfirmed(page.content["unconfirmed"])
    asked = page.newest is not None and not page.newest.late
    return Revision(
        number=page.revision,
        heading=_("This letter was revised: Rev.%(number)s", number=page.revision),
        items=tuple(line.item.code for line in lines),
        meaning=revisions.reply_before(unconfirmed, name) if changed and asked else "",
        confirmable=bool(lines) and page.newest is not None and page.draft is None,
    )
