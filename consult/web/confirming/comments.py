"""Comments on behalf: what they say, place by place, and the paper on which they rest."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from consult.actions.paper_comments import paper_of
from consult.core.ledger import hash_of
from consult.queries.requests import Asked
from consult.queries.round_papers import round_paper
from consult.web.confirming.mailed import mail_of
from consult.web.confirming.shown import Shown
from consult.web.frame import desk, language
from consult.web.office.heading import place_of
from consult.wording import instants, kinds


def comments(found: Asked, what: Mapping[str, Any]) -> Shown:
    said, place = paper_of(dict(what)), place_of(found.head)
    received = instants.exact(said.received_at, place)
    closes_at = found.head.closes_at
    late = closes_at is not None and said.received_at >= closes_at
    sentence = (
        _(
            "The comments of %(member)s are registered as late: they reached the secretariat on"
            " %(instant)s, after the deadline, and do not stand in the table.",
            member=found.member,
            instant=received,
        )
        if late
        else _(
            "The comments of %(member)s below are stored and stand by the time they reached the"
            " secretariat, %(instant)s. They do not stand until a second person confirms them.",
            member=found.member,
            instant=received,
        )
    )
    form = round_paper(desk().engine, found.head.slug, desk().clock(), language())
    return Shown(
        hash=hash_of(dict(what)),
        sentence=sentence,
        facts=(
            (_("Member State"), found.member),
            (_("How it came"), kinds.channel(said.channel)),
            (_("Reached the secretariat"), received),
            (_("Why it is recorded"), said.reason),
        ),
        parts={
            "remarks": said.remarks,
            "titles": {one.code: one.title for one in form.documents},
            "mail": mail_of(found),
        },
    )
