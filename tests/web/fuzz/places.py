"""Where forms stand: the pages that people open, and those to which only an act leads."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import delete

from consult import rules
from consult.actions import (
    authenticator,
    certifying,
    documents,
    passkeys,
    posting,
    provider,
    revising,
)
from consult.actions.documents import ANNEX
from consult.actions.passkeys import Party
from consult.core.ledger import instant
from consult.core.revision import ATTACHED
from consult.keys import Keyring
from consult.tables import ReplyDraft, writing
from tests import build, links
from tests.factors import MEMORY, SoftKey, code_of, set_password, set_up_app
from tests.forms import form_with, send
from tests.matrix import rows
from tests.office import PDF
from tests.provider import CLIENT, ISSUER
from tests.web.fuzz.sheets import Sheet, sheets_of
from tests.world import (
    CLOSED,
    DRAFT,
    FOREIGN,
    NOON,
    OPEN,
    OWN,
    ROUND,
    ROUND_COUNTED,
    World,
    slug,
)

HOST, ORIGIN = "consult.example.org", "https://consult.example.org"
CERTIFIED, SILENT = 14, 15
OK = 200
# What takes long to make; `test_odd_texts` looks at it.
SLOW = re.compile(r"pdf|docx|dossier|_letter|preview$")
TWO = ("One of two", "Two of two")
STEPS = range(1, 8)
# Where each form stands first; the matrix of addresses tells if one stands elsewhere alone.
PAGES: dict[str, tuple[str, ...]] = {
    "stranger": ("account.sign_in", "account.invitation", "register.verify"),
    "head": (
        "account.app", "account.keys", "account.me", "account.password", "comments.write",
        "member.page", "reply.letter", "viewing.views",
    ),
    "alternate": (
        "account.address",
        "account.app", "account.confirm", "account.keys", "account.me", "account.password",
    ),
    "officer": (
        "bodies.seat", "comments.record_paper", "comments.table", "drafting.attach",
        "drafting.begin", "drafting.clash_check", "drafting.document", "drafting.item",
        "drafting.table", "ending.conclude", "member.page", "observers.listing",
        "office.calendars", "office.erratum", "office.extend", "office.overview", "office.readmit",
        "office.ready",
        "office.record_reply", "office.referral", "office.rule", "office.second_round",
        "office.vote", "office.withdraw", "revising.attach", "revising.item", "revising.letter",
        "revising.revise", "revising.seat", "rules.edit", "rules.listing", "rules.new",
    ),
    "adviser": ("account.app",),
    "other": (),
    "approver": ("office.overview", "requests.request"),
    "administrator": ("keys.change", "people.page"),
}  # fmt: skip
# The same for those that no line of the matrix names: by their address.
MORE: dict[str, tuple[str, ...]] = {
    "head": (f"/en/c/{slug(SILENT)}/{OWN}",),
    "other": (f"/en/c/{slug(OPEN)}/{FOREIGN}",),
    "officer": (
        *(f"/en/office/{slug(DRAFT)}/draft/{step}" for step in STEPS),
        f"/en/office/{slug(DRAFT)}/views",
        f"/en/office/{slug(CLOSED)}",
        f"/en/office/{slug(CERTIFIED)}/record",
        f"/en/office/{slug(ROUND_COUNTED)}/comments",
    ),
}

Found = dict[tuple[str, tuple[str, ...]], Sheet]


@dataclass
class Place:
    """A page in somebody's browser."""

    who: str
    client: FlaskClient
    address: str
    html: str


def found_in(world: World) -> Found:
    """Return every form, as it stands first."""
    furnish(world)
    found: Found = {}
    for place in places(world):
        cookie = "; ".join(f"{one.key}={one.value}" for one in place.client._cookies.values())
        for sheet in sheets_of(world.app, place.html, place.address, place.who, cookie):
            found.setdefault(sheet.shape, sheet)
    return found


def furnish(world: World) -> None:
    """Give people the ways to sign in, and letters the states, that have forms of their own."""
    known = world.app.extensions["consult_settings"]
    world.app.extensions["consult_settings"] = replace(
        known,
        public_url=ORIGIN,
        oidc_issuer=ISSUER,
        oidc_client_id=CLIENT,
        oidc_client_secret="their secret",  # noqa: S106
        oidc_name="Delegates Login",
    )
    world.app.extensions["consult"] = replace(world.desk, password_memory=MEMORY)
    desk, alternate = world.desk, world.people["alternate"]
    set_up_app(desk, alternate)
    set_password(desk, alternate)
    party = Party(HOST, ORIGIN, "Consult")
    number = int(alternate.person_id or 0)
    challenge, options = passkeys.options_to_add(
        desk, party, alternate.opaque, "alternate.own@example.org", []
    )
    answer = SoftKey(ORIGIN, HOST).make(options)
    passkeys.add(desk, party, number, "Telephone", challenge, answer)
    provider.link(desk, number, ISSUER, "248289761001")
    for name in TWO:
        world.people[name] = build.person(desk, name, member=OWN, address="mission@example.org")
    for name in ("adviser", TWO[0]):
        authenticator.begin(desk, int(world.people[name].person_id or 0))
    Keyring(desk.keys.folder, makes_own=False).make()
    _in_every_state(world)


