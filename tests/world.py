"""One world for tests that visit every address: consultations in each state, people in each role.

It is built once for each database of a run and only read, or given back as it was.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consult import rules
from consult.actions import (
    accounts,
    addresses,
    bodyrules,
    certifying,
    commenting,
    contesting,
    documents,
    mandates,
    noting,
    observing,
    opening,
    posting,
    publishing,
    recording,
    replying,
    revising,
    viewing,
)
from consult.actions.change import Desk
from consult.actions.naming import Naming
from consult.app import create_app, make_desk
from consult.core.answer import OnBehalf
from consult.core.ledger import instant
from consult.core.life import Channel, Revising, Role
from consult.core.revision import parts_of
from consult.core.round import NewComment, Remark
from consult.core.upload import EVIDENCE
from consult.queries.drafting import draft_of
from consult.queries.round import table as round_table
from consult.settings import load
from consult.tables import Consultation, Document, FocalPoint, Observer, Reply, Request, reading
from tests import build, links
from tests.conftest import StandingClock
from tests.office import PDF, Office

NOON = datetime(2020, 6, 20, 8, 0, tzinfo=UTC)
PEOPLE = (
    "stranger", "head", "alternate", "adviser", "other", "officer", "approver", "auditor",
    "administrator", "observer",
)  # fmt: skip
OWN, FOREIGN = "ARG", "BHS"
# A letter for each state, by the number of its reference.
PUBLISHED, HIDDEN, COUNTED, CLOSED, ROUND_COUNTED, BROKEN = 1, 2, 3, 4, 5, 6
OPEN, ROUND, DRAFT, SUBMITTED, VIEWS, ROUND_PUBLISHED, OBSERVED = 7, 8, 9, 10, 11, 12, 13


def slug(number: int) -> str:
    return f"CONS-2020-{number}"


@dataclass
class World(Office):
    """The council's people, and the numbers and tokens that addresses need."""

    known: dict[str, Any] = field(default_factory=dict)

    def visitor(self, name: str) -> FlaskClient:
        """Return a new browser: a stranger's, or one of somebody signed in."""
        return self.app.test_client() if name == "stranger" else self.browser(name)


@contextmanager
def made(url: str, instance: Path, members: int = 4) -> Iterator[World]:
    """Build the world in the migrated, empty database at *url*."""
    settings = load(
        {
            "CONSULT_DATABASE_URL": url,
            "CONSULT_INSTANCE": str(instance),
            "CONSULT_SECRET_KEY": "a secret for tests that is long enough",
        }
    )
    clock = StandingClock(NOON)
    desk = make_desk(settings, clock)
    app = create_app(settings, clock, engine=desk.engine)
    # A defect is then an answer with status 500, as it is for people.
    try:
        yield _world(app, desk, members)
    finally:
        desk.engine.dispose()


def _world(app: Flask, desk: Desk, members: int) -> World:
    codes = build.council(desk, members)
    people = {
        "head": build.person(desk, "Head Own", member=OWN),
        "alternate": build.person(desk, "Alternate Own", member=OWN, head=False),
        "adviser": build.person(desk, "Adviser Own", member=OWN, adviser=True),
        "other": build.person(desk, "Head Other", member=FOREIGN),
        "officer": build.officer(desk),
        "approver": build.approver(desk),
        **{
            role.value: build.person(desk, f"The {role.value}", role)
            for role in (Role.AUDITOR, Role.ADMINISTRATOR, Role.OBSERVER)
        },
    }
    people |= {code: build.person(desk, f"Head of {code}", member=code) for code in codes[2:]}
    people |= {OWN: people["head"], FOREIGN: people["other"]}
    world = World(app, desk, codes, people)
    naming = Naming(
        member=OWN,
        head=False,
        adviser=False,
        name="New Alternate",
        address="new@example.org",
        language="en",
        telephone=None,
        paper=None,
    )
    mandates.name(desk, people["head"], naming)
    _on_paper(world, replace(naming, member=codes[-1], name="On Paper", address="p@example.org"))
    _observers(world)
    _until_the_deadline(world)
    _after_it(world)
    _since(world)
    _known(world)
    return world


def _on_paper(world: World, naming: Naming) -> None:
    """Name somebody on a paper of the secretariat's; no letter is open yet, so it holds at once."""
    scan = documents.keep(world.desk, PDF + b"3", "naming.pdf", "application/pdf", EVIDENCE)
    new = replace(naming, paper="Note verbale 12/2020", scan=scan)
    mandates.name(world.desk, world.people["officer"], new)
    world.known["paper"] = scan.sha256


