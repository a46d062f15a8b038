"""Revisions of an open letter, as its officers make them."""

from copy import deepcopy
from typing import Any

from sqlalchemy import select

from consult.actions import corrected_roll, replying, revising
from consult.actions.change import Desk
from consult.actions.corrected_roll import Correction
from consult.core.life import Actor, Revising
from consult.core.revision import parts_of
from consult.queries.drafting import draft_of
from consult.tables import Reply, Revision, RollEntry, reading
from tests import build
from tests.stored import letter

SLUG = "CONS-2020-1"
REASON = "The days were printed wrongly."


def parts(desk: Desk, slug: str = SLUG) -> dict[str, Any]:
    """Return what a revision may change, as the letter stands."""
    return deepcopy(parts_of(draft_of(desk.engine, slug).content))


def retitled(desk: Desk, item: int, title: str, language: str = "en") -> dict[str, Any]:
    """Return the parts with another title of an item (from 0)."""
    found = parts(desk)
    found["items"][item]["title"][language] = title
    return found


def redated(desk: Desk) -> dict[str, Any]:
    """Return the parts with other days of item 1."""
    found = parts(desk)
    found["items"][0]["to"] = "2021-06-20"
    return found


def extended(desk: Desk) -> dict[str, Any]:
    """Return the parts with a fourth item."""
    found = parts(desk)
    found["items"].append(build.item("4", "Another question"))
    return found


def submit(
    desk: Desk,
    who: Actor,
    kind: Revising,
    content: dict[str, Any],
    language: str | None = None,
    **said: str,
) -> int:
    revising.begin(desk, SLUG, who, kind, language)
    changes = {**content, "reason": REASON, "authority": "Chair, letter of 1 July", **said}
    version = revising.save(desk, SLUG, who, changes, seen=0)
    return revising.submit(desk, SLUG, who, seen=version)


def revise(
    desk: Desk,
    asks: Actor,
    confirms: Actor,
    kind: Revising,
    content: dict[str, Any],
    language: str | None = None,
) -> None:
    build.confirm(desk, submit(desk, asks, kind, content, language), confirms)


def on_roll(desk: Desk, member: str) -> dict[str, Any]:
    """Return what the roll says of a member, as a correction gives it."""
    with reading(desk.engine) as session:
        line = session.scalars(select(RollEntry).where(RollEntry.member == member)).one()
        return {
            name: getattr(line, name)
            for name in ("name", "groups", "weights", "entitled", "no_vote_under")
        }


def correct_roll(
    desk: Desk, asks: Actor, confirms: Actor, member: str, line: dict[str, Any] | None
) -> None:
    wanted = Correction(member, line, "Arrears were paid.")
    request = corrected_roll.submit(desk, SLUG, asks, wanted)
    build.confirm(desk, request, confirms)


def reply(desk: Desk, who: Actor, member: str, *choices: str | None, base: int = 0) -> int:
    said = build.answer(member, *choices, base=base)
    now = letter(desk).revision
    return replying.reply(desk, SLUG, who, build.sent(desk, said, revision=now))


def line(desk: Desk, member: str) -> RollEntry:
    with reading(desk.engine) as session:
        return session.scalars(select(RollEntry).where(RollEntry.member == member)).one()


def kept(desk: Desk) -> list[Revision]:
    with reading(desk.engine) as session:
        return list(session.scalars(select(Revision).order_by(Revision.number)))


def replies(desk: Desk) -> list[Reply]:
    with reading(desk.engine) as session:
        return list(session.scalars(select(Reply).order_by(Reply.id)))