def _in_every_state(world: World) -> None:
    """Make a letter that waits to be published, one that asks for objections, a paper reply."""
    desk, officer, approver = world.desk, world.people["officer"], world.people["approver"]
    build.confirm(desk, world.known["request", "reply-on-behalf"], approver)
    now = desk.clock()
    build.set_clock(desk, NOON)
    waits = build.draft(desk, officer, reference=f"CONS-2020/{CERTIFIED}")
    build.open_it(desk, waits, officer, approver)
    build.set_clock(desk, build.CLOSES_AT + timedelta(minutes=3))
    build.confirm(desk, posting.state_post(desk, waits, officer), approver)
    conclusion = certifying.Conclusion(texts=build.in_all("So decided."), adopted={})
    build.confirm(desk, certifying.conclude(desk, waits, officer, conclusion), approver)
    build.set_clock(desk, now)
    silence = {"rule": rules.load_data("silence-un-74-544"), "reminders": []}
    closes_at = instant(now + timedelta(days=28))
    silent = build.draft(
        desk, officer, reference=f"CONS-2020/{SILENT}", closes_at=closes_at, **silence
    )
    build.open_it(desk, silent, officer, approver)
    scan = documents.keep(desk, PDF + b"5", "more.pdf", "application/pdf")
    attached = {
        "item": None,
        "purpose": ANNEX,
        "language": None,
        "symbol": None,
        "title": build.in_all("Annex 2"),
        "dated_on": None,
        **asdict(scan),
    }
    revising.save(desk, slug(OPEN), officer, {ATTACHED: [attached]}, seen=1)
    with writing(desk.engine) as session:  # so that the reply can be confirmed as it stands
        session.execute(delete(ReplyDraft))


def places(world: World) -> Iterator[Place]:
    """Return every page on which somebody finds a form."""
    yield from _opened(world)
    yield from _on_the_way_in(world)
    yield from _after_an_act(world)


def _opened(world: World) -> Iterator[Place]:
    """Return the pages that people open by their address."""
    build.later(world.desk, minutes=1)
    for name in {**PAGES, **MORE}:
        client = world.visitor(name)
        if name != "stranger":
            world.visitor(name)  # elsewhere too: that can be ended
        for address in (*_addresses(world, name), *MORE.get(name, ())):
            with client.get(address) as answer:
                if answer.status_code == OK and answer.mimetype == "text/html":
                    yield Place(name, client, address, answer.text)


def _addresses(world: World, name: str) -> Iterator[str]:
    adapter = world.app.url_map.bind("127.0.0.1")
    for row in rows(world):
        if row.endpoint in PAGES.get(name, ()) and "GET" in row.answers:
            yield adapter.build(row.endpoint, {"lang": "en", **row.values}, "GET")


def _on_the_way_in(world: World) -> Iterator[Place]:
    """Return what a stranger sees that asked for a link, also of a mailbox of two."""
    for address in ("alternate.own@example.org", "mission@example.org"):
        client = world.app.test_client()
        form = form_with(client.get("/en/sign-in").text, "address")
        send(client, "/en/sign-in", form, address=address)
        sent = "/en/sign-in/sent"
        page = client.get(sent).text
        yield Place("stranger", client, sent, page)
        link = f"/en/sign-in/link/{links.sign_in_token(world.desk)}"
        yield Place("stranger", client, link, client.get(link).text)
    who = send(client, sent, form_with(page, "code"), code=links.sign_in_code(world.desk))
    yield Place("stranger", client, sent, who.text)
    client = world.visitor("alternate")
    with client.session_transaction() as cookie:
        cookie["provider_found"] = [ISSUER, "another"]
    yield Place("alternate", client, "/en/me/provider", client.get("/en/me/provider").text)


def _after_an_act(world: World) -> Iterator[Place]:
    """Return the pages that come after a button was pressed, or a paper was recorded."""
    theirs = world.codes[-1]
    member = world.browser(theirs)
    receipt = f"/en/c/{slug(OPEN)}/{theirs}/receipts/1"
    yield Place(theirs, member, receipt, member.get(receipt).text)
    app, page = world.browser(TWO[0]), "/en/me/app"
    typed = form_with(app.get(page).text, "code")
    codes = send(app, page, typed, code=code_of(world.desk, world.people[TWO[0]]))
    yield Place(TWO[0], app, page, codes.text)
    own, page = world.visitor("alternate"), "/en/me/address"
    asked = form_with(own.get(page).text, "address")
    send(own, page, asked, address="another.own@example.org")
    yield Place("alternate", own, page, own.get(page).text)
    other = world.browser("other")
    letter = f"/en/c/{slug(OPEN)}/{FOREIGN}"
    send(other, letter, form_with(other.get(letter).text, "review"), "review", **{"p-1": "object"})
    yield Place("other", other, f"{letter}/check", other.get(f"{letter}/check").text)
    comments = f"/en/c/{slug(ROUND)}/{FOREIGN}/comments"
    form = form_with(other.get(comments).text, "check")
    said = next(name for name in form.fields if name.startswith("t-"))
    send(other, comments, form, "check", **{said: "Which hall?"})
    yield Place("other", other, f"{comments}/check", other.get(f"{comments}/check").text)
    officer = world.browser("officer")
    board = f"/en/office/{slug(OPEN)}"
    shown = send(officer, board, form_with(officer.get(board).text, "to"), to=[FOREIGN])
    yield Place("officer", officer, board, shown.text)
