"""A reply on behalf: what it says and the paper on which it rests."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from consult.actions.recording import paper_of
from consult.core.answer import GENERAL, OnBehalf
from consult.core.ledger import hash_of
from consult.core.life import State
from consult.queries.conflicts import web_reply_at
from consult.queries.recording import paper
from consult.queries.requests import Asked
from consult.queries.texts import pick
from consult.web.confirming.mailed import mail_of
from consult.web.confirming.shown import Shown
from consult.web.frame import desk, language
from consult.web.office.heading import place_of
from consult.wording import instants, kinds


def reply(found: Asked, what: Mapping[str, Any]) -> Shown:
    said, place = paper_of(dict(what)), place_of(found.head)
    received = instants.exact(said.received_at, place)
    closes_at = found.head.closes_at
    late = closes_at is not None and said.received_at >= closes_at
    if found.head.state is State.COUNTED and not found.decided:
        sentence = _(
            "The reply of %(member)s below is stored and stands in the late register: it is"
            " recorded after the post-room statement, and counts only by a ruling.",
            member=found.member,
        )
    elif late:
        sentence = _(
            "The reply of %(member)s is registered as late: it reached the secretariat on"
            " %(instant)s, after the deadline, and is not counted.",
            member=found.member,
            instant=received,
        )
    else:
        sentence = _(
            "The reply of %(member)s below is stored and counts by the time it reached the"
            " secretariat, %(instant)s. It is not counted until a second person confirms it.",
            member=found.member,
            instant=received,
        )
    return Shown(
        hash=hash_of(dict(what)),
        sentence=sentence,
        facts=(
            (_("Member State"), found.member),
            (_("How it came"), kinds.channel(said.channel)),
            (_("Reached the secretariat"), received),
            (_("Why it is recorded"), said.reason),
            *_conflict(found, said),
        ),
        parts={
            "positions": _positions(found, said),
            "mail": mail_of(found),
        },
    )


def _conflict(found: Asked, said: OnBehalf) -> list[tuple[str, str]]:
    """Say when the member replied on the website too, and which of both counts."""
    web_at = web_reply_at(desk().engine, found.head.slug, said.draft.member)
    if web_at is None:
        return []
    instant = instants.exact(web_at, place_of(found.head))
    words = (
        _(
            "Received on %(instant)s. It is the later: it counts, the paper does not.",
            instant=instant,
        )
        if web_at > said.received_at
        else _("Received on %(instant)s. The paper is the later: it counts.", instant=instant)
    )
    return [(_("Also replied on this website"), words), (_("Both"), _("Both replies stand."))]


def _positions(found: Asked, said: OnBehalf) -> list[dict[str, Any]]:
    """Return each item with what was said on it, then the comment on the whole."""
    choices, comments = said.draft.choices, said.draft.comments
    form = paper(desk().engine, found.head.slug, desk().clock(), language())
    titles = (
        {item.code: pick(item.title, language()) for item in form.page.items} if form.page else {}
    )
    lines = [
        {
            "code": code,
            "title": titles.get(code, ""),
            "choice": choice,
            "words": kinds.choice(
                choice, form.page.rule_of(code).names if form.page else None, language()
            ),
            "comment": comments.get(code),
            "unclear": said.unclear.get(code),
        }
        for code, choice in choices.items()
    ]
    whole = comments.get(GENERAL)
    if whole is not None:
        lines.append({"code": "", "title": _("On the whole"), "choice": None, "comment": whole})
    return lines
