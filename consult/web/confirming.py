"""What the second person of a request is shown, act by act, with the hash of exactly that."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.actions.recording import paper_of
from consult.core import shown as as_shown
from consult.core.answer import GENERAL
from consult.core.comparison import Choice
from consult.core.ledger import hash_of
from consult.core.life import Act, ItemKind
from consult.core.roll import roll_data
from consult.core.tally import Outcome
from consult.documents.letter import LetterView
from consult.documents.prose import prose
from consult.documents.record import view
from consult.documents.record_items import adopted_words
from consult.queries.drafting import Roll, draft_of, roll_of
from consult.queries.recording import paper
from consult.queries.requests import Asked
from consult.queries.result import concluding, result
from consult.queries.texts import pick
from consult.web.drafting.page import editing
from consult.web.drafting.previews import letter_of
from consult.web.frame import desk, language
from consult.web.office.heading import place_of
from consult.wording import LANGUAGES, instants, kinds


@dataclass(frozen=True, slots=True)
class Shown:
    """A request as its page prints it.

    Args:
        hash: Of exactly what is shown; confirming names it.
        sentence: What will happen, in one sentence.
        facts: Terms and what they are.
        before: What was asked for, where it has changed since.
        parts: What the template of the act prints besides.
    """

    hash: str
    sentence: str
    facts: tuple[tuple[str, str], ...] = ()
    before: tuple[str, ...] = ()
    parts: Mapping[str, Any] = field(default_factory=dict)


def shown_to(found: Asked) -> Shown | None:
    """Return what its reader is shown; None for one who may know only that it waits."""
    if found.what is None:
        return None
    return _SHOWN[found.act](found, found.what)


def _opening(found: Asked, what: Mapping[str, Any]) -> Shown | None:
    if found.decided:
        return Shown(found.shown, _("The consultation is opened as its letter says."))
    draft = draft_of(desk().engine, found.head.slug)
    roll = roll_of(desk().engine, draft.body.slug, desk().clock(), "en")
    now = as_shown.opening(draft.content, roll.lines)
    letter: LetterView | None = letter_of(draft, roll)
    place, closes_at = place_of(found.head), found.head.closes_at
    tongues = {code: LANGUAGES.get(code, code) for code in draft.content["languages"]}
    deadline = instants.full(closes_at, place) if closes_at else ""
    return Shown(
        hash=now,
        sentence=ngettext(
            "The roll of %(num)d Member State is frozen, the letter and its rule are entered in"
            " the ledger, and the invitations go out; replies are taken until %(deadline)s.",
            "The roll of %(num)d Member States is frozen, the letter and its rule are entered in"
            " the ledger, and the invitations go out; replies are taken until %(deadline)s.",
            len(roll.seats),
            deadline=deadline,
        ),
        facts=(
            (_("Deadline"), deadline),
            (_("Languages"), kinds.listed(list(tongues.values()))),
        ),
        before=_roll_before(what, roll) if now != found.shown else (),
        parts={
            "letter": letter,
            "roll": roll,
            "tongues": tongues,
            "editing": editing(draft),
            "links": _links(found, draft.documents),
        },
    )


def _roll_before(what: Mapping[str, Any], roll: Roll) -> tuple[str, ...]:
    """Say how the roll differs from the one that was asked for."""
    before = {line["code"]: line for line in what.get("roll", ())}
    now = {str(line["code"]): line for line in roll_data(roll.lines)}
    names = {seat.code: pick(seat.name, language()) for seat in roll.seats}
    gone = [str(before[code]["name"]) for code in before.keys() - now.keys()]
    come = [names[code] for code in now.keys() - before.keys()]
    other = [names[code] for code in now.keys() & before.keys() if now[code] != before[code]]
    said = []
    if gone:
        said.append(_("Asked for with %(members)s on the roll, now without.", members=_some(gone)))
    if come:
        said.append(_("Asked for without %(members)s on the roll, now with.", members=_some(come)))
    if other:
        said.append(
            _(
                "Name, groups, weights or right to vote were otherwise when it was asked for:"
                " %(members)s.",
                members=_some(other),
            )
        )
    return tuple(said) or (_("The letter was otherwise when it was asked for."),)


def _some(names: list[str]) -> str:
    return kinds.listed(sorted(names))


def _links(found: Asked, documents: Any) -> dict[str, str]:
    return {
        one.sha256: url_for("office.document", slug=found.head.slug, document=one.id)
        for one in documents
        if one.sha256
    }


def _reply(found: Asked, what: Mapping[str, Any]) -> Shown:
    said, place = paper_of(dict(what)), place_of(found.head)
    received = instants.exact(said.received_at, place)
    closes_at = found.head.closes_at
    late = closes_at is not None and said.received_at >= closes_at
    if late:
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
        ),
        parts={"positions": _positions(found, said.draft.choices, said.draft.comments)},
    )


def _positions(
    found: Asked, choices: Mapping[str, Choice | None], comments: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return each item with what was said on it, then the comment on the whole."""
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
        }
        for code, choice in choices.items()
    ]
    whole = comments.get(GENERAL)
    if whole is not None:
        lines.append({"code": "", "title": _("On the whole"), "choice": None, "comment": whole})
    return lines


