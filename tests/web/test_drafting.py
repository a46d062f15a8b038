"""An officer drafts a consultation in the browser, step by step, without script."""

import io

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consult import rules
from consult.actions import drafting
from consult.actions.change import Desk
from consult.core.life import Actor, State
from consult.queries.drafting import Draft, draft_of
from tests import build
from tests.forms import Form, form_with, forms_of, send
from tests.statements import statements


@pytest.fixture
def officer(desk: Desk, client: FlaskClient) -> Actor:
    build.council(desk, 3)
    who = build.officer(desk)
    build.sign_in(client, desk, who)
    return who


@pytest.fixture
def slug(desk: Desk, officer: Actor) -> str:
    return build.draft(desk, officer)


def address(slug: str, step: int | str, query: str = "") -> str:
    return f"/en/office/{slug}/draft/{step}{query}"


def page(client: FlaskClient, where: str) -> str:
    response = client.get(where)
    assert response.status_code == 200, (where, response.status_code)
    return response.get_data(as_text=True)


def form(client: FlaskClient, where: str, name: str) -> Form:
    return form_with(page(client, where), name)


def draft(desk: Desk, slug: str) -> Draft:
    return draft_of(desk.engine, slug)


def test_a_draft_is_begun_from_nothing(desk: Desk, officer: Actor, client: FlaskClient) -> None:
    begin = "/en/office/drafts/new"
    response = send(client, begin, form(client, begin, "body"), reference="DM-20/1021")
    assert (response.status_code, response.location) == (303, address("DM-20-1021", 1))
    assert draft(desk, "DM-20-1021").content["items"] == []
    again = send(client, begin, form(client, begin, "body"), reference="DM-20/1021")
    assert again.status_code == 422
    html = again.get_data(as_text=True)
    assert "a consultation with this reference exists" in html
    assert 'value="DM-20/1021"' in html
    assert 'href="#nothing-reference"' in html


def test_a_draft_is_begun_from_an_earlier_one(desk: Desk, slug: str, client: FlaskClient) -> None:
    begin = "/en/office/drafts/new"
    response = send(client, begin, form(client, begin, "earlier"), reference="CONS-2020/2")
    assert response.location == address("CONS-2020-2", 1)
    assert len(draft(desk, "CONS-2020-2").content["items"]) == 3


def test_who_is_no_officer_sees_no_draft(desk: Desk, slug: str, client: FlaskClient) -> None:
    for who in (build.approver(desk), build.person(desk, "Head of Argentina", member="ARG")):
        build.sign_in(client, desk, who)
        for where in (address(slug, 1), address(slug, 7), address(slug, "documents")):
            assert client.get(where).status_code == 403
        assert client.post(address(slug, 1)).status_code in {400, 403}


def test_what_is_no_draft_any_more_leads_to_its_own_page(
    desk: Desk, slug: str, officer: Actor, client: FlaskClient
) -> None:
    build.open_it(desk, slug, officer, build.approver(desk))
    response = client.get(address(slug, 1))
    assert (response.status_code, response.location) == (303, f"/en/office/{slug}")
    drafting.create(desk, officer, build.BODY, {"reference": "GONE/1"})
    drafting.discard(desk, "GONE-1", officer)
    assert client.get(address("GONE-1", 1)).status_code == 404
    assert client.get(address("NO-SUCH", 1)).status_code == 404
    assert client.get(address(slug, 8)).status_code == 404


@pytest.mark.parametrize("step", range(1, 8))
def test_each_step_is_shown_with_all_steps(slug: str, client: FlaskClient, step: int) -> None:
    html = page(client, address(slug, step))
    assert html.count('aria-current="step"') == 1
    for other in set(range(1, 8)) - {step}:
        assert f'href="{address(slug, other)}"' in html


def test_a_step_asks_the_same_few_statements_whatever_the_number_of_items(
    desk: Desk, slug: str, officer: Actor, client: FlaskClient
) -> None:
    page(client, address(slug, 2))
    with statements(desk.engine) as few:
        page(client, address(slug, 2))
    many = [build.item(str(n), f"Item {n}") for n in range(1, 41)]
    drafting.save(desk, slug, officer, {"items": many}, seen=1)
    with statements(desk.engine) as more:
        page(client, address(slug, 2))
    assert len(more) == len(few)


