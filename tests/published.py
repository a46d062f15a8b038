"""A consultation taken the whole way, quickly: from the draft to its published record."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from consult.actions import certifying, posting, publishing, replying
from consult.actions.change import Desk
from consult.core.ledger import instant
from consult.core.life import Actor
from tests import build


@dataclass(frozen=True)
class Office:
    """A council with its two officers and the heads of its members."""

    officer: Actor
    approver: Actor
    heads: dict[str, Actor]


def office(desk: Desk, members: int = 5) -> Office:
    """Load a council and its people."""
    codes = build.council(desk, members)
    return Office(
        build.officer(desk),
        build.approver(desk),
        {code: build.person(desk, f"Head of {code}", member=code) for code in codes},
    )


def count(desk: Desk, of: Office, *choices: str | None, **more: Any) -> str:
    """Open a consultation, let all but the last member reply, count; return its slug.

    The clock moves on by some weeks: each has its own, one after the other.
    """
    closes_at = (desk.clock() + timedelta(days=28)).replace(hour=14, minute=0, second=0)
    slug = build.draft(desk, of.officer, closes_at=instant(closes_at), **more)
    build.open_it(desk, slug, of.officer, of.approver)
    said = choices or ("approve", "object", "approve")
    for code in list(of.heads)[:-1]:
        draft = build.answer(code, *said)
        replying.reply(desk, slug, of.heads[code], build.sent(desk, draft))
    desk.clock.set(closes_at)
    build.later(desk, seconds=180)
    build.confirm(desk, posting.state_post(desk, slug, of.officer), of.approver)
    return slug


def publish(desk: Desk, of: Office, *choices: str | None, **more: Any) -> str:
    """Count a consultation, certify and publish it; return its slug."""
    slug = count(desk, of, *choices, **more)
    said = certifying.Conclusion(texts=build.in_all("The dates stand."), adopted={})
    build.confirm(desk, certifying.conclude(desk, slug, of.officer, said), of.approver)
    publishing.publish(desk, slug, of.officer)
    return slug
