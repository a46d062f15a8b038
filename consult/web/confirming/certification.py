"""A certification: the count as it is now, and what follows from it."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from consult.core import shown as as_shown
from consult.core.life import ItemKind, Kind
from consult.core.tally import Outcome
from consult.documents.prose import prose
from consult.documents.record import view
from consult.documents.record_items import adopted_words
from consult.documents.round import round_view
from consult.queries.requests import Asked
from consult.queries.result import concluding, result
from consult.queries.texts import pick
from consult.web.confirming.shown import Shown
from consult.web.frame import desk, language
from consult.wording import LANGUAGES, kinds


def certification(found: Asked, what: Mapping[str, Any]) -> Shown | None:
    counted = result(desk().engine, found.head.slug, desk().clock(), language())
    if counted.record is None:
        return None
    if found.head.kind is Kind.COMMENTS:
        return _table(found, what, counted.record)
    said, record = what["conclusion"], counted.record
    now = as_shown.certification(record["result"], said)
    titles = {item["id"]: item["title"] for item in record["consultation"]["content"]["items"]}
    adopted = [
        (
            _("Item %(item)s: %(title)s", item=item, title=pick(titles[item], language())),
            adopted_words(adoption["number"], adoption["in_force"]),
        )
        for item, adoption in said["adopted"].items()
    ]
    authority = [(_("Authority"), what["authority"])] if what["authority"] else []
    return Shown(
        hash=found.shown if found.decided else now,
        sentence=_(
            "The count and the conclusion below are certified; from then on they do not change,"
            " and an officer may publish the decision record."
        ),
        facts=(*adopted, *authority),
        before=_count_before(found, record) if now != found.shown and not found.decided else (),
        parts={
            "record": view(record, language()),
            "texts": [
                (code, LANGUAGES.get(code, code), prose(said["texts"].get(code, "")))
                for code in found.head.languages
            ],
        },
    )


def _table(found: Asked, what: Mapping[str, Any], record: Mapping[str, Any]) -> Shown:
    """Return a table of comments with what follows from it."""
    said = what["conclusion"]
    now = as_shown.certification(record["table"], said)
    changed = now != found.shown and not found.decided
    return Shown(
        hash=found.shown if found.decided else now,
        sentence=_(
            "The table of comments and the conclusion below are certified; from then on they do"
            " not change, and an officer may publish the table."
        ),
        facts=tuple([(_("Authority"), what["authority"])] if what["authority"] else []),
        before=(_("The table was otherwise when it was asked for."),) if changed else (),
        parts={
            "table": round_view(record, language()),
            "texts": [
                (code, LANGUAGES.get(code, code), prose(said["texts"].get(code, "")))
                for code in found.head.languages
            ],
        },
    )


def _count_before(found: Asked, record: Mapping[str, Any]) -> tuple[str, ...]:
    """Say how the count differs from the one that was asked for."""
    kept = concluding(desk().engine, found.head.slug, desk().clock(), language()).result
    kinds_of = {
        item["id"]: ItemKind(item["kind"]) for item in record["consultation"]["content"]["items"]
    }
    said = [
        _(
            "Item %(item)s when it was asked for: %(outcome)s.",
            item=item,
            outcome=kinds.outcome(kinds_of[item], Outcome(before["outcome"])),
        )
        for item, before in kept["questions"].items()
        if before["outcome"] != record["result"]["questions"][item]["outcome"]
    ]
    return tuple(said) or (
        _(
            "The outcomes are the same, but replies were registered as late since it was asked"
            " for. Send it back, so that it is asked for anew."
        ),
    )