def test_the_letter_is_written_in_one_language_at_a_time(
    desk: Desk, slug: str, client: FlaskClient
) -> None:
    where = address(slug, 1, "?language=fr")
    french = form(client, where, "subject")
    assert french.fields["subject"] == "Dates and chairs (fr)"
    response = send(
        client,
        where,
        french,
        "save",
        subject="Dates et présidences",
        section_background_text="Un.\r\n\r\nDeux.",
        contact_email="secretariat@consult.example",
    )
    assert response.status_code == 303
    assert response.location == address(slug, 1, "?saved=1&language=fr")
    content = draft(desk, slug).content
    assert content["subject"]["fr"] == "Dates et présidences"
    assert content["subject"]["en"] == "Dates and chairs"
    assert content["letter"]["sections"][0]["text"]["fr"] == "Un.\n\nDeux."
    assert content["letter"]["contact"]["email"] == "secretariat@consult.example"
    assert "The draft is saved." in page(client, response.location)


def test_save_and_go_on_leads_to_the_next_step(slug: str, client: FlaskClient) -> None:
    for step, name in enumerate(("subject", "seen", "seen", "rule", "before-0", "speaks-en"), 1):
        response = send(client, address(slug, step), form(client, address(slug, step), name))
        assert response.location == address(slug, step + 1)


def test_arabic_fields_run_from_right_to_left(slug: str, client: FlaskClient) -> None:
    html = page(client, address(slug, 1, "?language=ar"))
    assert 'id="subject" lang="ar"' in html or 'lang="ar" name="subject"' in html
    assert 'dir="rtl"' in html


def test_sections_are_added_moved_and_removed_and_nothing_typed_is_lost(
    desk: Desk, slug: str, client: FlaskClient
) -> None:
    where = address(slug, 1)
    response = send(client, where, form(client, where, "subject"), "add", subject="Changed")
    assert response.location.endswith("#sections")
    sections = draft(desk, slug).content["letter"]["sections"]
    assert [one["id"] for one in sections] == ["background", "s1"]
    assert draft(desk, slug).content["subject"]["en"] == "Changed"
    send(client, where, form(client, where, "subject"), "up:s1")
    sections = draft(desk, slug).content["letter"]["sections"]
    assert [one["id"] for one in sections] == ["s1", "background"]
    send(client, where, form(client, where, "subject"), "remove:background")
    sections = draft(desk, slug).content["letter"]["sections"]
    assert [one["id"] for one in sections] == ["s1"]


def test_the_product_writes_majority_silence_and_deadline_itself(
    slug: str, client: FlaskClient
) -> None:
    html = page(client, address(slug, 1))
    assert "Friday 17 July 2020, 16:00 Geneva" in html
    assert "If no reply is given" in html


def test_a_text_that_is_too_long_is_refused_beside_its_field_and_kept(
    desk: Desk, slug: str, client: FlaskClient
) -> None:
    where = address(slug, 1)
    response = send(client, where, form(client, where, "subject"), subject="x" * 1001)
    html = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "Shorten it to 1000 characters." in html
    assert 'aria-invalid="true"' in html
    assert "x" * 1001 in html
    assert "<title>Error:" in html
    assert draft(desk, slug).version == 1


def test_what_a_colleague_saved_meanwhile_is_shown_beside_what_was_typed(
    desk: Desk, slug: str, officer: Actor, client: FlaskClient
) -> None:
    where = address(slug, 1)
    opened = form(client, where, "subject")
    drafting.save(desk, slug, officer, {"subject": build.in_all("Theirs")}, seen=1)
    response = send(client, where, opened, subject="Mine")
    html = response.get_data(as_text=True)
    assert response.status_code == 409
    assert "Somebody saved this draft meanwhile" in html
    assert "Theirs" in html
    assert 'value="Mine"' in html
    assert draft(desk, slug).content["subject"]["en"] == "Theirs"
    again = send(client, where, form_with(html, "subject"))
    assert again.status_code == 303
    assert draft(desk, slug).content["subject"]["en"] == "Mine"


def test_nothing_is_changed_by_looking(desk: Desk, slug: str, client: FlaskClient) -> None:
    with statements(desk.engine) as seen:
        for step in range(1, 8):
            page(client, address(slug, step))
    written = [one for one in seen if one.lstrip().upper().startswith(("INSERT", "DELETE"))]
    assert written == []
    assert draft(desk, slug).version == 1


def test_a_form_without_its_token_is_refused(slug: str, client: FlaskClient) -> None:
    assert client.post(address(slug, 1), data={"subject": "Forged"}).status_code == 400


