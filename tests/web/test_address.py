"""A change of one's e-mail address: proven by mail to it, and told to the old one (T5, T15)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from consult.actions import addresses, sending
from consult.actions.change import Desk
from consult.actions.invitations import invite
from consult.core.factors import FactorChanged
from consult.core.life import Actor, Role
from consult.core.schedule import NoticeKind
from consult.core.tokens import code_of
from consult.errors import BadInput
from consult.queries.outgoing import outgoing
from consult.queries.privacy import kept_of
from consult.tables import AddressChange, FactorChange, Notice, Person, reading, writing
from tests.build import council, person, sign_in
from tests.conftest import StandingClock
from tests.forms import form_with, send
from tests.links import address_token, invitation_token, sign_in_token

OLD, NEW = "ana.focal@example.org", "ana@mission.example"
PAGE = "/en/me/address"
REASON = "Called back on the number in the register."


@pytest.fixture
def ana(desk: Desk, client: FlaskClient) -> Actor:
    """A focal point who has just signed in."""
    council(desk, 3)
    who = person(desk, "Ana Focal", member="ARG")
    sign_in(client, desk, who)
    return who


def ask(client: FlaskClient, address: str = NEW) -> TestResponse:
    return send(client, PAGE, form_with(client.get(PAGE).text, "address"), address=address)


def confirm(client: FlaskClient, code: str) -> TestResponse:
    return send(client, PAGE, form_with(client.get(PAGE).text, "code"), code=code)


def address_of(desk: Desk, who: Actor) -> str:
    with reading(desk.engine) as session:
        return session.get_one(Person, who.person_id).address


def mails(desk: Desk) -> list[tuple[str, str, str]]:
    """To which address each mail goes, of what kind, and of whom it speaks."""
    with reading(desk.engine) as session:
        found = [
            outgoing(session, each)
            for each in session.scalars(select(Notice.id).order_by(Notice.id))
        ]
    return [(one.address, one.kind.value, one.data.get("of", "")) for one in found]


def test_the_button_of_the_link_changes_the_address(
    client: FlaskClient, desk: Desk, ana: Actor
) -> None:
    """T15: nothing changes before it; the old address is told, and the new one."""
    asked = ask(client)
    assert asked.location == PAGE
    assert NEW in client.get(PAGE).text
    assert address_of(desk, ana) == OLD
    assert mails(desk) == [(NEW, "address", "")]
    link = f"/en/address/{address_token(desk)}"
    shown = client.get(link).text
    assert NEW in shown
    assert address_of(desk, ana) == OLD
    done = send(client, link, form_with(shown, "code"))
    assert done.location == "/en/me"
    page = client.get("/en/me").text
    assert "The address is changed" in page
    assert "end the others" in page
    assert "The e-mail address was changed" in page
    assert address_of(desk, ana) == NEW
    assert mails(desk)[1:] == [(NEW, "factors", ""), (OLD, "factors", "")]
    assert client.get(link).status_code == 410


def test_elsewhere_the_link_shows_a_code_to_type_where_it_was_asked(
    app: Flask, client: FlaskClient, desk: Desk, ana: Actor
) -> None:
    """T9, T15: to a stranger and to somebody else who is signed in; neither is told whose it is."""
    ask(client)
    code = code_of(address_token(desk))
    other = app.test_client()
    sign_in(other, desk, person(desk, "Bea Other", member="BHS"))
    for elsewhere in (app.test_client(), other):
        shown = elsewhere.get(f"/en/address/{address_token(desk)}").text
        assert f"{code[:4]} {code[4:]}" in shown
        assert "Ana" not in shown
        assert "Use this address" not in shown
    assert "Type the 8 characters" in confirm(client, "  ").text
    assert confirm(client, f"{code[:4].lower()} {code[4:]}").location == "/en/me"
    assert address_of(desk, ana) == NEW


def test_the_code_of_another_s_link_changes_nothing(
    app: Flask, client: FlaskClient, desk: Desk, ana: Actor
) -> None:
    """T15: a link is of the person that asked for it."""
    ask(client)
    code = code_of(address_token(desk))
    bea, other = person(desk, "Bea Other", member="BHS"), app.test_client()
    sign_in(other, desk, bea)
    mark = form_with(other.get(PAGE).text, "address").fields["csrf_token"]
    given = {"csrf_token": mark, "do": "confirm", "code": code}
    assert other.post(PAGE, data=given).status_code == 410
    assert (address_of(desk, ana), address_of(desk, bea)) == (OLD, "bea.other@example.org")


def test_the_link_is_single_use_ends_after_thirty_minutes_and_a_newer_one_voids_it(
    client: FlaskClient, desk: Desk, ana: Actor, clock: StandingClock
) -> None:
    """T8, T15: only its hash is kept."""
    ask(client)
    first = address_token(desk)
    ask(client, "ana@other.example")
    second = address_token(desk)
    assert client.get(f"/en/address/{first}").status_code == 410
    with reading(desk.engine) as session:
        for row in session.scalars(select(AddressChange)):
            assert len(row.token_hash) == len(row.code_hash) == 64
            assert {first, second, code_of(second)}.isdisjoint(
                str(each) for each in vars(row).values()
            )
    clock.forward(minutes=29, seconds=59)
    assert client.get(f"/en/address/{second}").status_code == 200
    clock.forward(seconds=1)
    assert client.get(f"/en/address/{second}").status_code == 410


def test_five_wrong_codes_end_it(client: FlaskClient, desk: Desk, ana: Actor) -> None:
    """T9."""
    ask(client)
    code = code_of(address_token(desk))
    form = form_with(client.get(PAGE).text, "code")
    answers = [send(client, PAGE, form, code="AAAABBBB") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [422] * 4 + [410]
    assert "4 attempts are left" in answers[0].text
    assert send(client, PAGE, form, code=code).status_code == 410
    assert address_of(desk, ana) == OLD


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Write the e-mail address"),
        ("ana", "such as name@mission.example"),
        ("ana@", "such as name@mission.example"),
        ("Ana.Focal@EXAMPLE.org", "This is the address already"),
    ],
)
def test_what_is_no_new_address_is_said_beside_the_field(
    client: FlaskClient, desk: Desk, ana: Actor, typed: str, said: str
) -> None:
    refused = ask(client, typed)
    assert refused.status_code == 422
    assert said in refused.text.split('for="address"')[1].split("<input")[0]
    assert f'value="{typed}"' in refused.text
    assert mails(desk) == []


@pytest.mark.parametrize(
    ("name", "what", "shared"),
    [
        ("Bea Alternate", {"member": "ARG", "head": False}, True),
        ("Bea Other", {"member": "BHS"}, False),
        ("Bea Officer", {"role": Role.OFFICER}, False),
    ],
)
def test_a_mailbox_is_shared_by_focal_points_of_one_member_alone(
    client: FlaskClient, desk: Desk, ana: Actor, name: str, what: dict, shared: bool
) -> None:
    """T5, T3: who asks is not told that somebody has it before the mail is answered."""
    given = dict(what)
    roles = [given.pop("role")] if "role" in given else []
    person(desk, name, *roles, **given)
    theirs = f"{name.lower().replace(' ', '.')}@example.org"
    assert ask(client, theirs).location == PAGE
    answer = confirm(client, code_of(address_token(desk)))
    if shared:
        assert answer.status_code == 303
        assert address_of(desk, ana) == theirs
    else:
        assert answer.status_code == 422
        assert "Somebody else has this address" in answer.text
        assert f'value="{theirs}"' in answer.text
        assert address_of(desk, ana) == OLD


def test_staff_share_with_nobody_and_two_at_once_do_not_get_one(
    desk: Desk, clock: StandingClock
) -> None:
    """T5."""
    council(desk, 3)
    two = [person(desk, f"O. Number{number}", Role.OFFICER) for number in range(2)]
    codes = []
    for who in two:
        addresses.ask(desk, int(who.person_id or 0), NEW)
        codes.append(code_of(address_token(desk)))

    def change(at: int) -> str:
        try:
            addresses.confirm(desk, int(two[at].person_id or 0), codes[at])
        except BadInput as refused:
            return refused.faults["address"]
        return "changed"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(change, range(2))) == ["address-taken", "changed"]
    assert sorted(address_of(desk, who) == NEW for who in two) == [False, True]


def test_colleagues_are_told_of_whom_and_never_the_addresses(
    client: FlaskClient, desk: Desk, ana: Actor
) -> None:
    """T15, T90."""
    person(desk, "Bea Alternate", member="ARG", head=False)
    person(desk, "Cy Other", member="BHS")
    person(desk, "Olga Officer", Role.OFFICER)
    ask(client)
    confirm(client, code_of(address_token(desk)))
    assert mails(desk)[1:] == [
        (NEW, "factors", ""),
        (OLD, "factors", ""),
        ("bea.alternate@example.org", "factors", "Ana Focal"),
    ]
    with reading(desk.engine) as session:
        for data in session.scalars(select(Notice.data)):
            assert not [one for one in (OLD, NEW) if one in str(data)]


def test_a_factor_is_asked_again_before_the_address_is_asked_for_or_changed(
    client: FlaskClient, desk: Desk, ana: Actor, clock: StandingClock
) -> None:
    """T15: the page that stood open is no way round."""
    form = form_with(client.get(PAGE).text, "address")
    clock.forward(minutes=6)
    away = f"/en/me/confirm?back={PAGE}"
    assert client.get(PAGE).location == away
    assert send(client, PAGE, form, address=NEW).location == away
    sign_in(client, desk, ana)
    ask(client)
    form = form_with(client.get(PAGE).text, "code")
    clock.forward(minutes=6)
    assert send(client, PAGE, form, code=code_of(address_token(desk))).location == away
    assert address_of(desk, ana) == OLD


def test_links_go_to_the_new_address_alone(
    app: Flask, client: FlaskClient, desk: Desk, ana: Actor
) -> None:
    """T5: also those that were asked for before."""
    other = app.test_client()
    form = form_with(other.get("/en/sign-in").text, "address")
    send(other, "/en/sign-in", form, address=OLD)
    before = sign_in_token(desk)
    ask(client)
    confirm(client, code_of(address_token(desk)))
    link = f"/en/sign-in/link/{before}"
    assert send(other, link, form_with(other.get(link).text, "csrf_token")).status_code == 410
    send(other, "/en/sign-in", form, address=OLD)
    send(other, "/en/sign-in", form, address=NEW.upper())
    assert [to for to, kind, _of in mails(desk) if kind == "sign-in"][1:] == [NEW]


def test_a_person_reads_which_addresses_it_asked_for(
    client: FlaskClient, desk: Desk, ana: Actor
) -> None:
    """T104."""
    ask(client)
    (asked,) = kept_of(desk.engine, int(ana.person_id or 0))["addresses_asked_for"]
    assert (asked["address"], asked["before"], asked["ended_at"]) == (NEW, OLD, None)


@pytest.fixture
def admin(desk: Desk, client: FlaskClient, ana: Actor) -> Actor:
    who = person(desk, "E. Administrator", Role.ADMINISTRATOR)
    sign_in(client, desk, who)
    return who


def give(client: FlaskClient, who: Actor, address: str, reason: str = REASON) -> TestResponse:
    page = f"/en/admin/people/{who.opaque}"
    form = form_with(client.get(page).text, "new-address")
    return send(client, page, form, new_address=address, new_reason=reason)


def test_an_administrator_gives_another_address_and_says_why(
    app: Flask, client: FlaskClient, desk: Desk, ana: Actor, admin: Actor
) -> None:
    """T15: sessions end; both addresses and the colleagues are told, and it is kept by whom."""
    person(desk, "Bea Alternate", member="ARG", head=False)
    theirs = app.test_client()
    sign_in(theirs, desk, ana)
    assert give(client, ana, NEW).status_code == 303
    assert address_of(desk, ana) == NEW
    assert theirs.get("/en/me").status_code == 303
    assert mails(desk) == [
        (NEW, "factors", ""),
        (OLD, "factors", ""),
        ("bea.alternate@example.org", "factors", "Ana Focal"),
    ]
    with reading(desk.engine) as session:
        row = session.scalars(select(FactorChange)).one()
    assert (row.what, row.by_id, row.reason) == (
        FactorChanged.ADDRESS_CHANGED,
        admin.person_id,
        REASON,
    )


def test_an_administrator_s_faults_stand_beside_their_fields(
    client: FlaskClient, desk: Desk, ana: Actor, admin: Actor
) -> None:
    """T5: nor does an administrator give one's own account another address without its mail."""
    person(desk, "Bea Other", member="BHS")
    for address, reason, said in (
        ("ana", REASON, "such as name@mission.example"),
        (OLD, REASON, "This is the address already"),
        ("bea.other@example.org", REASON, "Somebody else has this address"),
        (NEW, "", "Write the reason"),
    ):
        refused = give(client, ana, address, reason)
        assert refused.status_code == 422
        assert said in refused.text
        assert f'value="{address}"' in refused.text
    page = client.get(f"/en/admin/people/{admin.opaque}").text
    assert "new-address" not in page
    mark = form_with(page, "csrf_token").fields["csrf_token"]
    own = {"csrf_token": mark, "new-address": NEW, "new-reason": REASON}
    answer = client.post(f"/en/admin/people/{admin.opaque}/address", data=own)
    assert answer.status_code == 403
    assert address_of(desk, ana) == OLD


def test_an_invitation_that_went_to_the_wrong_address_is_void(
    client: FlaskClient, desk: Desk, ana: Actor, admin: Actor
) -> None:
    """T6: a new one goes to the right one."""
    with writing(desk.engine) as session:
        row = session.get_one(Person, ana.person_id)
        row.set_up_at = None
        invite(desk, session, row, desk.clock())
    wrong = invitation_token(desk)
    assert give(client, ana, NEW).status_code == 303
    assert client.get(f"/en/invitations/{wrong}").status_code == 410
    assert client.get(f"/en/invitations/{invitation_token(desk)}").status_code == 200
    assert (NEW, "account", "") in mails(desk)


def test_mail_that_confirms_an_address_is_not_sent_once_it_is_pointless(
    client: FlaskClient, desk: Desk, ana: Actor
) -> None:
    ask(client)
    with reading(desk.engine) as session:
        notice = session.scalars(select(Notice.id).where(Notice.kind == NoticeKind.ADDRESS)).one()
    confirm(client, code_of(address_token(desk)))
    assert notice in sending.claim(desk, "w")
    assert sending.take(desk, "w", notice) is None
