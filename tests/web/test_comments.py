"""A comment round over HTTP: from its draft to the published table, and who may see what when."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.actions import certifying, commenting, correcting, drafting, opening, publishing
from consult.actions.change import Desk
from consult.core.life import Act
from consult.core.round import NewComment, Remark
from consult.core.verify import verify
from consult.documents.record_csv import read as read_csv
from consult.errors import NotAllowed
from consult.queries.exporting import record_text
from consult.queries.verifying import verify_database
from tests import build
from tests.forms import Form, form_with, forms_of, send
from tests.office import HERE, SLUG, Office, decide, office_of, page

TEXT = "The dates of the session are 8 to 18 June 2021.\n\nThe session is held in Geneva."
MINE = f"/en/c/{SLUG}/ARG/comments"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def documents() -> list[dict[str, object]]:
    text = build.in_all("Document VC/DT/1(Rev.3)")
    dates = build.item("1", "Dates", kind="text", text=build.in_all(TEXT), symbols=["VC/DT/1"])
    return [dates | {"title": text}, build.item("2", "Premises")]


@pytest.fixture
def office(app: Flask, desk: Desk) -> Office:
    return office_of(app, desk, 3)


def begun(office: Office, **more: object) -> str:
    return office.draft(kind="comments", rule=None, items=documents(), **more)


def opened(office: Office, **more: object) -> str:
    slug = begun(office, **more)
    build.open_it(office.desk, slug, office.people["officer"], office.people["approver"])
    return slug


def comment(client: FlaskClient, member: str, **typed: str) -> str:
    """Write, check and send comments as a browser does; return the receipt's address."""
    here = f"/en/c/{SLUG}/{member}/comments"
    form = form_with(page(client, here), "seen")
    fields = {name.replace("_", ":", 1): said for name, said in typed.items()}
    answer = client.post(
        here, data={**form.fields, **{f"t-{k}": v for k, v in fields.items()}, "do": "check"}
    )
    assert answer.location == f"{here}/check", answer.text
    check = page(client, f"{here}/check")
    answer = send(client, here, form_with(check, "shown"))
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def stated(office: Office, post: str = "none") -> None:
    """Close, and state the post with two persons: the comments are compiled."""
    office.close()
    officer, approver = office.browser("officer"), office.browser("approver")
    answer = send(officer, HERE, form_with(page(officer, HERE), "recorded"), post=post)
    assert answer.location == HERE
    decide(approver, office.waits(Act.STATE_POST))


def test_from_the_draft_to_the_published_table(office: Office) -> None:
    desk = office.desk
    number = opening.submit(desk, begun(office), office.people["officer"])
    assert decide(office.browser("approver"), number).location == HERE
    receipt = comment(office.browser("ARG"), "ARG", **{"1_2": "Say which hall.", "2_": "Agreed."})
    assert receipt == f"{MINE}/1"
    comment(office.browser("BHS"), "BHS", **{"1_2": "=Nassau would be better."})
    stated(office)
    officer, approver = office.browser("officer"), office.browser("approver")
    table = page(officer, f"{HERE}/comments")
    assert "2 of 3 Member States commented. 3 comments." in table
    assert "3 wait for their disposition." in table
    for said in ("accepted", "noted", "not_accepted"):
        form = form_with(page(officer, f"{HERE}/comments"), "disposed")
        undone = next(f for f in _forms(officer) if not f.fields["disposed"])
        reasons = "It is in the host agreement." if said == "not_accepted" else ""
        answer = send(officer, "", undone, disposed=said, reasons_en=reasons)
        assert answer.status_code == 303, (form, answer.text)
    form = form_with(page(officer, f"{HERE}/conclusion"), "texts-en")
    answer = send(officer, f"{HERE}/conclusion", form, texts_en="A further revision is issued.")
    assert answer.location == f"{HERE}/record"
    assert decide(approver, office.waits(Act.CERTIFY)).location == f"{HERE}/record"
    form = form_with(page(officer, f"{HERE}/record"), "csrf_token")
    assert officer.post(f"{HERE}/publish", data=form.fields).status_code == 303

    stranger = office.app.test_client()
    shown = page(stranger, f"/en/decisions/{SLUG}")
    for words in ("Say which hall.", "Not accepted", "A further revision is issued.", "Argentina"):
        assert words in shown
    assert "Table of comments" in page(stranger, "/en/decisions")
    assert stranger.get(f"/en/decisions/{SLUG}.pdf").content_type == "application/pdf"
    rows = read_csv(stranger.get(f"/en/decisions/{SLUG}.csv").data)
    assert rows[1][:5] == ["1", "VC/DT/1", "2", "ARG", "Argentina"]
    assert rows[2][6] == "=Nassau would be better."
    word = stranger.get(f"/en/decisions/{SLUG}.docx")
    assert word.content_type == WORD
    raw = stranger.get(f"/en/decisions/{SLUG}.json").data
    found = verify(raw)
    assert found.holds, found.faults
    assert [one for one in verify_database(desk.engine) if not one[1].holds] == []


