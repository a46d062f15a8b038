"""What the letter that an invitation encloses is printed from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from consult.core.need import Need, need
from consult.core.rule import Rule, parse
from consult.core.signing import fingerprint_of
from consult.queries.content import content_of, load_whole
from consult.queries.organisation import sender
from consult.queries.roll import frozen, lines_of
from consult.tables import Body, Organisation, SigningKey, reading


@dataclass(frozen=True, slots=True)
class LetterSource:
    """An open consultation as its letter is printed from it.

    Args:
        rule, need: None of a comment round, which decides nothing.
        own: Of each item with a rule of its own, that rule and what it takes.
        names: Of each member on the roll its names.
        key: The fingerprint of the key that its ledger goes by; empty of before there were keys.
    """

    content: dict[str, Any]
    rule: Rule | None
    need: Need | None
    body: dict[str, Any]
    organisation: dict[str, Any]
    closes_at: datetime | None
    revision: int
    own: dict[str, tuple[Rule, Need]]
    names: dict[str, dict[str, str]]
    key: str = ""


def letter_source(engine: sa.Engine, consultation_id: int) -> LetterSource:
    """Return what the letter of a consultation is made of (seven statements)."""
    with reading(engine) as session:
        whole = load_whole(session, consultation_id)
        body = session.get_one(Body, whole.body_id)
        house = session.get(Organisation, 1)
        roll = frozen(session, consultation_id)
        public = session.scalar(sa.select(SigningKey.public_key).where(SigningKey.kid == whole.kid))
    lines = lines_of(roll, body.working_language)
    rule = parse(whole.rule) if whole.rule else None
    own = {item.code: parse(item.rule) for item in whole.items if item.rule}
    return LetterSource(
        content=content_of(whole, body),
        rule=rule,
        need=need(rule, lines) if rule else None,
        body={
            "name": body.name,
            "seat": body.seat,
            "zone": body.zone,
            "groups": list(body.groups),
            "presiding": {"name": body.presiding_name, "title": body.presiding_title},
        },
        organisation=sender(house, body),
        closes_at=whole.closes_at,
        revision=whole.revision,
        own={code: (other, need(other, lines)) for code, other in own.items()},
        names={line.member: line.name for line in roll},
        key=fingerprint_of(public) if public else "",
    )
