"""What is done in a comment round, each act beside what the model says of it."""

import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from sqlalchemy import select

from consult.actions import (
    certifying,
    commenting,
    disposing,
    documents,
    due,
    extending,
    paper_comments,
    posting,
    publishing,
    withdrawing,
)
from consult.actions.change import Desk
from consult.core.extension import SECRETARIAT, NewDeadline
from consult.core.life import Actor, Channel, NotNow, State
from consult.core.round import Disposed, NewComment, PaperComment, Remark, content_hash
from consult.core.upload import EVIDENCE
from consult.errors import Refused, Undisposed
from consult.tables import Consultation, reading
from tests import build
from tests.machines.commented import Remarks, Round, Sent
from tests.machines.model import Refusal
from tests.world import round_content

CODES = ["ARG", "BHS", "BRA"]
SLUG = "CONS-2020-1"
START = datetime.fromisoformat("2020-06-20T08:00:00+00:00")
STEPS = [timedelta(seconds=30), timedelta(hours=1), timedelta(days=8)]
members = st.sampled_from(CODES)
_HALL, _PLACE, _DATES, _WHOLE = (
    Remark(item, paragraph, f"On {item}, {paragraph}.", "", "en")
    for item, paragraph in [("1", "1"), ("1", "2"), ("1", None), ("general", None)]
)
_OTHER = replace(_HALL, text="Say which hall.", proposed="In hall 2.")
remarks = st.sampled_from(
    [(), (_HALL,), (_OTHER,), (_PLACE,), (_DATES, _WHOLE), (_HALL, _PLACE), (_WHOLE,)]
)