def test_the_roll_says_who_votes_and_whom_nobody_can_be_reached_for(
    desk: Desk, slug: str, client: FlaskClient
) -> None:
    build.person(desk, "Head of Argentina", member="ARG")
    html = page(client, address(slug, 3))
    assert "3 Member States, 3 with the right to vote." in html
    assert "2 Member States cannot be reached by mail" in html
    assert "Region A" in html


def test_languages_are_left_out_and_gaps_are_waived_with_a_reason(
    desk: Desk, slug: str, officer: Actor, client: FlaskClient
) -> None:
    drafting.save(desk, slug, officer, {"subject": {"en": "Dates"}}, seen=1)
    where = address(slug, 6)
    html = page(client, where)
    assert f'href="{address(slug, 1)}?language=ar#subject"' in html
    opened = form_with(html, "speaks-ar")
    del opened.fields["speaks-zh"]
    response = send(client, where, opened, "save", waived_ar="لم تكتمل الترجمة")
    assert response.status_code == 303
    content = draft(desk, slug).content
    assert content["languages"] == ["en", "fr", "es", "ru", "ar"]
    assert content["waived"] == {"ar": "لم تكتمل الترجمة"}
    none = form(client, where, "speaks-ar")
    for code in content["languages"]:
        none.fields.pop(f"speaks-{code}")
    refused = send(client, where, none)
    assert refused.status_code == 422
    assert "Keep one language at least." in refused.get_data(as_text=True)


def test_a_complete_draft_is_submitted(desk: Desk, slug: str, client: FlaskClient) -> None:
    build.approver(desk)
    html = page(client, address(slug, 7))
    assert "Nothing is missing. It can be submitted." in html
    assert "Only 1 person may approve" in html
    submit = next(one for one in forms_of(html) if one.action.endswith("/submit"))
    response = send(client, "", submit)
    assert (response.status_code, response.location) == (303, f"/en/office/{slug}")
    assert draft(desk, slug).state is State.SUBMITTED


def test_all_that_is_missing_is_listed_each_with_its_place(
    desk: Desk, slug: str, officer: Actor, client: FlaskClient
) -> None:
    first, second, third = build.three_items()
    backwards = {**first, "from": "2021-06-18", "to": "2021-06-08"}
    nobody = {**second, "candidate": {}, "post": {}}
    headless = {**third, "title": {}, "text": {}}
    changes = {
        "subject": {},
        "items": [backwards, nobody, headless],
        "closes_at": "2020-06-20T07:00:00.000000Z",
        "rule": None,
        "reminders": [],
    }
    drafting.save(desk, slug, officer, changes, seen=1)
    html = page(client, address(slug, 7))
    for words in (
        "Write the subject.",
        "Change the days: the last comes before the first.",
        "Name the candidate.",
        "Name the post.",
        "Write a title.",
        "Write the draft decision, or attach it.",
        "Set a later deadline: this one has passed.",
        "Choose the rule.",
        "Nobody will be reminded.",
        "No focal point of 3 Member States can be reached by mail: ",
        "No signed letter is attached in",
    ):
        assert words in html, words
    for where in (
        address(slug, 1, "#subject"),
        address(slug, "2/items/1", "#title"),
        address(slug, 4, "#rule"),
        address(slug, 4, "#closes-day"),
        address(slug, 3),
    ):
        assert f'href="{where}"' in html, where
    submit = next(one for one in forms_of(html) if one.action.endswith("/submit"))
    refused = send(client, "", submit)
    assert refused.status_code == 422
    assert "Write the subject." in refused.get_data(as_text=True)
    assert draft(desk, slug).state is State.DRAFT


def test_a_missing_text_names_its_language(
    desk: Desk, slug: str, officer: Actor, client: FlaskClient
) -> None:
    items = build.three_items()
    items[0]["title"] = {"en": "2021 session"}
    drafting.save(desk, slug, officer, {"items": items, "languages": ["en", "fr"]}, seen=1)
    html = page(client, address(slug, 7))
    assert f'href="{address(slug, "2/items/1", "?language=fr#title")}"' in html
    assert "A text is missing that another language has." in html


def test_a_draft_is_discarded(desk: Desk, slug: str, client: FlaskClient) -> None:
    html = page(client, address(slug, 7))
    discard = next(one for one in forms_of(html) if one.action.endswith("/discard"))
    assert send(client, "", discard).status_code == 303
    assert client.get(address(slug, 1)).status_code == 404