def _observers(world: World) -> None:
    """Let the observer observe the council, and one more whom an officer may end."""
    for name in ("The observer", "Second Observer"):
        address = f"{name.lower().replace(' ', '.')}@example.org"
        new = observing.NewObserver(build.BODY, name, address, "en")
        observing.name(world.desk, world.people["officer"], new)


def _open(world: World, number: int, closes_at: datetime, **more: Any) -> str:
    made_ = build.draft(
        world.desk,
        world.people["officer"],
        reference=f"CONS-2020/{number}",
        closes_at=instant(closes_at),
        **more,
    )
    build.open_it(world.desk, made_, world.people["officer"], world.people["approver"])
    return made_


def _reply(
    world: World, number: int, member: str, *choices: str, note: str | None = None, **comments: str
) -> None:
    said = replace(build.answer(member, *choices, **comments), note=note)
    replying.reply(world.desk, slug(number), world.people[member], build.sent(world.desk, said))


def _note(world: World, number: int) -> str:
    given = (PDF + b"4", "ours.pdf", "application/pdf")
    return noting.add_note(world.desk, slug(number), world.people[OWN], OWN, given)


def _comment(world: World, number: int, member: str) -> None:
    desk, who = world.desk, world.people[member]
    remarks = (Remark("1", "1", "Say which hall.", "", "en"),)
    shown = commenting.save_draft(desk, slug(number), who, member, remarks, 0, None)
    new = NewComment(member, remarks, 0, f"key{member}", desk.clock(), "en", shown)
    commenting.comment(desk, slug(number), who, new)


def round_content() -> dict[str, Any]:
    text = build.in_all("The dates are 8 to 18 June.\n\nIn Geneva.")
    return {
        "kind": "comments",
        "rule": None,
        "items": [build.item("1", "Dates", kind="text", text=text)],
    }


def _until_the_deadline(world: World) -> None:
    """Everything that closes on the same day; ARG and one more reply."""
    for number in (PUBLISHED, HIDDEN, COUNTED, CLOSED):
        notes = number == PUBLISHED
        _open(world, number, build.CLOSES_AT, public=number != HIDDEN, notes=notes)
        for member in world.codes[:-1]:
            note = _note(world, number) if notes and member == OWN else None
            _reply(world, number, member, "approve", "object", "approve", note=note)
    for number in (ROUND_COUNTED, ROUND_PUBLISHED):
        _open(world, number, build.CLOSES_AT, **round_content())
    _comment(world, ROUND_COUNTED, OWN)
    silence = rules.load_data("silence-un-74-544")
    _open(world, BROKEN, build.CLOSES_AT, rule=silence, reminders=[], breaks="whole")
    why = "The dates collide with the Assembly."
    _reply(world, BROKEN, OWN, "object", "object", "object", c1=why, c2=why, c3=why)


def _after_it(world: World) -> None:
    desk, officer, approver = world.desk, world.people["officer"], world.people["approver"]
    build.set_clock(desk, build.CLOSES_AT + timedelta(minutes=1))
    _reply(world, PUBLISHED, world.codes[-1], "approve", "approve", "approve")  # late
    build.set_clock(desk, build.CLOSES_AT + timedelta(minutes=3))
    for number in (PUBLISHED, HIDDEN, COUNTED, ROUND_COUNTED, ROUND_PUBLISHED):
        build.confirm(desk, posting.state_post(desk, slug(number), officer), approver)
    late = world.codes[-1]
    proof = documents.keep(desk, PDF, "proof.pdf", "application/pdf")
    said = contesting.Contention(late, 1, "It was sent before the deadline.", proof)
    contesting.contest(desk, slug(PUBLISHED), world.people[late], said)
    for number in (PUBLISHED, HIDDEN, ROUND_PUBLISHED):
        conclusion = certifying.Conclusion(texts=build.in_all("So decided."), adopted={})
        asked = certifying.conclude(desk, slug(number), officer, conclusion)
        build.confirm(desk, asked, approver)
        publishing.publish(desk, slug(number), officer)