class InRound(RuleBasedStateMachine):
    """What members and the secretariat do, each act beside what the model says of it."""

    def __init__(self, desk: Desk, met: Counter[str]) -> None:
        super().__init__()
        self.desk, self.met = desk, met
        self.model = Round(build.CLOSES_AT, START)
        self.who: dict[str, Actor] = {}

    @initialize(late=st.booleans())
    def begin(self, *, late: bool) -> None:
        """Begin at the opening, or where comments came, one of them late."""
        desk = self.desk
        build.set_clock(desk, START)
        build.council(desk, len(CODES))
        self.officer, self.approver = build.officer(desk), build.approver(desk)
        self.who = {code: build.person(desk, f"Head of {code}", member=code) for code in CODES}
        self.scan = documents.keep(desk, b"%PDF-1.7\n", "note.pdf", "application/pdf", EVIDENCE)
        build.draft(desk, self.officer, **round_content())
        build.open_it(desk, SLUG, self.officer, self.approver)
        self.model = Round(build.CLOSES_AT, START)
        if late:
            self.comment("ARG", (_HALL, _WHOLE), behind=0, drafted=False)
            self.set(build.CLOSES_AT)
            self.comment("BHS", (_HALL,), behind=0, drafted=False)

    def attempt(self, expected: Refusal, act: Callable[[], object]) -> bool:
        """Do it, and be refused exactly as the model says; say whether it was done."""
        found: Refused | None = None
        try:
            act()
        except Refused as refused:
            self.met[refused.code] += 1
            found = refused
        finally:
            assert type(found) is (expected or type(None)), (found, expected, self.model)
        return found is None

    def set(self, now: datetime) -> None:
        build.set_clock(self.desk, now)
        self.model.now = now

    # What members remark.

    @rule(member=members, said=remarks, seen=st.booleans())
    def write(self, member: str, said: Remarks, *, seen: bool) -> None:
        model, who = self.model, self.who[member]
        kept = model.drafts.get(member) if seen else None
        base, new = len(model.of(member)), content_hash(said)
        if self.attempt(
            model.on_draft(member, new, kept),
            lambda: commenting.save_draft(self.desk, SLUG, who, member, said, base, kept),
        ):
            model.drafts[member] = new

    @rule(member=members, said=remarks, behind=st.sampled_from([0, 0, 0, 1]), drafted=st.booleans())
    def comment(self, member: str, said: Remarks, behind: int, *, drafted: bool) -> None:
        """*behind*: on how many versions before the newest it rests (T68)."""
        if drafted:
            self.write(member, said, seen=True)
        base = max(len(self.model.of(member)) - behind, 0)
        key, shown = secrets.token_hex(16), content_hash(said)
        self.send(NewComment(member, said, base, key, self.model.now, "en", shown))

    @precondition(lambda self: any(one.new for one in self.model.sent))
    @rule(which=st.integers(0, 50), said=remarks)
    def retry(self, which: int, said: Remarks) -> None:
        """T67: the same key, sometimes with other content, is never a second version."""
        found = [one.new for one in self.model.sent if one.new]
        new = found[which % len(found)]
        self.send(new)
        self.send(replace(new, remarks=said, shown=content_hash(said)))

    def send(self, new: NewComment) -> None:
        model = self.model
        known = any(one.new and one.new.key == new.key for one in model.sent)
        done = self.attempt(
            model.on_comment(new),
            lambda: commenting.comment(self.desk, SLUG, self.who[new.member], new),
        )
        if done and not known:
            model.drafts.pop(new.member, None)
            self.store(new.member, new.remarks, new.received_at, new)
            self.met["comment"] += 1

    @rule(member=members, said=remarks.filter(bool), ago=st.sampled_from([0, 60, 90_000]))
    def record(self, member: str, said: Remarks, ago: int) -> None:
        """T69: on paper, by the instant at which it came; not once the post is stated."""
        model = self.model
        at = max(model.now - timedelta(seconds=ago), START)
        key, letter = secrets.token_hex(16), Channel.LETTER
        paper = PaperComment(member, said, key, letter, at, self.scan.sha256, "By post.", "en")

        def recorded() -> None:
            asked = paper_comments.record(self.desk, SLUG, self.officer, paper, self.scan)
            build.confirm(self.desk, asked, self.approver)

        takes = model.state_now in {State.OPEN, State.CLOSED}
        if self.attempt(None if takes else NotNow, recorded):
            self.store(member, said, at)
            self.met["on paper"] += 1

    def store(
        self, member: str, said: Remarks, at: datetime, new: NewComment | None = None
    ) -> None:
        late, version = at >= self.model.closes_at, len(self.model.of(member)) + 1
        self.model.sent.append(Sent(member, version, said, at, late, new))
        self.met["late"] += late

    # What the secretariat does: each time, another confirms it at once.

    @precondition(lambda self: self.model.state is State.OPEN)
    @rule(days=st.integers(1, 5))
    def extend(self, days: int) -> None:
        to = self.model.closes_at + timedelta(days=days)
        new = NewDeadline(to, SECRETARIAT, "A holiday.", "Chair, 10 July")

        def extended() -> None:
            asked = extending.extend(self.desk, SLUG, self.officer, new)
            build.confirm(self.desk, asked, self.approver)

        if self.attempt(None if self.model.state_now is State.OPEN else NotNow, extended):
            self.model.closes_at = to
            self.met["extended"] += 1

    @precondition(lambda self: len(self.model.sent) > 1 and self.model.state is State.OPEN)
    @rule(sure=st.sampled_from([True, False, False]))
    def withdraw(self, *, sure: bool) -> None:
        if not sure:
            return
        new = withdrawing.NewWithdrawal(None, "It is settled.", "Chair, 1 July")

        def withdrawn() -> None:
            asked = withdrawing.withdraw(self.desk, SLUG, self.officer, new)
            build.confirm(self.desk, asked, self.approver)

        if self.attempt(None if self.model.state_now is State.OPEN else NotNow, withdrawn):
            self.model.state = State.WITHDRAWN
            self.met["withdrawal"] += 1

    @precondition(lambda self: self.model.state_now is State.CLOSED)
    @rule()
    def state_post(self) -> None:
        self.set(max(self.model.now, self.model.closes_at + timedelta(seconds=120)))
        due.queue_due(self.desk)
        asked = posting.state_post(self.desk, SLUG, self.officer)
        build.confirm(self.desk, asked, self.approver)
        self.model.state = State.COUNTED

    @precondition(lambda self: self.model.stated and self.model.table())
    @rule(which=st.integers(0, 20), how=st.sampled_from(Disposed), every=st.booleans())
    def dispose(self, which: int, how: Disposed, *, every: bool) -> None:
        """Say what becomes of a comment, or of all; said anew, the last word counts."""
        table = self.model.table()
        for place, member in table if every else [table[which % len(table)]]:
            remark = self.named(place, member)
            if self.attempt(
                None if self.model.state is State.COUNTED else NotNow,
                partial(self.say_of, remark, how),
            ):
                self.model.disposed[member, place] = how.value
                self.met["disposed"] += 1

    def say_of(self, remark: str, how: Disposed) -> None:
        reasons = {"en": "It is in the agreement."}
        disposing.dispose(self.desk, SLUG, self.officer, remark, how, reasons)

    def named(self, place: str, member: str) -> str:
        """Return by which name the table of the round calls a remark."""
        with reading(self.desk.engine) as session:
            table = session.scalars(select(Consultation.result)).one()
        assert table is not None
        [found] = [
            row["remark"]
            for row in table["rows"]
            if (row["member"], f"{row['item']}:{row['paragraph'] or ''}") == (member, place)
        ]
        return str(found)

    @precondition(lambda self: self.model.state is State.COUNTED)
    @rule()
    def publish(self) -> None:
        words = certifying.Conclusion(texts=build.in_all("So noted."), adopted={})

        def published() -> None:
            asked = certifying.conclude(self.desk, SLUG, self.officer, words)
            build.confirm(self.desk, asked, self.approver)
            publishing.publish(self.desk, SLUG, self.officer)

        if self.attempt(Undisposed if self.model.undisposed else None, published):
            self.model.state = State.PUBLISHED
            self.met["published"] += 1

    # The clock.

    @rule(by=st.sampled_from(STEPS))
    def wait(self, by: timedelta) -> None:
        self.set(self.model.now + by)

    @precondition(lambda self: len(self.model.sent) > 3)
    @rule(to=st.sampled_from([-1, 0, 60]))
    def come_to_the_deadline(self, to: int) -> None:
        self.set(max(self.model.now, self.model.closes_at + timedelta(seconds=to)))