def _forms(client: FlaskClient) -> list[Form]:
    return [f for f in forms_of(page(client, f"{HERE}/comments")) if "disposed" in f.fields]


def test_nobody_else_sees_a_comment_before_the_post_is_stated(office: Office) -> None:
    """T33."""
    opened(office)
    comment(office.browser("ARG"), "ARG", **{"1_2": "Say which hall."})
    addresses = (HERE, f"{HERE}/comments", f"{HERE}/record", f"{HERE}/history", f"{HERE}/replies")
    for who in ("officer", "approver", "auditor"):
        for address in addresses:
            assert "Say which hall." not in page(office.browser(who), address)
        for form in ("csv", "docx"):
            assert office.browser(who).get(f"{HERE}/comments.{form}").status_code == 404
    other = office.browser("BHS")
    assert "Say which hall." not in page(other, f"/en/c/{SLUG}/BHS/comments")
    for address in (MINE, f"{MINE}/1", f"/en/c/{SLUG}/BHS/comments/1"):
        assert other.get(address).status_code == 404
    assert other.get(f"/en/c/{SLUG}/BHS/comments/table").status_code == 404


@pytest.mark.parametrize(("when", "status"), [("after_closing", 200), ("after_publication", 404)])
def test_members_read_all_comments_from_when_the_letter_says(
    office: Office, when: str, status: int
) -> None:
    """T33."""
    opened(office, disclosure=when)
    comment(office.browser("ARG"), "ARG", **{"1_2": "Say which hall."})
    office.close()
    table = f"/en/c/{SLUG}/BHS/comments/table"
    assert office.browser("BHS").get(table).status_code == 404
    stated(office)
    answer = office.browser("BHS").get(table)
    assert answer.status_code == status
    assert ("Say which hall." in answer.text) is (status == 200)


def test_the_latest_version_stands_alone_and_what_is_late_does_not(office: Office) -> None:
    opened(office)
    comment(office.browser("ARG"), "ARG", **{"1_2": "First thought."})
    comment(office.browser("ARG"), "ARG", **{"1_2": "", "1_1": "Second thought."})
    office.desk.clock.set(build.CLOSES_AT)  # type: ignore[attr-defined]
    late = office.browser("BHS")
    assert "registered as late" in page(late, f"/en/c/{SLUG}/BHS/comments")
    receipt = comment(late, "BHS", **{"2_": "Too late."})
    assert "They came late" in page(late, receipt)
    stated(office)
    shown = page(office.browser("officer"), f"{HERE}/comments")
    assert "Second thought." in shown
    for gone in ("First thought.", "Too late."):
        assert gone not in shown
    assert "Received late" in shown