def _since(world: World) -> None:
    desk, officer, approver = world.desk, world.people["officer"], world.people["approver"]
    closes_at = (desk.clock() + timedelta(days=28)).replace(hour=14, minute=0, second=0)
    open_letter = build.draft(
        desk, officer, reference=f"CONS-2020/{OPEN}", closes_at=instant(closes_at), notes=True
    )
    _annex(world, OPEN)
    build.open_it(desk, open_letter, officer, approver)
    world.known["note"] = _note(world, OPEN)
    _reply(world, OPEN, OWN, "approve", "object", "approve", c1="Ours alone.")
    replying.save_draft(
        desk,
        slug(OPEN),
        world.people["head"],
        build.answer(OWN, "object", base=1),
        expected_hash=None,
    )
    _record(world)
    _revise(world)
    _open(world, ROUND, closes_at, **round_content())
    _comment(world, ROUND, OWN)
    later = {"closes_at": instant(closes_at)}
    for number in (DRAFT, SUBMITTED, VIEWS):
        build.draft(desk, officer, reference=f"CONS-2020/{number}", **later)
    _annex(world, DRAFT)
    build.draft(desk, officer, reference=f"CONS-2020/{OBSERVED}", observers=True, **later)
    _annex(world, OBSERVED)
    build.open_it(desk, slug(OBSERVED), officer, approver)
    opening.submit(desk, slug(SUBMITTED), officer)
    exchange = viewing.Exchange("Argentina asks for it.", OWN)
    build.confirm(desk, viewing.ask_views(desk, slug(VIEWS), officer, exchange), approver)
    for name in ("ours", "old"):
        bodyrules.write(desk, officer, build.BODY, name, rules.load_data("itu-council"))


def _annex(world: World, number: int) -> None:
    kept = documents.keep(world.desk, PDF, "annex.pdf", "application/pdf")
    about = documents.About(build.in_all("Annex"))
    documents.add(world.desk, slug(number), world.people["officer"], kept, about)


def _record(world: World) -> None:
    """Record a reply on behalf; nobody has confirmed it yet."""
    kept = documents.keep(world.desk, PDF + b"2", "note.pdf", "application/pdf", EVIDENCE)
    said = OnBehalf(
        draft=build.answer(world.codes[-1], "approve", "object", "abstain"),
        key="key-on-behalf",
        channel=Channel.NOTE_VERBALE,
        received_at=world.desk.clock(),
        scan=kept.sha256,
        reason="The mission had no access.",
        language="en",
    )
    recording.record(world.desk, slug(OPEN), world.people["officer"], said, kept)


def _revise(world: World) -> None:
    """Confirm a corrigendum, and begin an addendum with an item and a document of its own."""
    desk, officer = world.desk, world.people["officer"]
    here = slug(OPEN)
    for kind, changed in ((Revising.CORRIGENDUM, 0), (Revising.ADDENDUM, 1)):
        revising.begin(desk, here, officer, kind, None)
        parts = deepcopy(parts_of(draft_of(desk.engine, here).content))
        if changed:
            parts["items"].append(build.item("4", "Another question"))
        else:
            parts["items"][0]["to"] = "2021-06-20"
        said = {**parts, "reason": "The days were wrong.", "authority": "Chair, letter of 1 July"}
        seen = revising.save(desk, here, officer, said, seen=0)
        if not changed:
            asked = revising.submit(desk, here, officer, seen=seen)
            build.confirm(desk, asked, world.people["approver"])


def _known(world: World) -> None:
    """Look up the numbers that addresses name, and make the tokens."""
    desk, known = world.desk, world.known
    accounts.ask_for_link(desk, "head.own@example.org", "a browser", "")
    known["link"] = links.sign_in_token(desk)
    accounts.ask_for_link(desk, "new@example.org", "a browser", "")
    known["invitation"] = links.invitation_token(desk)
    addresses.ask(desk, int(world.people["head"].person_id or 0), "head.new@example.org")
    known["address"] = links.address_token(desk)
    known["person"] = world.people["other"].opaque
    with reading(desk.engine) as session:
        letters = dict(session.execute(select(Consultation.id, Consultation.slug)).all())
        for number, letter in session.execute(
            select(Document.id, Document.consultation_id).order_by(Document.id)
        ):
            known.setdefault(("document", letters[letter]), number)
            known["evidence", letters[letter]] = number
        for request in session.scalars(select(Request).where(Request.decided_at.is_(None))):
            known["request", request.act] = request.id
        known["mandate"] = session.scalars(
            select(FocalPoint.id).where(FocalPoint.person_id == world.people["alternate"].person_id)
        ).one()
        known["observer"] = session.scalars(
            select(Observer.id).order_by(Observer.id.desc())
        ).first()
        known["late"] = session.scalars(select(Reply.number).where(Reply.late)).one()
    record = round_table(desk.engine, slug(ROUND_COUNTED), desk.clock(), "en")[1]
    assert record is not None
    known["remark"] = record["table"]["rows"][0]["remark"]
