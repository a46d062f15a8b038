"""Who may reply for a member: named and ended, at once or by two persons (T6)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from consult.actions import mandates
from consult.actions.change import Desk
from consult.actions.naming import Naming
from consult.core.life import Actor
from consult.core.schedule import NoticeKind
from consult.errors import AlreadyDecided, BadInput, Changed, NotAllowed, NotFound, SamePerson
from consult.queries.sessions import actor_of
from consult.tables import (
    Consultation,
    FocalPoint,
    LedgerEntry,
    LoginSession,
    Notice,
    Person,
    Request,
    reading,
)
from tests.build import (
    approver,
    confirm,
    council,
    draft,
    officer,
    open_it,
    person,
    sign_in,
)
from tests.forms import form_with
from tests.stored import faults, kinds


def new(member: str = "ARG", *, head: bool = False, name: str = "Nia New") -> Naming:
    return Naming(
        member=member,
        head=head,
        name=name,
        address=f"{name.lower().replace(' ', '.')}@mission.example",
        language="fr",
        telephone=None,
        paper="note verbale 12/2020",
    )


@pytest.fixture
def olga(desk: Desk) -> Actor:
    council(desk, 3)
    return officer(desk, "Olga Officer")


def opened(desk: Desk, asks: Actor, reference: str = "CONS-2020/1") -> str:
    slug = draft(desk, asks, reference=reference)
    open_it(desk, slug, asks, approver(desk, f"Approver of {reference}"))
    return slug


def in_force(desk: Desk) -> list[tuple[str, bool]]:
    with reading(desk.engine) as session:
        rows = session.execute(
            select(Person.name, FocalPoint.head)
            .join(FocalPoint, FocalPoint.person_id == Person.id)
            .where(FocalPoint.until_at.is_(None))
            .order_by(FocalPoint.id)
        )
        return [(row.name, row.head) for row in rows]


def notices(desk: Desk, *kinds: NoticeKind) -> list[tuple[str, NoticeKind]]:
    with reading(desk.engine) as session:
        rows = session.execute(
            select(Person.name, Notice.kind)
            .join(Person, Person.id == Notice.person_id)
            .where(Notice.kind.in_(kinds))
            .order_by(Notice.id)
        )
        return [(row.name, row.kind) for row in rows]


def entries(desk: Desk, slug: str) -> list[str]:
    with reading(desk.engine) as session:
        return list(
            session.scalars(
                select(LedgerEntry.what)
                .join(Consultation, Consultation.id == LedgerEntry.consultation_id)
                .where(Consultation.slug == slug)
                .order_by(LedgerEntry.number)
            )
        )


def test_with_no_letter_open_a_naming_is_done_at_once(desk: Desk, olga: Actor):
    assert mandates.name(desk, olga, new(head=True)) == []
    assert in_force(desk) == [("Nia New", True)]
    assert notices(desk, NoticeKind.ACCOUNT, NoticeKind.MANDATE) == [
        ("Nia New", NoticeKind.ACCOUNT),
        ("Olga Officer", NoticeKind.MANDATE),
    ]


def test_a_new_head_takes_the_place_of_the_old(desk: Desk, olga: Actor):
    ana = person(desk, "Ana Focal", member="ARG")
    mandates.name(desk, olga, new(head=True))
    assert in_force(desk) == [("Nia New", True)]
    with reading(desk.engine) as session:
        assert actor_of(session, int(ana.person_id or 0), desk.clock()).members == frozenset()


def test_a_new_head_while_a_letter_is_open_is_one_act_in_two_entries(desk: Desk, olga: Actor):
    """T6, T35, T47."""
    first = person(desk, "Ana Head", member="ARG")
    opened(desk, olga)
    (request,) = mandates.name(desk, olga, new(head=True))
    confirm(desk, request, approver(desk, "Another Approver"))
    assert in_force(desk) == [("Nia New", True)]
    assert kinds(desk).count("mandate") == 2
    assert faults(desk) == []
    with reading(desk.engine) as session:
        assert not actor_of(session, int(first.person_id or 0), desk.clock()).members


def test_the_head_invites_and_ends_alternates_and_names_no_head(desk: Desk, olga: Actor):
    ana = person(desk, "Ana Focal", member="ARG")
    mandates.name(desk, ana, new())
    assert in_force(desk) == [("Ana Focal", True), ("Nia New", False)]
    with reading(desk.engine) as session:
        alternate = session.scalars(select(FocalPoint.id).where(~FocalPoint.head)).one()
        head = session.scalars(select(FocalPoint.id).where(FocalPoint.head)).one()
    with pytest.raises(NotAllowed):
        mandates.name(desk, ana, new(head=True, name="Otto Other"))
    with pytest.raises(NotAllowed):
        mandates.end(desk, ana, "ARG", head)
    mandates.end(desk, ana, "ARG", alternate)
    assert in_force(desk) == [("Ana Focal", True)]


def test_neither_alternates_nor_other_members_name_anybody(desk: Desk, olga: Actor):
    alternate = person(desk, "Al Ternate", member="ARG", head=False)
    stranger = person(desk, "Bahamian", member="BHS")
    for actor in (alternate, stranger):
        with pytest.raises(NotAllowed):
            mandates.name(desk, actor, new())


def test_what_another_member_has_is_not_found(desk: Desk, olga: Actor):
    person(desk, "Ana Focal", member="ARG")
    with reading(desk.engine) as session:
        mandate = session.scalars(select(FocalPoint.id)).one()
    with pytest.raises(NotFound):
        mandates.end(desk, olga, "BHS", mandate)


def test_while_a_letter_is_open_a_second_person_confirms(desk: Desk, olga: Actor):
    person(desk, "Ana Focal", member="ARG")
    slug = opened(desk, olga)
    (request,) = mandates.name(desk, olga, new())
    assert in_force(desk) == [("Ana Focal", True)]
    with pytest.raises((SamePerson, NotAllowed)):
        confirm(desk, request, olga)
    confirm(desk, request, approver(desk))
    assert in_force(desk) == [("Ana Focal", True), ("Nia New", False)]
    told = entries(desk, slug)
    assert told.index("mandate") > len(told) - 1 - told[::-1].index("countersigned")
    with reading(desk.engine) as session:
        (entry,) = session.scalars(
            select(LedgerEntry.entry).where(LedgerEntry.what == "mandate")
        ).all()
    assert '"member":"ARG"' in entry
    assert '"role":"alternate"' in entry
    assert "Nia New" not in entry  # T44: names stand beside the ledger
    # Whoever is added while the letter is open gets it at once.
    assert ("Nia New", NoticeKind.INVITATION) in notices(desk, NoticeKind.INVITATION)
    assert notices(desk, NoticeKind.MANDATE) == [
        ("Ana Focal", NoticeKind.MANDATE),
        ("Olga Officer", NoticeKind.MANDATE),
    ]


def test_with_two_letters_open_one_confirmation_enters_both(desk: Desk, olga: Actor):
    slugs = [opened(desk, olga), opened(desk, olga, "CONS-2020/2")]
    first, second = mandates.name(desk, olga, new(head=True))
    confirm(desk, second, approver(desk))
    for slug in slugs:
        told = entries(desk, slug)
        assert told.count("mandate") == 1
        assert told.count("countersigned") == 2  # the opening, and this
    with reading(desk.engine) as session:
        assert all(session.scalars(select(Request.confirmed)))
        assert session.get_one(Request, first).decided_at == desk.clock()


def test_confirmed_at_once_in_two_letters_one_waits_for_the_other(desk: Desk, olga: Actor):
    """T64: each would hold its own letter and wait for that of the other."""
    slugs = [opened(desk, olga, f"CONS-2020/{number}") for number in (1, 2, 3)]
    people = [approver(desk, f"{letter}. Approver") for letter in "CD"]
    for turn in range(5):
        asked = mandates.name(desk, olga, new(name=f"Nia {turn}"))
        gate = Barrier(2)

        def decide(request: int, who: Actor, gate: Barrier = gate) -> bool:
            gate.wait()
            try:
                confirm(desk, request, who)
            except AlreadyDecided:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            assert sum(pool.map(decide, (asked[-1], asked[0]), people)) == 1
    assert [entries(desk, slug).count("mandate") for slug in slugs] == [5] * 3
    assert faults(desk) == []


def test_a_letter_opened_since_lets_the_request_be_asked_again(desk: Desk, olga: Actor):
    opened(desk, olga)
    (request,) = mandates.name(desk, olga, new(head=True))
    opened(desk, olga, "CONS-2020/2")
    with pytest.raises(Changed):
        confirm(desk, request, approver(desk))


def test_ending_the_last_mandate_ends_the_sessions(desk: Desk, olga: Actor, client: Any):
    """T18."""
    ana = person(desk, "Ana Focal", member="ARG")
    sign_in(client, desk, ana)
    with reading(desk.engine) as session:
        mandate = session.scalars(select(FocalPoint.id)).one()
    mandates.end(desk, olga, "ARG", mandate)
    with reading(desk.engine) as session:
        assert session.scalars(select(LoginSession.ended_at)).one() == desk.clock()
    assert client.get("/en/me").status_code == 303


def test_the_page_shows_the_register_and_names_an_alternate(desk: Desk, olga: Actor, client: Any):
    sign_in(client, desk, person(desk, "Ana Focal", member="ARG"))
    page = client.get("/en/member/ARG").text
    assert "Who may reply for Argentina" in page
    form = form_with(page, "name")
    assert form.fields["role"] == "alternate"
    assert 'value="head"' not in page
    wrong = client.post("/en/member/ARG", data={**form.fields, "name": "", "address": "none"})
    assert wrong.status_code == 422
    assert '<a href="#name">Name: Write the name</a>' in wrong.text
    assert "<title>Error: " in wrong.text
    typed = {**form.fields, "name": "Nia New", "address": "nia@mission.example"}
    assert client.post("/en/member/ARG", data=typed).status_code == 303
    shown = client.get("/en/member/ARG").text
    assert "Nia New may reply from now on." in shown
    assert 'role="status"' in shown


def test_the_page_says_what_waits(desk: Desk, olga: Actor, client: Any):
    opened(desk, olga)
    sign_in(client, desk, olga)
    form = form_with(client.get("/en/member/ARG").text, "name")
    typed = {**form.fields, "role": "head", "name": "Nia New", "address": "nia@mission.example"}
    assert client.post("/en/member/ARG", data=typed).status_code == 303
    shown = client.get("/en/member/ARG").text
    assert "A letter is open: a second person must confirm this first." in shown
    assert "Nia New is to be head focal point." in shown


def at(address: str, member: str, name: str) -> Naming:
    return replace(new(member, name=name), address=address)


def test_a_mailbox_is_shared_by_focal_points_of_one_member_alone(desk: Desk, olga: Actor):
    """T5: also while a letter is open, and if another got it before the second person confirms."""
    mailbox = "mission@ARG.example"
    mandates.name(desk, olga, at(mailbox, "ARG", "Ana First"))
    mandates.name(desk, olga, at(mailbox, "ARG", "Ben Second"))
    taken = pytest.raises(BadInput, match="address-taken")
    with taken:
        mandates.name(desk, olga, at(mailbox, "BHS", "Bea Other"))
    with taken:
        mandates.name(desk, olga, at(staffed(desk, olga), "BHS", "Bea Other"))
    mandates.name(desk, olga, at(mailbox, "BHS", "ben second"))  # it is he, for another member
    opened(desk, olga)
    with taken:
        mandates.name(desk, olga, at(mailbox.upper(), "BRA", "Bea Other"))
    (one,) = mandates.name(desk, olga, at("new@mission.example", "BHS", "Bea Other"))
    (other,) = mandates.name(desk, olga, at("new@mission.example", "BRA", "Rui Third"))
    confirm(desk, one, approver(desk, "Another Approver"))
    with pytest.raises(Changed):
        confirm(desk, other, approver(desk, "A Third Approver"))


def test_a_mailbox_goes_on_to_the_successor(desk: Desk, olga: Actor):
    """T5: who acts for nobody any more keeps it from nobody."""
    mandates.name(desk, olga, at("mission@arg.example", "ARG", "Ana First"))
    with reading(desk.engine) as session:
        mandate = session.scalars(select(FocalPoint.id).order_by(FocalPoint.id.desc())).first()
    mandates.end(desk, olga, "ARG", mandate or 0)
    mandates.name(desk, olga, at("mission@arg.example", "BHS", "Bea Other"))
    assert in_force(desk)[-1] == ("Bea Other", False)


def staffed(desk: Desk, who: Actor) -> str:
    with reading(desk.engine) as session:
        return session.get_one(Person, who.person_id or 0).address
