"""The key facts of a record, its roll and how anybody can check it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from consult.core.life import Revising
from consult.core.signing import fingerprint_of
from consult.core.tally import Reason
from consult.documents.reading import Opened, at_of
from consult.documents.record_changes import change_lines
from consult.documents.record_items import adopted_words
from consult.wording import instants, kinds, letters, rules


@dataclass(frozen=True, slots=True)
class Fact:
    term: str
    value: str


@dataclass(frozen=True, slots=True)
class Seal:
    """How to check a record.

    Args:
        fingerprint: SHA-256 of the file in groups of four digits; empty before publication.
        command: What to run on one's own computer.
        last: The last ledger entry of the record, in words.
        keys: The fingerprints of the keys that signed, in groups of four digits; empty before
            publication.
    """

    fingerprint: str
    command: str
    last: str
    keys: str


def facts_of(opened: Opened) -> tuple[Fact, ...]:
    """Return what a reader asks first about how a decision came about."""
    return tuple(fact for fact in _facts(opened) if fact.value)


def certified_words(opened: Opened) -> str:
    """Say who certified the record, on whose authority; empty before that."""
    certified = opened.told["certified"]
    if certified is None:
        return ""
    names = {"first": certified["asked_by"], "second": certified["confirmed_by"]}
    title = opened.pick(opened.told["presiding"]["title"])
    if not title:
        return str(_("certified by %(first)s and %(second)s", **names))
    return str(
        _(
            "certified by %(first)s and %(second)s on the authority of the %(title)s",
            title=title,
            **names,
        )
    )


def seal_of(opened: Opened, sha256: str) -> Seal:
    """Return how to check the record whose file has the hash *sha256*."""
    last = opened.record["ledger"]["entries"][-1]["entry"]
    number, at = last["number"], instants.full(at_of(last["at"]), opened.place)
    return Seal(
        fingerprint=grouped(sha256),
        command=f"consult verify {opened.told['slug']}.json",
        last=_("No. %(number)s, %(instant)s", number=number, instant=at),
        keys=signed_with(opened.record),
    )


def signed_with(record: Mapping[str, Any]) -> str:
    """Return the fingerprints of the keys that signed a record; empty before publication."""
    return ", ".join(
        grouped(fingerprint_of(key["public_key"]))
        for key in record["keys"]
        if key["kid"] in record["signers"]
    )


def grouped(digits: str) -> str:
    """Return a hash in groups of four digits, as people compare it."""
    return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))


def roll_words(opened: Opened) -> str:
    """Say how many members the roll has, and how many of them could vote."""
    total = len(opened.case.roll)
    if total == opened.entitled:
        return str(
            ngettext(
                "%(num)s Member State, with the right to vote",
                "%(num)s Member States, all with the right to vote",
                total,
            )
        )
    return str(
        ngettext(
            "%(num)s Member State, %(entitled)s with the right to vote",
            "%(num)s Member States, %(entitled)s with the right to vote",
            total,
            entitled=opened.entitled,
        )
    )


def _facts(opened: Opened) -> Iterator[Fact]:
    told = opened.told
    opens_at, closes_at = opened.case.opens_at, opened.case.closes_at
    place = opened.place
    letter = instants.weekday_day(opens_at.astimezone(ZoneInfo(place.zone)).date())
    yield Fact(
        _("Consultation"),
        _("%(reference)s, letter of %(day)s", reference=told["reference"], day=letter),
    )
    yield Fact(_("Documents"), ", ".join(_symbols(opened)))
    yield Fact(
        pgettext("from when to when", "Open"),
        _(
            "%(opening)s to %(deadline)s",
            opening=instants.long(opens_at, place),
            deadline=instants.full(closes_at, place),
        ),
    )
    for term, words in change_lines(opened):
        yield Fact(term, words)
    yield from _revised(opened)
    yield Fact(_("Rule"), _rule(opened))
    yield Fact(_("Silence"), _silence(opened))
    yield Fact(_("Roll"), roll_words(opened))
    yield Fact(_("Asked"), _asked(opened))
    yield Fact(_("Replies"), _replies(opened))
    yield Fact(_("Post"), _post(opened))
    yield Fact(_("Presiding officer"), _presiding(opened))
    yield from _correction(opened)
    yield Fact(_("Certified"), _certified(opened))
    yield from _adopted(opened)


def _asked(opened: Opened) -> str:
    """Name the groups and members that were asked; empty where it was the whole body."""
    asked = opened.told["content"].get("electorate")
    if not asked:
        return ""
    names = {group["id"]: opened.pick(group["name"]) for group in opened.told["body"]["groups"]}
    groups = [names.get(code, code) for code in asked["groups"]]
    return kinds.listed([*groups, *(opened.name(code) for code in asked["members"])])


def _revised(opened: Opened) -> Iterator[Fact]:
    """Say of each revision of the letter when and why it was made, and what it changed."""
    for entry in opened.entries:
        if entry["what"] != "corrigendum":
            continue
        facts = entry["facts"]
        kind = kinds.revising(Revising(facts["kind"]))
        at = instants.long(at_of(entry["at"]), opened.place)
        said = [
            _("%(kind)s, %(instant)s.", kind=kind, instant=at),
            _text(opened, facts["reason"]),
        ]
        if facts["changed"]:
            items = kinds.listed(facts["changed"])
            said.append(_("Put again to those that had replied: %(items)s.", items=items))
        if facts["authority"]:
            authority = _text(opened, facts["authority"])
            said.append(_("Authority: %(authority)s", authority=authority))
        yield Fact(
            _("Rev.%(number)s", number=facts["revision"]), " ".join(one for one in said if one)
        )


def _text(opened: Opened, commitment: str) -> str:
    """Return a text that the ledger commits to; empty where it is withheld."""
    found = opened.record["texts"].get(commitment)
    return str(found["text"]) if found else ""


def _symbols(opened: Opened) -> list[str]:
    documents = opened.told["content"]["documents"]
    return list(dict.fromkeys(document["symbol"] for document in documents if document["symbol"]))


def _rule(opened: Opened) -> str:
    rule = opened.case.rule
    title = rules.title(rule, opened.language)
    if not rule.source:
        return title
    return str(_("%(rule)s. %(source)s", rule=title, source=rule.source))


def _silence(opened: Opened) -> str:
    for code, question in opened.questions.items():
        if question.rule == opened.case.rule:
            return letters.if_silent(question.rule, opened.needs[code])
    return ""


def _replies(opened: Opened) -> str:
    counted = len(opened.counted)
    late = sum(reply.reason is Reason.LATE for reply in opened.replies)
    figures = {"counted": counted, "silent": opened.entitled - counted, "late": late}
    if late:
        return str(
            _(
                "%(counted)s counted, %(silent)s without reply, "
                "%(late)s received late and not counted",
                **figures,
            )
        )
    return str(_("%(counted)s counted, %(silent)s without reply", **figures))


def _post(opened: Opened) -> str:
    post = opened.told["post"]
    if post is None:
        return ""
    return str(
        _(
            "Post received by letter, fax or e-mail until the deadline was recorded: statement of "
            "two officers, %(instant)s. Recorded on behalf: %(recorded)s.",
            instant=instants.long(at_of(post["at"]), opened.place),
            recorded=post["recorded"],
        )
    )


def presiding(opened: Opened) -> tuple[str, ...]:
    """Return name and title of the presiding officer, as far as they are known."""
    officer = opened.told["presiding"]
    return tuple(said for said in (officer["name"], opened.pick(officer["title"])) if said)


def _presiding(opened: Opened) -> str:
    return ", ".join(presiding(opened))


def _certified(opened: Opened) -> str:
    certified = opened.told["certified"]
    if certified is None:
        return ""
    at = at_of(certified["at"]).astimezone(ZoneInfo(opened.place.zone))
    said = {
        "day": instants.weekday_day(at.date()),
        "first": certified["asked_by"],
        "second": certified["confirmed_by"],
    }
    title = opened.pick(opened.told["presiding"]["title"])
    if not title:
        return str(_("%(day)s by %(first)s and %(second)s", **said))
    return str(
        _(
            "%(day)s by %(first)s and %(second)s, on the authority of the %(title)s",
            title=title,
            **said,
        )
    )


def _correction(opened: Opened) -> Iterator[Fact]:
    """Name the record that this one corrects (T60)."""
    corrects = opened.told.get("corrects")
    if corrects:
        said = _(
            "%(record)s, SHA-256 %(hash)s",
            record=_("Rev.%(number)s", number=corrects["revision"])
            if corrects["revision"]
            else _("the record first published"),
            hash=grouped(corrects["sha256"]),
        )
        yield Fact(_("Corrects"), said)


def _adopted(opened: Opened) -> Iterator[Fact]:
    adopted = (opened.told["conclusion"] or {}).get("adopted") or {}
    for item, named in adopted.items():
        if named["number"]:
            words = adopted_words(named["number"], named["in_force"])
            yield Fact(_("Decision"), _("Item %(item)s is %(decision)s", item=item, decision=words))
