"""What a member's people get of a letter: its newest version and draft, in few statements."""

from datetime import timedelta

import pytest

from consult.actions import replying
from consult.actions.change import Desk
from consult.core.comparison import Choice
from consult.core.life import State
from consult.errors import NotFound
from consult.queries import letters
from consult.queries import reply as queries
from tests import build
from tests.statements import statements

SLUG = "CONS-2020-1"


def test_the_newest_version_and_the_draft_come_with_the_letter(desk: Desk) -> None:
    build.open_consultation(desk, members=3)
    ana = build.person(desk, "Ana", member="ARG")
    said = build.answer("ARG", "approve", None, "object", c1="Gladly")
    replying.reply(desk, SLUG, ana, build.sent(desk, said))
    next_ = build.answer("ARG", "abstain", base=1)
    replying.save_draft(desk, SLUG, ana, next_, expected_hash=None)
    with statements(desk.engine) as seen:
        page = queries.page(desk.engine, SLUG, "ARG", desk.clock(), "en")
    assert len(seen) == 5
    assert page.newest is not None
    assert page.newest.choices == {"1": Choice.APPROVE, "2": None, "3": Choice.OBJECT}
    assert page.newest.comments["1"].text == "Gladly"
    assert page.newest.comments["1"].language == "en"
    assert page.newest.by == "Ana"
    assert page.draft is not None
    assert page.draft.choices["1"] is Choice.ABSTAIN
    assert (page.versions, page.draft_base) == (1, 1)
    assert (page.state, page.house.short_name) == (State.OPEN, "ITU")


def test_another_member_gets_nothing_of_it(desk: Desk) -> None:
    """T33."""
    build.open_consultation(desk, members=3)
    ana = build.person(desk, "Ana", member="ARG")
    said = build.answer("ARG", "approve", None, "object", c1="Gladly")
    replying.reply(desk, SLUG, ana, build.sent(desk, said))
    replying.save_draft(desk, SLUG, ana, build.answer("ARG", "object", base=1), expected_hash=None)
    page = queries.page(desk.engine, SLUG, "BRA", desk.clock(), "en")
    assert (page.newest, page.draft, page.versions) == (None, None, 0)


@pytest.mark.parametrize("member", ["XXX", "arg", ""])
def test_who_is_not_on_the_roll_gets_no_letter(desk: Desk, member: str) -> None:
    build.open_consultation(desk, members=3)
    with pytest.raises(NotFound):
        queries.page(desk.engine, SLUG, member, desk.clock(), "en")


def test_a_draft_of_the_secretariat_is_nobody_s_letter(desk: Desk) -> None:
    build.council(desk, 3)
    build.draft(desk, build.officer(desk))
    with pytest.raises(NotFound):
        queries.page(desk.engine, SLUG, "ARG", desk.clock() + timedelta(days=1), "en")
    assert letters.members_on(desk.engine, SLUG, frozenset({"ARG"}), desk.clock()) == []
