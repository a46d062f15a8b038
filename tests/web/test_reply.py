"""A focal point reads the letter, drafts, checks, sends and keeps the receipt."""

import pytest
from flask.testing import FlaskClient

from consult.actions.change import Desk
from consult.core.comparison import Choice
from consult.core.life import Actor
from tests import build
from tests.forms import form_with, send
from tests.replies import ALL_APPROVE, LETTER, confirm, draft, reply, stored, valid, write
from tests.statements import statements


@pytest.fixture
def ana(client: FlaskClient, desk: Desk) -> Actor:
    """The head of Argentina, signed in, with a letter open."""
    build.open_consultation(desk, members=5)
    who = build.person(desk, "Ana Alvarez", member="ARG")
    build.sign_in(client, desk, who)
    return who


@pytest.mark.usefixtures("ana")
def test_a_reply_is_written_checked_sent_and_its_receipt_shown(
    client: FlaskClient, desk: Desk
) -> None:
    letter = client.get(LETTER)
    assert letter.status_code == 200
    valid(letter.text)
    kept = write(client, "review", **{"p-1": "approve", "p-2": "object", "c-2": "Not this one."})
    assert kept.headers["Location"] == f"{LETTER}/check"
    assert stored(desk) == []
    check = client.get(kept.headers["Location"])
    assert "Item 3 has no position" in check.text
    assert "an item still needs 3 approvals" in check.text
    assert "1 approve, 1 object, 0 abstain" in check.text
    assert "Send the reply of Argentina" in check.text
    valid(check.text)
    sent = confirm(client)
    assert (sent.status_code, sent.headers["Location"]) == (303, f"{LETTER}/receipts/1")
    receipt = client.get(sent.headers["Location"])
    assert "Your reply has been received" in receipt.text
    assert "Not this one." in receipt.text
    valid(receipt.text)
    (one,) = stored(desk)
    assert one.choices == {"1": "approve", "2": "object", "3": None}


@pytest.mark.usefixtures("ana")
def test_a_draft_is_kept_and_comes_back_and_nothing_is_sent(
    client: FlaskClient, desk: Desk
) -> None:
    saved = write(
        client, "save", **{"p-2": "abstain", "c-1": "First\r\nsecond", "c-general": "All"}
    )
    assert saved.headers["Location"] == f"{LETTER}#reply"
    page = client.get(LETTER).text
    assert "The draft is saved. Nothing has been sent." in page
    fields = form_with(page, "review").fields
    assert (fields["p-2"], fields["c-1"], fields["c-general"]) == (
        "abstain",
        "First\nsecond",
        "All",
    )
    assert "p-1" not in fields
    assert "The draft is saved" not in client.get(LETTER).text
    assert stored(desk) == []


def test_filling_in_touches_blanks_alone_and_never_sends(client: FlaskClient, desk: Desk) -> None:
    four = [build.item(str(n), f"Question {n}") for n in range(1, 5)]
    build.open_consultation(desk, members=3, items=four)
    build.sign_in(client, desk, build.person(desk, "Ana", member="ARG"))
    filled = write(client, "fill", **{"p-2": "object", "fill": "approve"})
    assert filled.headers["Location"] == f"{LETTER}#reply"
    assert "3 items set to Approve. Check them before you go on." in client.get(LETTER).text
    kept = draft(desk)
    assert kept is not None
    assert kept.choices == {"1": "approve", "2": "object", "3": "approve", "4": "approve"}
    assert stored(desk) == []
    unsaid = write(client, "fill")
    assert unsaid.status_code == 422
    assert "Choose the position that is filled in" in unsaid.text
    valid(unsaid.text)


@pytest.mark.usefixtures("ana")
def test_a_position_is_taken_back_without_script(client: FlaskClient, desk: Desk) -> None:
    reply(client, **ALL_APPROVE)
    page = client.get(LETTER)
    assert form_with(page.text, "review").fields["p-2"] == "approve"
    assert 'name="p-2" id="p-2-none" value=""' in page.text
    assert reply(client, **{"p-2": ""}).headers["Location"].endswith("/receipts/2")
    assert stored(desk)[-1].choices == {"1": "approve", "2": None, "3": "approve"}


@pytest.mark.usefixtures("ana")
def test_a_version_that_is_blank_throughout_withdraws_and_says_so_first(
    client: FlaskClient, desk: Desk
) -> None:
    reply(client, **ALL_APPROVE)
    write(client, "review", **{"p-1": "", "p-2": "", "p-3": ""})
    check = client.get(f"{LETTER}/check").text
    assert check.index("This withdraws the reply of Argentina") < check.index("<table")
    valid(check)
    assert confirm(client).status_code == 303
    assert not any(stored(desk)[-1].choices.values())


@pytest.mark.usefixtures("ana")
def test_a_first_reply_without_any_position_is_refused_in_words(
    client: FlaskClient, desk: Desk
) -> None:
    refused = write(client, "review", **{"c-1": "Only words"})
    assert refused.status_code == 422
    assert "Give a position on one item at least" in refused.text
    assert 'href="#p-1-approve"' in refused.text
    assert "Only words" in refused.text
    valid(refused.text)
    assert draft(desk) is None


