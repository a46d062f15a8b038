"""What a revision changed since a member replied, item by item, as its form says it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from consult.core.difference import Difference, differences
from consult.core.life import Revising
from consult.core.revision import ASKS_AGAIN
from consult.documents.differences import PlaceView, places
from consult.queries.reply import Page
from consult.queries.steps import Step


@dataclass(frozen=True, slots=True)
class Revised:
    """An item that was changed, or added, after what the form holds was said.

    Args:
        number: Of the last revision that did.
        place: The differences, in the reader's language.
    """

    number: int
    at: datetime
    place: PlaceView

    @property
    def added(self) -> bool:
        return self.place.added


def since_when(page: Page) -> int | None:
    """Return the revision that what the form holds was said of; None if nothing was said."""
    said = [one.revision for one in (page.newest, page.draft) if one is not None]
    return min(said, default=None)


def revised(page: Page, since: int | None, language: str) -> dict[str, Revised]:
    """Return the items that were changed or added after the revision *since*.

    Args:
        since: None for the one that what the form holds was said of.
    """
    since = since_when(page) if since is None else since
    if since is None or since >= page.revision or not page.revised:
        return {}
    steps = page.revised
    last = _last(steps, since)
    names = page.names
    spoken = page.content["languages"]
    tongue = language if language in spoken else spoken[0]
    return {
        one.place: Revised(last[one.place].number, last[one.place].at, place)
        for one in differences(steps[since].content, page.content)
        if one.place in last
        for place in places([_spoken(one, tongue)], language, names)
    }


def words_revised(page: Page, shown: int) -> bool:
    """Say whether the letter says something else than when a form *shown* was made."""
    return any(step.number > shown and step.kind != Revising.ROLL.value for step in page.revised)


def unread(page: Page) -> bool:
    """Say whether the draft was last saved before a revision changed or added an item."""
    draft = page.draft
    return draft is not None and bool(revised(page, draft.revision, ""))


def _last(steps: Sequence[Step], since: int) -> dict[str, Step]:
    """Return of each item the last revision that changed or added it."""
    found: dict[str, Step] = {}
    for before, step in zip(steps[since:], steps[since + 1 :], strict=False):
        asks = step.kind in ASKS_AGAIN
        for one in differences(before.content, step.content):
            if one.added or asks:
                found[one.place] = step
    return found


def _spoken(one: Difference, language: str) -> Difference:
    """Leave out the other languages, unless nothing would be left."""
    own = tuple(text for text in one.texts if text.language == language)
    return replace(one, texts=own) if own or one.data else one