def _post(found: Asked, what: Mapping[str, Any]) -> Shown:
    recorded, refused = (
        (what["recorded"], what["refused"])
        if found.decided
        else (len(found.recorded), found.refused)
    )
    now = as_shown.statement(recorded, refused)
    return Shown(
        hash=now,
        sentence=ngettext(
            "It is stated that everything that reached the secretariat before the deadline by"
            " letter, fax or e-mail is recorded: %(num)d reply. Then the replies are counted and"
            " the result opens to the secretariat.",
            "It is stated that everything that reached the secretariat before the deadline by"
            " letter, fax or e-mail is recorded: %(num)d replies. Then the replies are counted"
            " and the result opens to the secretariat.",
            recorded,
        ),
        facts=(
            (_("Recorded on behalf"), kinds.listed(found.recorded) or str(_("none"))),
            (_("Recorded and sent back"), str(refused)),
        ),
        before=(
            (
                _(
                    "When it was asked for, %(recorded)s were recorded and %(refused)s sent back.",
                    recorded=what["recorded"],
                    refused=what["refused"],
                ),
            )
            if now != found.shown
            else ()
        ),
    )


def _certification(found: Asked, what: Mapping[str, Any]) -> Shown | None:
    counted = result(desk().engine, found.head.slug, desk().clock(), language())
    if counted.record is None:
        return None
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


def _mandate(found: Asked, what: Mapping[str, Any]) -> Shown:
    head, ends = what["role"] == "head", what["ends"] is not None
    names = {"person": what["person"], "member": found.member}
    if ends:
        sentence = _("%(person)s may no longer reply for %(member)s.", **names)
    elif head:
        sentence = _(
            "%(person)s becomes head focal point of %(member)s, in the place of the present one.",
            **names,
        )
    else:
        sentence = _("%(person)s may reply for %(member)s from then on, as an alternate.", **names)
    facts = [
        (_("Name"), what["person"]),
        (_("Role"), _("head focal point") if head else _("alternate")),
        (_("E-mail"), what.get("address")),
        (_("Language of the mail"), LANGUAGES.get(what.get("language") or "", "")),
        (_("Telephone"), what.get("telephone")),
        (_("On what paper"), what.get("paper") or _("Not noted")),
    ]
    return Shown(
        hash=hash_of(dict(what)),
        sentence=sentence,
        facts=tuple((term, str(value)) for term, value in facts if value),
    )


_SHOWN: Mapping[Act, Callable[[Asked, Mapping[str, Any]], Shown | None]] = {
    Act.OPEN: _opening,
    Act.RECORD: _reply,
    Act.STATE_POST: _post,
    Act.CERTIFY: _certification,
    Act.MANDATE: _mandate,
}