@pytest.mark.usefixtures("ana")
def test_a_double_click_a_retry_and_the_back_button_make_one_version(
    client: FlaskClient, desk: Desk
) -> None:
    """T67, T70."""
    write(client, "review", **ALL_APPROVE)
    form = form_with(client.get(f"{LETTER}/check").text, "key")
    answers = [send(client, LETTER, form) for _ in range(3)]
    assert {answer.headers["Location"] for answer in answers} == {f"{LETTER}/receipts/1"}
    desk.clock.set(build.CLOSES_AT)  # type: ignore[attr-defined]
    build.later(desk, hours=1)
    build.sign_in(client, desk, build.person(desk, "Alba", member="ARG", head=False))
    late = send(client, LETTER, form)
    assert late.headers["Location"] == f"{LETTER}/receipts/1"
    assert [one.version for one in stored(desk)] == [1]


@pytest.mark.usefixtures("ana")
def test_the_same_key_with_other_content_is_refused(client: FlaskClient, desk: Desk) -> None:
    """T67."""
    write(client, "review", **ALL_APPROVE)
    form = form_with(client.get(f"{LETTER}/check").text, "key")
    send(client, LETTER, form)
    write(client, "review", **{"p-1": "object"})
    other = form_with(client.get(f"{LETTER}/check").text, "key")
    refused = send(client, LETTER, other, key=form.fields["key"])
    assert refused.status_code == 409
    assert "with other positions" in refused.text
    assert len(stored(desk)) == 1


@pytest.mark.usefixtures("ana")
def test_the_check_without_a_draft_leads_back_to_the_form(client: FlaskClient) -> None:
    assert client.get(f"{LETTER}/check").headers["Location"] == f"{LETTER}#reply"
    reply(client, **ALL_APPROVE)
    assert client.get(f"{LETTER}/check").headers["Location"] == f"{LETTER}#reply"


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize(("language", "direction"), [("zh", "ltr"), ("ar", "rtl"), ("fr", "ltr")])
def test_every_page_is_in_every_language(
    client: FlaskClient, desk: Desk, language: str, direction: str
) -> None:
    address = LETTER.replace("/en/", f"/{language}/")
    letter = client.get(address)
    assert f'<html lang="{language}" dir="{direction}">' in letter.text
    assert f"Dates and chairs ({language})" in letter.text
    valid(letter.text)
    write(client, "review", address, **ALL_APPROVE, **{"c-1": "意见"})
    check = client.get(f"{address}/check")
    valid(check.text)
    sent = confirm(client, address)
    receipt = client.get(sent.headers["Location"])
    valid(receipt.text)
    assert "意见" in receipt.text
    (one,) = stored(desk)
    assert one.language == language
    fields = form_with(client.get(LETTER).text, "review").fields
    write(client, "save", **{"c-1": fields["c-1"], "c-2": "New"})
    kept = draft(desk)
    assert kept is not None
    assert {place: words["language"] for place, words in kept.comments.items()} == {
        "1": language,
        "2": "en",
    }


@pytest.mark.usefixtures("ana")
def test_pages_are_light_and_their_statements_few(client: FlaskClient, desk: Desk) -> None:
    reply(client, **ALL_APPROVE, **{"c-1": "Words"})
    for address, most in ((LETTER, 6), (f"{LETTER}/receipts/1", 8), ("/en/desk", 5)):
        with statements(desk.engine) as seen:
            client.get(address)
        assert len(seen) == most, address


def test_sixty_states_more_cost_no_statement_more(client: FlaskClient, desk: Desk) -> None:
    build.open_consultation(desk, members=48)
    build.sign_in(client, desk, build.person(desk, "Ana", member="ARG"))
    with statements(desk.engine) as seen:
        client.get(LETTER)
    assert len(seen) == 5


@pytest.mark.usefixtures("ana")
def test_sending_reads_no_page(client: FlaskClient, desk: Desk) -> None:
    """The hot path: who is signed in, what the action itself needs, what it writes."""
    write(client, "review", **ALL_APPROVE)
    form = form_with(client.get(f"{LETTER}/check").text, "key")
    with statements(desk.engine) as seen:
        assert send(client, LETTER, form).status_code == 303
    assert sum(statement.startswith("SELECT") for statement in seen) <= 12


def test_positions_carry_the_names_that_the_rule_gives_them(
    client: FlaskClient, desk: Desk
) -> None:
    rule = {
        **build.content()["rule"],
        "choices": ["approve", "object"],
        "names": {"approve": build.in_all("Accept"), "object": build.in_all("Reject")},
    }
    build.open_consultation(desk, members=3, rule=rule)
    build.sign_in(client, desk, build.person(desk, "Ana", member="ARG"))
    page = client.get(LETTER).text
    assert ">Accept<" in page
    assert ">Reject<" in page
    assert "Abstain" not in page
    refused = write(client, "review", **{"p-1": Choice.ABSTAIN.value})
    assert refused.status_code == 422
    assert "Choose one of the positions that are offered" in refused.text
