"""An open letter is revised by two persons; what was answered before stands or lapses."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from consult.actions import documents, due, posting, recording, replying, requests, revising
from consult.actions.change import Desk
from consult.core.answer import OnBehalf
from consult.core.life import Actor, Channel, NotNow, Revising
from consult.core.schedule import NoticeKind
from consult.core.upload import EVIDENCE
from consult.errors import BadInput, Changed, Incomplete, NotAllowed, SamePerson, Waiting
from consult.queries.verifying import verify_database
from consult.tables import Consultation, Notice, Revision, reading, writing
from tests import build
from tests import revising as these
from tests.revising import SLUG, line, redated, reply, revise

PDF = b"%PDF-1.7\na note verbale\n"
YES = ("approve",) * 3


@dataclass
class Council:
    desk: Desk
    asks: Actor
    confirms: Actor
    heads: dict[str, Actor]

    def reply(self, member: str, *choices: str | None, base: int = 0) -> int:
        return reply(self.desk, self.heads[member], member, *(choices or YES), base=base)

    def revise(self, kind: Revising, content: dict[str, Any], language: str | None = None) -> None:
        revise(self.desk, self.asks, self.confirms, kind, content, language)

    def count(self) -> dict[str, Any]:
        """Close, state the post, and return the result by item."""
        self.desk.clock.set(build.CLOSES_AT)  # type: ignore[attr-defined]
        build.later(self.desk, seconds=120)
        build.confirm(self.desk, posting.state_post(self.desk, SLUG, self.asks), self.confirms)
        with reading(self.desk.engine) as session:
            found = session.scalars(select(Consultation.result)).one()
        return dict(found["questions"])


def council(desk: Desk, members: int = 4, **more: Any) -> Council:
    codes = build.council(desk, members)
    asks, confirms = build.officer(desk), build.approver(desk)
    heads = {
        code: build.person(desk, f"Head of {code}", member=code, language="fr" if n == 1 else "en")
        for n, code in enumerate(codes)
    }
    build.open_it(desk, build.draft(desk, asks, **more), asks, confirms)
    build.later(desk, hours=1)
    return Council(desk, asks, confirms, heads)


def notices(desk: Desk, *kinds: NoticeKind) -> list[Notice]:
    with reading(desk.engine) as session:
        return list(
            session.scalars(select(Notice).where(Notice.kind.in_(kinds)).order_by(Notice.id))
        )


def holds(desk: Desk) -> None:
    for _reference, findings in verify_database(desk.engine):
        assert not findings.faults


def test_what_is_opened_is_kept_as_revision_0(desk: Desk) -> None:
    council(desk)
    (opened,) = these.kept(desk)
    assert (opened.number, opened.kind, opened.changed) == (0, "opening", [])
    assert opened.texts == these.letter(desk).texts
    holds(desk)


def test_a_corrigendum_of_two_persons_changes_the_letter_and_keeps_what_it_said(desk: Desk) -> None:
    here = council(desk)
    here.reply("ARG")
    here.revise(Revising.CORRIGENDUM, redated(desk))
    first, second = these.kept(desk)
    assert first.content["items"][0]["to"] == "2021-06-18"
    assert second.content["items"][0]["to"] == "2021-06-20"
    assert (second.kind, second.changed, second.reason) == ("corrigendum", ["1"], these.REASON)
    assert these.letter(desk).revision == 1
    assert these.letter(desk).texts == second.texts != first.texts
    holds(desk)


def test_all_are_told_item_by_item_and_who_replied_is_told_to_confirm(desk: Desk) -> None:
    here = council(desk)
    here.reply("ARG")
    here.revise(Revising.CORRIGENDUM, redated(desk))
    told = notices(desk, NoticeKind.CORRIGENDUM)
    assert {one.member: one.data["replied"] for one in told} == {
        code: code == "ARG" for code in here.heads
    }
    assert told[0].data["changes"] == [["1", "2021 session of the Council", ["to"], False]]
    assert told[0].data["unconfirmed"] == "stands"
    assert told[0].occasion == "ARG-revision-1"


def test_a_reply_given_before_stands_where_the_letter_says_so(desk: Desk) -> None:
    here = council(desk, unconfirmed="stands")
    here.reply("ARG")
    here.revise(Revising.REVISION, redated(desk))
    assert line(desk, "ARG").complete
    assert here.count()["1"]["positions"]["ARG"] == "approve"
    holds(desk)


def test_a_reply_that_is_not_confirmed_is_silence_where_the_letter_says_so(desk: Desk) -> None:
    here = council(desk, unconfirmed="lapses")
    here.reply("ARG")
    here.reply("BHS")
    here.revise(Revising.REVISION, redated(desk))
    assert not line(desk, "ARG").complete
    here.reply("BHS", base=1)
    assert line(desk, "BHS").complete
    found = here.count()
    assert (found["1"]["positions"]["ARG"], found["1"]["positions"]["BHS"]) == ("silent", "approve")
    assert (found["2"]["positions"]["ARG"], found["2"]["positions"]["BHS"]) == (
        "approve",
        "approve",
    )
    holds(desk)


def test_an_editorial_correction_changes_no_count_and_goes_to_its_readers(desk: Desk) -> None:
    here = council(desk, unconfirmed="lapses")
    here.reply("ARG")
    here.revise(Revising.EDITORIAL, these.retitled(desk, 0, "Session 2021", "fr"), "fr")
    assert line(desk, "ARG").complete
    assert these.kept(desk)[1].changed == []
    assert [one.member for one in notices(desk, NoticeKind.CORRIGENDUM)] == ["BHS"]
    assert here.count()["1"]["positions"]["ARG"] == "approve"
    holds(desk)


def test_the_item_of_an_addendum_is_silence_of_those_that_replied_before(desk: Desk) -> None:
    here = council(desk)
    here.reply("ARG")
    here.reply("BHS")
    here.revise(Revising.ADDENDUM, these.extended(desk))
    assert not line(desk, "ARG").complete
    here.reply("BHS", *YES, "approve", base=1)
    assert line(desk, "BHS").complete
    assert {one.kind for one in notices(desk, NoticeKind.ADDENDUM, NoticeKind.CORRIGENDUM)} == {
        NoticeKind.ADDENDUM
    }
    found = here.count()
    assert (found["4"]["positions"]["ARG"], found["4"]["positions"]["BHS"]) == ("silent", "approve")
    assert found["1"]["positions"]["ARG"] == "approve"
    holds(desk)


@pytest.mark.parametrize(
    ("kind", "language", "make", "code"),
    [
        (Revising.CORRIGENDUM, None, these.parts, "nothing-changed"),
        (Revising.CORRIGENDUM, None, these.extended, "item-added"),
        (Revising.EDITORIAL, "fr", redated, "editorial-only"),
        (Revising.EDITORIAL, "fr", lambda d: these.retitled(d, 0, "New"), "editorial-only"),
        (Revising.ADDENDUM, None, redated, "addendum-changes"),
    ],
)
def test_each_kind_allows_what_it_is_for(
    desk: Desk, kind: Revising, language: str | None, make: Any, code: str
) -> None:
    here = council(desk)
    with pytest.raises(BadInput) as refused:
        these.submit(desk, here.asks, kind, make(desk), language)
    assert refused.value.faults == {"kind": code}


def test_a_reason_and_every_language_are_needed(desk: Desk) -> None:
    here = council(desk)
    with pytest.raises(BadInput) as refused:
        these.submit(desk, here.asks, Revising.CORRIGENDUM, redated(desk), reason="")
    assert refused.value.faults == {"reason": "missing"}
    revising.discard(desk, SLUG, here.asks)
    content = these.parts(desk)
    content["items"][0]["title"] = {"en": "New"}
    with pytest.raises(Incomplete):
        these.submit(desk, here.asks, Revising.CORRIGENDUM, content)


def test_another_person_confirms_exactly_what_was_shown(desk: Desk) -> None:
    here = council(desk)
    request = these.submit(desk, here.asks, Revising.CORRIGENDUM, redated(desk))
    with pytest.raises(Changed):
        requests.confirm(desk, here.confirms, request, "0" * 64)
    with pytest.raises(Waiting):
        revising.save(desk, SLUG, here.asks, {"reason": "Other"}, seen=1)
    both = build.person(desk, "F. Both", *here.asks.roles, *here.confirms.roles)
    with pytest.raises(NotAllowed):
        requests.confirm(desk, here.asks, request, "0" * 64)
    build.confirm(desk, request, both)
    assert these.letter(desk).revision == 1


def test_who_asked_cannot_confirm(desk: Desk) -> None:
    here = council(desk)
    both = build.person(desk, "F. Both", *here.asks.roles, *here.confirms.roles)
    request = these.submit(desk, both, Revising.CORRIGENDUM, redated(desk))
    with pytest.raises(SamePerson):
        build.confirm(desk, request, both)


def test_what_is_sent_back_can_be_written_on(desk: Desk) -> None:
    here = council(desk)
    request = these.submit(desk, here.asks, Revising.CORRIGENDUM, redated(desk))
    requests.send_back(desk, here.confirms, request, "Which days?")
    version = revising.save(desk, SLUG, here.asks, {"reason": "Plainer."}, seen=1)
    build.confirm(desk, revising.submit(desk, SLUG, here.asks, seen=version), here.confirms)
    assert these.kept(desk)[1].reason == "Plainer."
    holds(desk)


def test_a_colleague_s_newer_version_is_not_overwritten(desk: Desk) -> None:
    here = council(desk)
    revising.begin(desk, SLUG, here.asks, Revising.CORRIGENDUM, None)
    revising.save(desk, SLUG, here.asks, {"reason": "One."}, seen=0)
    with pytest.raises(Changed):
        revising.save(desk, SLUG, here.asks, {"reason": "Two."}, seen=0)
    with pytest.raises(Changed):
        revising.begin(desk, SLUG, here.asks, Revising.ADDENDUM, None)


def test_nothing_is_revised_once_the_deadline_has_passed(desk: Desk) -> None:
    """T70: also what was asked for before."""
    here = council(desk)
    desk.clock.set(build.CLOSES_AT - timedelta(hours=1))  # type: ignore[attr-defined]
    request = these.submit(desk, here.asks, Revising.CORRIGENDUM, redated(desk))
    desk.clock.set(build.CLOSES_AT)  # type: ignore[attr-defined]
    with pytest.raises(NotNow):
        build.confirm(desk, request, here.confirms)
    with pytest.raises(NotNow):
        revising.save(desk, SLUG, here.asks, {"reason": "Two."}, seen=1)
    assert these.letter(desk).revision == 0


def test_a_form_of_the_letter_before_is_refused(desk: Desk) -> None:
    here = council(desk)
    old = build.sent(desk, build.answer("ARG", *YES), revision=0)
    here.revise(Revising.CORRIGENDUM, redated(desk))
    with pytest.raises(Changed) as refused:
        replying.reply(desk, SLUG, here.heads["ARG"], old)
    assert refused.value.facts["what"] == "letter"
    assert these.replies(desk) == []
    here.reply("ARG")
    assert these.replies(desk)[0].revision == 1


def test_two_revisions_follow_one_another(desk: Desk) -> None:
    here = council(desk, unconfirmed="lapses")
    here.reply("ARG")
    here.revise(Revising.CORRIGENDUM, redated(desk))
    here.reply("ARG", base=1)
    here.revise(Revising.REVISION, these.retitled(desk, 1, "Chair of the group"))
    assert [one.number for one in these.kept(desk)] == [0, 1, 2]
    found = here.count()
    assert found["1"]["positions"]["ARG"] == "approve"
    assert found["2"]["positions"]["ARG"] == "silent"
    holds(desk)


def test_a_letter_that_came_before_the_revision_answers_what_it_could_answer(desk: Desk) -> None:
    here = council(desk, unconfirmed="lapses")
    came = desk.clock()
    build.later(desk, hours=1)
    here.revise(Revising.REVISION, redated(desk))
    kept = documents.keep(desk, PDF, "note.pdf", "application/pdf", EVIDENCE)
    paper = OnBehalf(
        draft=build.answer("ARG", *YES),
        key="key",
        channel=Channel.LETTER,
        received_at=came,
        scan=kept.sha256,
        reason="The mission had no access.",
        language="en",
    )
    build.confirm(desk, recording.record(desk, SLUG, here.asks, paper, kept), here.confirms)
    assert these.replies(desk)[0].revision == 0
    assert not line(desk, "ARG").complete
    found = here.count()
    assert found["1"]["positions"]["ARG"] == "silent"
    assert found["2"]["positions"]["ARG"] == "approve"
    holds(desk)


def test_who_must_confirm_is_reminded_with_the_number_of_items(desk: Desk) -> None:
    here = council(desk, unconfirmed="lapses")
    here.reply("ARG")
    assert due.remind(desk, SLUG, here.asks, list(here.heads)) == 3
    build.later(desk, minutes=2)
    here.revise(Revising.REVISION, redated(desk))
    due.remind(desk, SLUG, here.asks, ["ARG"])
    last = notices(desk, NoticeKind.REMINDER)[-1]
    assert (last.member, last.data["gaps"]) == ("ARG", 1)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("kind", "revision", "the stored revision is not what it says"),
        ("changed", ["2"], "the stored revision is not what it says"),
        ("number", 7, "are not those that the ledger enters"),
    ],
)
def test_a_revision_changed_in_the_tables_is_found(
    desk: Desk, column: str, value: Any, said: str
) -> None:
    """T48."""
    here = council(desk)
    here.revise(Revising.CORRIGENDUM, redated(desk))
    with writing(desk.engine) as session:
        kept = session.scalars(select(Revision).where(Revision.number == 1)).one()
        setattr(kept, column, value)
    ((_reference, findings),) = verify_database(desk.engine)
    assert any(said in str(fault) for fault in findings.faults)


def test_words_changed_in_a_kept_revision_are_found(desk: Desk) -> None:
    here = council(desk)
    here.revise(Revising.CORRIGENDUM, redated(desk))
    with writing(desk.engine) as session:
        kept = session.scalars(select(Revision).where(Revision.number == 0)).one()
        kept.content = {**kept.content, "subject": {"en": "Other"}}
    ((_reference, findings),) = verify_database(desk.engine)
    assert any("the texts kept of its revision" in str(fault) for fault in findings.faults)
