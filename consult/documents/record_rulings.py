"""What a record says of replies that were contested or ruled upon, with grounds and reasons."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _

from consult.core.contesting import Doubtful, Ruling, doubtful
from consult.documents.reading import Opened
from consult.wording import instants


def doubtful_in(record: Mapping[str, Any]) -> tuple[Doubtful, ...]:
    """Return the late register of a record."""
    return doubtful([link["entry"] for link in record["ledger"]["entries"]])


def rulings(opened: Opened) -> tuple[str, ...]:
    """Say of each reply what its member held and what the presiding officer ruled (T76)."""
    return tuple(line for one in doubtful_in(opened.record) for line in _said(opened, one))


def _said(opened: Opened, one: Doubtful) -> Iterator[str]:
    reply = {
        "member": opened.name(one.member),
        "instant": instants.exact(one.received_at, opened.place),
    }
    if one.contest:
        yield _(
            "%(member)s contested how its reply, received on %(instant)s, is treated: %(grounds)s",
            grounds=_text(opened, one.contest.grounds),
            **reply,
        )
    for ruling in one.rulings:
        yield _ruled(opened, ruling, reply)
    if one.contest and not one.rulings:
        yield _("There is no ruling on it yet.")


def _ruled(opened: Opened, ruling: Ruling, reply: Mapping[str, str]) -> str:
    said = {
        "ruled": instants.long(ruling.at, opened.place),
        "reasons": _text(opened, ruling.reasons),
        "authority": _text(opened, ruling.authority or ""),
        **reply,
    }
    if ruling.counts:
        return _(
            "The presiding officer ruled on %(ruled)s (%(authority)s): the reply of %(member)s,"
            " received on %(instant)s, counts. Reasons: %(reasons)s",
            **said,
        )
    return _(
        "The presiding officer ruled on %(ruled)s (%(authority)s): the reply of %(member)s,"
        " received on %(instant)s, does not count. Reasons: %(reasons)s",
        **said,
    )


def _text(opened: Opened, commitment: str) -> str:
    text = opened.record["texts"].get(commitment)
    return str(text["text"]) if text else str(_("(withheld)"))