def test_faults_stand_beside_their_fields_and_what_was_typed_is_kept(office: Office) -> None:
    opened(office)
    client = office.browser("ARG")
    form = form_with(page(client, MINE), "seen")
    nothing = client.post(MINE, data={**form.fields, "do": "check"})
    assert nothing.status_code == 422
    assert "Write at least one comment" in nothing.text
    alone = client.post(MINE, data={**form.fields, "p-1:2": "In Bern.", "do": "check"})
    assert alone.status_code == 422
    assert 'id="e-1:2"' in alone.text
    assert "In Bern." in alone.text
    long = client.post(MINE, data={**form.fields, "t-1:2": "x" * 10_001, "do": "save"})
    assert long.status_code == 422
    assert "Shorten it to 10000 characters" in long.text
    unseen = client.post(MINE, data={**form.fields, "t-1:2": "one\0two", "do": "save"})
    assert unseen.status_code == 422
    assert 'id="e-1:2"' in unseen.text
    assert "it has signs that cannot be seen" in unseen.text


def test_a_colleague_is_not_overwritten_unseen(office: Office) -> None:
    """T68."""
    opened(office)
    office.people["second of ARG"] = build.person(office.desk, "Alternate of ARG", member="ARG")
    one, two = office.browser("ARG"), office.browser("second of ARG")
    forms = [form_with(page(client, MINE), "seen") for client in (one, two)]
    saved = one.post(MINE, data={**forms[0].fields, "t-1:2": "Mine.", "do": "save"})
    assert saved.status_code == 303
    refused = two.post(MINE, data={**forms[1].fields, "t-1:2": "Yours.", "do": "save"})
    assert refused.status_code == 409
    assert "Mine." in refused.text
    assert "Yours." in refused.text
    assert send(two, MINE, form_with(refused.text, "seen"), "save").status_code == 303


def test_a_double_click_makes_one_version(office: Office) -> None:
    """T67."""
    opened(office)
    client = office.browser("ARG")
    form = form_with(page(client, MINE), "seen")
    client.post(MINE, data={**form.fields, "t-1:2": "Once.", "do": "check"})
    check = form_with(page(client, f"{MINE}/check"), "shown")
    addresses = {send(client, MINE, check).location for _click in range(2)}
    assert addresses == {f"{MINE}/1"}
    assert send(client, MINE, check, **{"t-1:2": "Twice."}).status_code == 409


def test_a_disposition_needs_its_reasons_and_all_are_needed_to_go_on(office: Office) -> None:
    opened(office)
    comment(office.browser("ARG"), "ARG", **{"1_2": "Say which hall."})
    stated(office)
    officer = office.browser("officer")
    (form,) = _forms(officer)
    refused = send(officer, "", form, disposed="not_accepted")
    assert refused.status_code == 422
    assert "Give the reasons in at least one language" in refused.text
    assert "Say what becomes of the comment" in send(officer, "", form, disposed="").text
    early = form_with(page(officer, f"{HERE}/conclusion"), "texts-en")
    answer = send(officer, f"{HERE}/conclusion", early, texts_en="It follows.")
    assert answer.status_code == 409
    assert "1 comment waits for its disposition" in answer.text
    for who in ("approver", "auditor"):
        assert "disposed" not in page(office.browser(who), f"{HERE}/comments")
    assert office.browser("auditor").post(form.action, data=form.fields).status_code in {400, 403}


def test_the_table_holds_while_comments_are_still_answered(office: Office) -> None:
    """T47."""
    opened(office)
    comment(office.browser("ARG"), "ARG", **{"1_2": "Say which hall."})
    stated(office)
    officer = office.browser("officer")
    (form,) = _forms(officer)
    send(officer, "", form, disposed="accepted")
    made = record_text(office.desk.engine, office.desk.keys, SLUG)
    assert verify(made.encode()).faults == []
    other = made.replace('"disposition":"accepted"', '"disposition":"noted"', 1)
    assert other != made
    assert verify(other.encode()).faults


def test_the_next_revision_shows_what_was_taken_up(office: Office) -> None:
    opened(office)
    comment(office.browser("ARG"), "ARG", **{"1_2": "Say which hall."})
    stated(office)
    officer = office.browser("officer")
    (form,) = _forms(officer)
    send(officer, "", form, disposed="accepted")
    slug = drafting.copy_of(office.desk, office.people["officer"], SLUG, "CONS-2020/2")
    changed = documents()
    changed[0]["text"] = build.in_all(TEXT.replace("in Geneva", "in hall A, Geneva"))
    drafting.save(office.desk, slug, office.people["officer"], {"items": changed}, seen=1)
    shown = page(officer, f"/en/office/{slug}/taken-up")
    assert "<ins>hall A, " in shown
    assert "Say which hall." in shown
    assert officer.get(f"{HERE}/taken-up").status_code == 404


