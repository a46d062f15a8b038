"""Which courses of a consultation a check refuses, however well their chain is hashed."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest

from consult.core import ledger
from consult.core.canonical import canonical
from consult.core.verify import Findings, verify_ledger
from tests.ledgers import (
    APPROVER,
    CLOSES_AT,
    DAY,
    EXTENDED_TO,
    HASH,
    OFFICER,
    OPENS_AT,
    SIGNER,
    Writer,
    case,
    certified,
    closed,
    comment,
    export_of,
    on_behalf,
    opened,
    round_opened,
)

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def check(writer: Writer) -> Findings:
    return verify_ledger(canonical(export_of(writer)))


def edit(number: int, what: str, **facts: object) -> Callable[[], Writer]:
    """Return a consultation, certified, in which entry *number* was always another."""

    def made() -> Writer:
        writer = certified()
        assert writer.entries[number]["what"] == what
        writer.entries[number] = deepcopy(writer.entries[number])
        writer.entries[number]["facts"] |= facts
        return writer

    return made


def insert(before: int, what: str, actor: str = OFFICER, **facts: object) -> Callable[[], Writer]:
    """Return a consultation, certified, with one entry more before entry *before*."""

    def made() -> Writer:
        writer = certified()
        late = Writer()
        late.entries = writer.entries[:before]
        late.at = ledger.read_instant(writer.entries[before]["at"])
        late.enter(what, actor, late.at, **facts)
        late.entries += [
            entry | {"number": entry["number"] + 1} for entry in writer.entries[before:]
        ]
        return late

    return made


def by_the_same_person() -> Writer:
    writer = certified()
    for entry in writer.entries:
        entry["actor"] = OFFICER
    return writer


def with_reply(what: str, at: object, **more: object) -> Callable[[], Writer]:
    def made() -> Writer:
        writer = opened()
        writer.reply(what, "KEN", "aaa", at, **more)  # type: ignore[arg-type]
        return writer

    return made


def on_behalf_after_certification() -> Writer:
    writer = certified()
    on_behalf(writer, "JPN", "aaa", EXTENDED_TO - DAY)
    return writer


def post_stated_while_a_letter_waits() -> Writer:
    writer = closed()
    writer.enter("approval-asked", act="reply-on-behalf", shown=HASH)
    writer.enter("post-stated", recorded=0, refused=0, approved=writer.approve("post-stated"))
    return writer


def late_reply_after_the_tally() -> Writer:
    writer = closed()
    writer.enter("post-stated", recorded=0, refused=0, approved=writer.approve("post-stated"))
    writer.enter("tally", "system", result=writer.result())
    writer.reply("late-reply", "BRA", "aaa", writer.at + SECOND)
    approved = writer.approve("certification")
    writer.enter(
        "certification", APPROVER, result=writer.result(), conclusion=HASH, approved=approved,
        authority=None,
    )  # fmt: skip
    return writer


def tally_before_the_post() -> Writer:
    writer = closed()
    writer.enter("tally", "system", result=writer.result())
    return writer


def restored(leaf: str = HASH) -> Writer:
    writer = opened()
    approved = writer.approve("reply-restored")
    writer.reply("reply-restored", "KEN", "aaa", OPENS_AT + SECOND, leaf=leaf, approved=approved,
                 version=2, entered_at=writer.at)  # fmt: skip
    return writer


def outage(**wrong: object) -> Writer:
    """Write an opening with an outage clause, and the extension that follows from 40 minutes."""
    writer = opened()
    if not wrong.pop("undeclared", False):
        clause = {"minutes": 30, "hours": 2, "extension_minutes": 60}
        writer.entries[-1]["facts"]["outage"] = clause
    away = {
        "from": ledger.instant(CLOSES_AT - 60 * MINUTE),
        "to": ledger.instant(CLOSES_AT - int(wrong.pop("back", 20)) * MINUTE),
    }
    for _time in range(int(wrong.pop("times", 1))):
        facts = {
            "from": ledger.instant(CLOSES_AT),
            "to": ledger.instant(CLOSES_AT + 60 * MINUTE),
            "minutes": 40,
            "gaps": [away],
        }
        at = wrong.pop("at", CLOSES_AT + 2 * MINUTE)
        actor = str(wrong.pop("actor", "system"))
        writer.enter("outage-extension", actor, at, **{**facts, **wrong})
    return writer


GOES_NOWHERE = {"meeting": None, "asked_for_by": None, "authority": None}


def without_item(*items: str, choices: str = "a-a") -> Writer:
    """Withdraw *items* of an open letter; then a member replies."""
    writer = opened()
    cause = writer.approve("withdrawal")
    at = ledger.instant(writer.at)
    told = {"takes_effect_at": at, "cause": cause, "reason": HASH, **GOES_NOWHERE}
    writer.enter("withdrawal", APPROVER, items=list(items), **told)
    writer.reply("reply", "KEN", choices, writer.at)
    return writer


def withdrawn(*, reply_after: bool = False) -> Writer:
    writer = opened()
    cause = writer.approve("withdrawal")
    at = ledger.instant(writer.at)
    writer.enter(
        "withdrawal",
        APPROVER,
        takes_effect_at=at,
        cause=cause,
        reason=HASH,
        items=None,
        **GOES_NOWHERE,
    )
    if reply_after:
        writer.reply("reply", "KEN", "aaa", writer.at)
    return writer


def silent() -> Writer:
    """An opening under the silence procedure."""
    writer = opened()
    rule = {
        "choices": ["object"],
        "silence": "approve",
        "adopted_if": {"count": "object", "at_most": 0},
    }
    opening = next(entry for entry in writer.entries if entry["what"] == "opening")
    opening["facts"]["case"] = {**opening["facts"]["case"], "rule": rule}
    return writer


def break_(writer: Writer, cause: int, *items: str, breaks: str = "item") -> None:
    at = ledger.instant(writer.at)
    writer.enter(
        "broken", "system", takes_effect_at=at, cause=cause, items=list(items), breaks=breaks
    )


def mend(writer: Writer, cause: int, *items: str) -> None:
    at = ledger.instant(writer.at)
    writer.enter("mended", "system", takes_effect_at=at, cause=cause, items=list(items))


def broken(*items: str, cause: int | None = None, breaks: str = "item") -> Writer:
    writer = silent()
    objection = writer.reply("reply", "KEN", "-o-", OPENS_AT + SECOND)
    break_(writer, objection if cause is None else cause, *items, breaks=breaks)
    return writer


def broken_twice() -> Writer:
    writer = broken("2")
    again = writer.reply("reply", "ARG", "-o-", OPENS_AT + DAY)
    break_(writer, again, "2")
    return writer


def mended(choices: str) -> Writer:
    writer = broken("2")
    lifts = writer.reply("reply", "KEN", choices, OPENS_AT + DAY, version=2)
    mend(writer, lifts, "2")
    return writer


def ruled_in(*then: str, counts: bool = True, member: str = "KEN") -> Writer:
    """Close, let in (or keep out) what *member* sent, and let *then* follow as `broken` says."""
    writer = silent()
    objection = writer.reply("reply", "KEN", "---", OPENS_AT + SECOND)
    at = CLOSES_AT + timedelta(minutes=3)
    closes_at = ledger.instant(CLOSES_AT)
    late = writer.reply("late-reply", "KEN", "-o-", at - timedelta(minutes=1), version=2)
    writer.enter("closing", "system", at, takes_effect_at=closes_at, cause="clock", clock_offset=0)
    ruling = writer.enter(
        "ruling", APPROVER, member=member, about=late if counts else objection, counts=counts,
        reasons=HASH, approved=writer.approve("ruling"), authority=None,
    )  # fmt: skip
    if then:
        break_(writer, ruling, *then)
    return writer


def counted_after(writer: Writer) -> Writer:
    writer.enter("post-stated", recorded=0, refused=0, approved=writer.approve("post-stated"))
    return writer


def ruled_in_once_counted(*, told: bool) -> Writer:
    """State the post and count; then a ruling lets a late objection in, and it is counted anew."""
    writer = counted_after(ruled_in(counts=False))
    writer.enter("tally", APPROVER, result=writer.result())
    late = next(e["number"] for e in writer.entries if e["what"] == "late-reply")
    ruling = writer.enter(
        "ruling", APPROVER, member="KEN", about=late, counts=True,
        reasons=HASH, approved=writer.approve("ruling"), authority=None,
    )  # fmt: skip
    if told:
        break_(writer, ruling, "2")
    writer.enter("tally", APPROVER, result=writer.result())
    return writer


def broken_by_an_ordinary_vote() -> Writer:
    writer = opened()
    break_(writer, writer.reply("reply", "KEN", "aoa", OPENS_AT + SECOND), "2")
    return writer


def replied_after_the_whole_broke() -> Writer:
    writer = broken("1", "2", "3", breaks="whole")
    writer.reply("reply", "ARG", "-o-", OPENS_AT + DAY)
    return writer


def post_stated_with(*what: str) -> Writer:
    """Close and state the post after an objection that was entered as *what* says."""
    writer = broken("2") if what else silent()
    if not what:
        writer.reply("reply", "KEN", "-o-", OPENS_AT + SECOND)
    at = CLOSES_AT + timedelta(minutes=3)
    closes_at = ledger.instant(CLOSES_AT)
    writer.enter("closing", "system", at, takes_effect_at=closes_at, cause="clock", clock_offset=0)
    writer.enter("post-stated", recorded=0, refused=0, approved=writer.approve("post-stated"))
    return writer


def replaced_head(**second: object) -> Writer:
    """End the mandate of a head and name another one, on one allowance."""
    writer = opened()
    approved = writer.approve("mandate")
    ended = {"member": "KEN", "person": HASH, "role": "head", "from_": ledger.instant(OPENS_AT)}
    ended |= {"paper": None, "approved": approved}
    at = writer.at
    writer.enter("mandate", APPROVER, at, mandate=3, to=ledger.instant(at), **ended)
    begun = {**ended, "mandate": 4, "to": None, **second}
    writer.enter("mandate", APPROVER, begun.pop("at", at), **begun)
    return writer


def used_twice() -> Writer:
    writer = opened()
    approved = writer.approve("extension")
    for days in (1, 2):
        writer.enter(
            "extension", from_=ledger.instant(CLOSES_AT + (days - 1) * DAY),
            to=ledger.instant(CLOSES_AT + days * DAY), reason=HASH, asked_for_by="secretariat",
            approved=approved, authority=None,
        )  # fmt: skip
    return writer


EARLY, LATE = ledger.instant(OPENS_AT - 3 * SECOND), ledger.instant(EXTENDED_TO)
REVISED = case() | {"closes_at": LATE}


def received_later_than_entered(by: timedelta, *, alarm: bool = False) -> Callable[[], Writer]:
    def made() -> Writer:
        writer = opened()
        if alarm:
            writer.enter("clock-alarm", clock=EARLY, last=LATE)
        writer.reply("reply", "KEN", "aaa", writer.at + by, entered_at=writer.at)
        return writer

    return made


def rekeyed(before: str, after: str) -> Callable[[], Writer]:
    return insert(3, "key-changed", **{"from": before, "to": after, "reason": "planned"})


REFUSED: dict[str, tuple[Callable[[], Writer], int]] = {
    "a ledger that begins otherwise": (insert(0, "draft-changed", fields={}), 0),
    "a second beginning": (insert(3, "ledger-opened", service="x", reference="y", kid=None), 3),
    "a key that is not among the keys": (edit(0, "ledger-opened", kid="0" * 16), 5),
    "a change from another key": (rekeyed("0" * 16, "1" * 16), 3),
    "a change to the same key": (rekeyed(SIGNER.kid, SIGNER.kid), 3),
    "a draft changed after the opening": (insert(7, "draft-changed", fields={"a": HASH}), 7),
    "an opening at an instant before it": (
        edit(5, "opening", case=case() | {"opens_at": EARLY}),
        5,
    ),
    "an opening with the hash of another roll": (edit(5, "opening", roll=HASH), 5),
    "an opening with a case without a rule": (edit(5, "opening", case=case() | {"rule": {}}), 5),
    "an opening that nobody allowed": (edit(5, "opening", approved=3), 5),
    "what one person asked and allowed": (by_the_same_person, 4),
    "an allowance of what was not asked": (edit(4, "countersigned", act="extension"), 4),
    "an allowance of something else shown": (edit(4, "countersigned", shown="0" * 64), 4),
    "an allowance that serves twice": (used_twice, 9),
    "an allowance to end a head's mandate that serves for another member": (
        lambda: replaced_head(member="FRA"),
        9,
    ),
    "an allowance to end a head's mandate that serves later": (
        lambda: replaced_head(at=OPENS_AT + DAY),
        9,
    ),
    "an allowance to end a head's mandate that serves for an alternate": (
        lambda: replaced_head(role="alternate"),
        9,
    ),
    "a reply before the opening": (with_reply("reply", OPENS_AT - SECOND, entered_at=OPENS_AT), 6),
    "a reply received after its entry": (received_later_than_entered(DAY), 6),
    "a reply at the deadline that is not called late": (with_reply("reply", CLOSES_AT), 6),
    "a reply in time that is called late": (with_reply("late-reply", CLOSES_AT - SECOND), 6),
    "a reply that leaves a version out": (with_reply("reply", OPENS_AT, version=2), 6),
    "a reply to a revision to come": (with_reply("reply", OPENS_AT, revision=1), 6),
    "a reply without one of the items": (edit(7, "reply", choices={"1": "approve"}), 7),
    "a reply after the closing": (lambda: _after_closing("reply"), 22),
    "an extension from another deadline": (edit(12, "extension", **{"from": EARLY}), 12),
    "an extension to an earlier day": (edit(12, "extension", to=EARLY), 12),
    "a corrigendum that moves the deadline": (edit(15, "corrigendum", case=case()), 15),
    "a corrigendum numbered otherwise": (edit(15, "corrigendum", revision=2), 15),
    "a mandate by one person while open": (edit(18, "mandate", approved=None), 18),
    "a reply by an adviser": (edit(18, "mandate", mandate=3, role="adviser"), 19),
    "a contest by an adviser": (edit(18, "mandate", mandate=5, role="adviser"), 32),
    "a closing at another instant": (edit(21, "closing", takes_effect_at=EARLY), 21),
    "a post room stated while a letter waits": (post_stated_while_a_letter_waits, 25),
    "a tally before the post is stated": (tally_before_the_post, 22),
    "a tally of something else": (edit(31, "tally", result=HASH), 31),
    "a contest of what is to come": (edit(32, "contest", about=36), 32),
    "a ruling on what is no reply": (edit(35, "ruling", about=31), 35),
    "a ruling on another member's reply": (edit(35, "ruling", member="KEN"), 35),
    "a certification of something else": (edit(39, "certification", result=HASH), 39),
    "a certification that a late reply overtook": (late_reply_after_the_tally, 29),
    "a reply on behalf after the certification": (on_behalf_after_certification, 42),
    "a reply after a withdrawal": (lambda: withdrawn(reply_after=True), 9),
    "silence broken by no objection": (lambda: broken("2", cause=0), 7),
    "silence broken on another item": (lambda: broken("1", "2"), 7),
    "silence broken twice": (broken_twice, 9),
    "silence broken by a ruling on another item": (lambda: ruled_in("1"), 12),
    "silence broken by a ruling that keeps something out": (
        lambda: ruled_in("2", counts=False),
        12,
    ),
    "an objection let in that breaks nothing": (lambda: counted_after(ruled_in()), 14),
    "an objection let in after the count that breaks nothing": (
        lambda: ruled_in_once_counted(told=False),
        19,
    ),
    "silence broken by an ordinary vote": (broken_by_an_ordinary_vote, 7),
    "the whole broken and not named": (lambda: broken("2", breaks="whole"), 7),
    "a reply after the whole broke": (replied_after_the_whole_broke, 8),
    "silence mended while the objection stands": (lambda: mended("-o-"), 9),
    "a broken silence that nobody entered": (post_stated_with, 10),
    "a position on an item that was withdrawn": (lambda: without_item("2", choices="aaa"), 9),
    "a withdrawal of an item that is not there": (lambda: without_item("9"), 8),
    "a withdrawal of every item": (lambda: without_item(*"123", choices="---"), 8),
    "more time that no letter promised": (lambda: outage(undeclared=True), 6),
    "more time given twice": (lambda: outage(times=2), 7),
    "more time given by a person": (lambda: outage(actor=OFFICER), 6),
    "more time than was promised": (lambda: outage(to=ledger.instant(CLOSES_AT + DAY)), 6),
    "more time before the deadline": (lambda: outage(at=CLOSES_AT - SECOND), 6),
    "absences that are not the sum": (lambda: outage(minutes=41), 6),
    "absences that the letter lets pass": (lambda: outage(back=30, minutes=30), 6),
    "more time without an absence": (lambda: outage(gaps=[], minutes=0), 6),
    "a first erratum that is called the second": (lambda: errata(2), 43),
    "two errata of one number": (lambda: errata(1, 1), 46),
    "a referral of an item that is not there": (lambda: referred("9"), 43),
    "a referral of nothing": (lambda: referred(""), 43),
    "a referral of an item a second time": (lambda: referred("3", "3"), 46),
    "a referral of an item that was adopted": (lambda: referred("23"), 43),
}


def _after_closing(what: str) -> Writer:
    writer = closed()
    writer.reply(what, "BRA", "aaa", EXTENDED_TO - SECOND, entered_at=writer.at)
    return writer


@pytest.mark.parametrize("course", REFUSED)
def test_a_check_refuses(course: str) -> None:
    """T35, T48, T66, T69, T74-T76: the chain is whole in each; what it tells cannot be."""
    made, first = REFUSED[course]
    faults = check(made()).faults
    assert faults
    assert faults[0].where == f"entry {first}"


def opened_and(what: str, **facts: object) -> Writer:
    writer = opened()
    writer.enter(what, **facts)
    return writer


def discarded() -> Writer:
    writer = opened()
    del writer.entries[3:]
    writer.enter("draft-discarded")
    return writer


def sent_back() -> Writer:
    writer = opened()
    del writer.entries[3:]
    for what in ("approval-refused", "approval-lapsed"):
        asked = writer.enter("approval-asked", act="opening", shown=HASH)
        writer.enter(what, APPROVER, asked=asked, act="opening", shown=HASH)
    return writer


def published() -> Writer:
    writer = certified()
    writer.enter("publication", result=writer.result(), record=HASH)
    return writer


def errata(*numbers: int) -> Writer:
    writer = published()
    for number in numbers:
        approved = writer.approve("erratum")
        writer.enter("erratum", APPROVER, erratum=number, words=HASH, approved=approved)
    return writer


def referred(*times: str) -> Writer:
    """Refer the items that each word names by their numbers, once for each word."""
    writer = published()
    for items in times:
        writer.enter(
            "referral",
            APPROVER,
            items=list(items),
            meeting=HASH,
            asked_for_by="secretariat",
            reason=HASH,
            approved=writer.approve("referral"),
            authority=None,
        )
    return writer


ACCEPTED: dict[str, Callable[[], Writer]] = {
    "a reply restored from its receipt": restored,
    "a withdrawal": withdrawn,
    "silence broken by an objection": lambda: broken("2"),
    "the whole silence broken": lambda: broken("1", "2", "3", breaks="whole"),
    "silence mended": lambda: mended("---"),
    "a head in the place of another": replaced_head,
    "silence broken by a ruling": lambda: counted_after(ruled_in("2")),
    "silence broken by a ruling after the count": lambda: ruled_in_once_counted(told=True),
    "a broken silence, counted": lambda: post_stated_with("broken"),
    "a withdrawal of an item": lambda: without_item("2"),
    "more time after an outage": outage,
    "a reply in the last microsecond": with_reply("reply", CLOSES_AT - timedelta(microseconds=1)),
    "a late reply at the deadline": with_reply("late-reply", CLOSES_AT),
    "a draft sent back": sent_back,
    "a draft discarded": discarded,
    "reminders changed while open": lambda: opened_and("reminders-changed", schedule=HASH),
    "a clock that went back": lambda: opened_and("clock-alarm", clock=EARLY, last=LATE),
    "a publication": published,
    "errata beside a record": lambda: errata(1, 2),
    "an item referred to a meeting": lambda: referred("3"),
    "a clock that went back a little": received_later_than_entered(2 * SECOND),
    "a clock that went back far, with an alarm": received_later_than_entered(DAY, alarm=True),
}


@pytest.mark.parametrize("course", ACCEPTED)
def test_a_check_accepts(course: str) -> None:
    assert check(ACCEPTED[course]()).faults == []


def compiled() -> Writer:
    """Write a comment round on to the disposition of its one comment."""
    writer = round_opened()
    comment(writer, "BRA", {"1": "Say which hall."}, OPENS_AT + SECOND)
    writer.enter("closing", "system", CLOSES_AT, takes_effect_at=ledger.instant(CLOSES_AT),
                 cause="clock", clock_offset=0)  # fmt: skip
    writer.enter("post-stated", recorded=0, refused=0, approved=writer.approve("post-stated"))
    return writer


def pairs() -> Iterator[tuple[str, Writer, dict[str, Any]]]:
    """Give every entry that a vote has, for a round to have, and the reverse; open and closed."""
    votes = [*withdrawn().entries, *without_item("2").entries, *broken("2").entries]
    votes += [*certified().entries, *errata(1).entries, *referred("3").entries]
    for made, others in ((round_opened, votes), (compiled, votes)):
        for entry in others:
            yield f"{entry['what']} in a round", made(), entry
    for made in (opened, closed, certified):
        for entry in compiled().entries:
            yield f"{entry['what']} in a vote", made(), entry


def test_what_belongs_to_a_round_or_to_a_vote_is_judged_in_words_in_the_other() -> None:  # T48
    for name, writer, entry in pairs():
        writer.enter(entry["what"], entry["actor"], writer.at + SECOND, **deepcopy(entry["facts"]))
        for fault in check(writer).faults:
            assert fault.where, name