def test_a_draft_is_begun_from_a_file(desk: Desk, officer: Actor, client: FlaskClient) -> None:
    text = (build.DATA / "itu-council-2020" / "consultation-dates.yaml").read_bytes()
    response = from_file(client, text)
    assert response.location == address("C20-CC-1", 1)
    content = draft(desk, "C20-CC-1").content
    assert len(content["items"]) == 12
    assert content["closes_at"] == "2020-07-17T16:00:00.000000Z"
    assert from_file(client, text, "OTHER/1").location == address("OTHER-1", 1)
    for step in range(1, 8):
        page(client, address("C20-CC-1", step))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "Choose a file that is not empty."),
        (b"\xff\xfe", "Choose a text file in UTF-8."),
        (b"consultation: {reference: 12, items: x}", "consultation.items"),
        (b"a: [", "not"),
    ],
)
def test_a_file_that_is_not_understood_is_refused_with_its_places(
    officer: Actor, client: FlaskClient, text: bytes, words: str
) -> None:
    response = from_file(client, text, "KEPT/1")
    html = response.get_data(as_text=True)
    assert response.status_code == 422
    assert words in html
    assert 'value="KEPT/1"' in html


def from_file(client: FlaskClient, text: bytes, reference: str = "") -> TestResponse:
    begin = "/en/office/drafts/new"
    html = page(client, begin)
    opened = next(one for one in forms_of(html) if one.fields.get("how") == "file")
    fields = {**opened.fields, "reference": reference, "file": (io.BytesIO(text), "a.yaml")}
    return client.post(opened.action, data=fields, content_type="multipart/form-data")


def test_the_letter_is_looked_at_in_each_language(slug: str, client: FlaskClient) -> None:
    html = page(client, address(slug, "preview/letter", "?language=fr"))
    assert "Dates and chairs (fr)" in html
    assert "The Council could not meet in person. (fr)" in html


@pytest.mark.parametrize("kind", ["invitation", "reminder", "acknowledgement", "result"])
def test_each_mail_is_looked_at_as_a_focal_point_will_get_it(
    desk: Desk, slug: str, client: FlaskClient, kind: str
) -> None:
    html = page(client, address(slug, f"preview/{kind}"))
    assert "CONS-2020/1" in html
    assert "Argentina" in html
    assert ("positions and outcomes in it are invented" in html) is (
        kind in {"acknowledgement", "result"}
    )
    bare = drafting.create(desk, build.officer(desk, "C."), build.BODY, {"reference": "BARE/1"})
    assert "See what is missing" in page(client, address(bare, f"preview/{kind}"))


def test_there_is_no_preview_of_anything_else(slug: str, client: FlaskClient) -> None:
    assert client.get(address(slug, "preview/sign-in")).status_code == 404


def test_the_enter_key_moves_and_removes_nothing(slug: str, client: FlaskClient) -> None:
    for step, name in ((1, "subject"), (2, "seen"), (5, "before-0")):
        first = form(client, address(slug, step), name).buttons[0]
        assert first == ("do", "save")


def test_the_reply_form_is_looked_at_in_each_language_and_sends_nothing(
    desk: Desk, slug: str, officer: Actor, client: FlaskClient
) -> None:
    items = build.three_items()
    items[1]["comments"], items[2]["comments"] = "required", "none"
    drafting.save(desk, slug, officer, {"items": items}, seen=1)
    html = page(client, address(slug, "preview/reply", "?language=fr"))
    assert "Draft Decision (fr)" in html
    assert html.count('name="p-1"') == 4
    assert 'id="c-1"' in html
    assert "<details" not in html.split(chr(34) + "c-2" + chr(34))[0].rsplit("<li", 1)[1]
    assert 'id="c-3"' not in html
    assert [one for one in forms_of(html) if "p-1" in one.fields] == []


def test_a_silence_procedure_is_looked_at_as_one_act(
    desk: Desk, slug: str, officer: Actor, client: FlaskClient
) -> None:
    tacit = rules.load_data("silence-un-74-544")
    drafting.save(desk, slug, officer, {"rule": tacit}, seen=1)
    html = page(client, address(slug, "preview/reply"))
    assert "If Argentina objects" in html
    assert html.count('type="checkbox"') == 3


def test_what_was_typed_before_signing_in_again_is_shown_and_not_saved(
    desk: Desk, slug: str, client: FlaskClient
) -> None:
    for where, name in ((address(slug, 1), "subject"), (address(slug, "2/items/1"), "title")):
        opened = form(client, where, name)
        response = send(client, where, opened, "restored", **{name: "Typed before"})
        assert response.status_code == 200
        assert 'value="Typed before"' in response.get_data(as_text=True)
    assert draft(desk, slug).version == 1