def test_a_round_has_no_pages_of_a_vote(office: Office) -> None:
    opened(office)
    assert office.browser("officer").get(f"{HERE}/record-reply").status_code == 404
    assert office.browser("officer").get(f"{HERE}/readmit").status_code == 404
    client = office.browser("ARG")
    assert client.get(f"/en/c/{SLUG}/ARG").location == MINE
    assert "Comments are asked for" in page(client, "/en/desk")
    letter = page(client, MINE)
    assert "This is not a vote. No majority applies and nothing is counted." in letter
    assert "A Member State that sends no comment is recorded as having made none." in letter
    comment(client, "ARG", **{"2_": "Agreed."})
    assert "Comments sent, version 1" in page(client, "/en/desk")
    for part in ("", "/replies", "/notices", "/documents", "/history", "/record", "/letter.pdf"):
        assert office.browser("officer").get(HERE + part).status_code == 200, part


def test_a_compiled_round_offers_what_there_is_of_it_alone(office: Office) -> None:
    opened(office)
    comment(office.browser("ARG"), "ARG", **{"2_": "Agreed."})
    stated(office)
    officer = office.browser("officer")
    offered = set(re.findall(rf'href="({HERE}/[^"#?]+)', page(officer, HERE)))
    assert {one for one in offered if officer.get(one).status_code not in {200, 303}} == set()
    assert f"{HERE}/dossier.zip" in offered
    for part in ("second-round", "referral"):
        assert f"{HERE}/{part}" not in offered
        assert officer.get(f"{HERE}/{part}").status_code == 404
    replies = page(officer, f"{HERE}/replies")
    assert "Argentina" in replies
    assert "Nobody has replied yet" not in replies
    assert f'href="{HERE}/comments">Table of comments</a>' in replies


def test_an_erratum_stands_beside_a_published_table(office: Office) -> None:
    opened(office)
    stated(office)
    desk, asks, confirms = office.desk, office.people["officer"], office.people["approver"]
    said = certifying.Conclusion(texts=build.in_all("It is noted."), adopted={})
    build.confirm(desk, certifying.conclude(desk, SLUG, asks, said), confirms)
    publishing.publish(desk, SLUG, asks)
    assert f"{HERE}/erratum" in page(office.browser("officer"), HERE)
    build.confirm(desk, correcting.correct(desk, SLUG, asks, {"en": "Read 9 June."}), confirms)
    shown = page(office.app.test_client(), f"/en/decisions/{SLUG}")
    assert "Erratum 1" in shown
    assert "Read 9 June." in shown


def test_a_round_is_begun_from_the_page_and_needs_no_rule(office: Office) -> None:
    officer = office.browser("officer")
    form = form_with(page(officer, "/en/office/drafts/new"), "kind")
    answer = send(officer, "", form, reference="CONS-2020/9", kind="comments")
    assert answer.status_code == 303
    for step in range(1, 8):
        assert officer.get(f"/en/office/drafts/CONS-2020-9/{step}").status_code in {200, 404}
    begun(office)
    for step in range(1, 8):
        assert officer.get(answer.location.replace("2020-9", "2020-1").replace("/1", f"/{step}"))


def test_an_adviser_writes_the_draft_and_sends_no_comment(office: Office) -> None:
    """T68: what an adviser writes waits for a focal point of its member."""
    slug = opened(office)
    ada = build.person(office.desk, "Ada Adviser", member="ARG", adviser=True)
    remarks = (Remark("1", "2", "Say which hall.", "", "en"),)
    shown = commenting.save_draft(office.desk, slug, ada, "ARG", remarks, 0, None)
    new = NewComment("ARG", remarks, 0, "k" * 32, office.desk.clock(), "en", shown)
    with pytest.raises(NotAllowed):
        commenting.comment(office.desk, slug, ada, new)
    assert "Say which hall." in page(office.browser("ARG"), MINE)
