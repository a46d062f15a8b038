"""The form of reply for paper: the draft or the reply for initials, and empty ones."""

import io
import subprocess
from pathlib import Path

import pytest
from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from consult.actions import replying
from consult.actions.change import Desk
from consult.core.life import Actor
from consult.tables import Consultation, writing
from consult.wording import LANGUAGES
from consult.wording.specimens import NOTICES
from tests import build
from tests.replies import LETTER

SLUG = "CONS-2020-1"


@pytest.fixture
def ana(desk: Desk, client: FlaskClient) -> Actor:
    build.open_consultation(desk, members=3)
    who = build.person(desk, "Ana Focal", member="ARG")
    build.sign_in(client, desk, who)
    return who


def pdf(client: FlaskClient, address: str, folder: Path) -> str:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Cache-Control"] == "no-store"
    path = folder / "form.pdf"
    path.write_bytes(answer.data)
    run = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return run.stdout.decode()


def word(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return "\n".join(one.text for one in Document(io.BytesIO(answer.data)).paragraphs)


@pytest.mark.usefixtures("strict_typst")
def test_the_draft_is_printed_for_initials(
    desk: Desk, client: FlaskClient, ana: Actor, tmp_path: Path
) -> None:
    said = build.answer("ARG", "approve", "object", None, c2="It is too early.")
    replying.save_draft(desk, SLUG, ana, said, expected_hash=None)
    shown = pdf(client, f"{LETTER}/form.pdf", tmp_path)
    for words in (
        "CONS-2020/1",
        "Argentina",
        "Draft, saved by Ana Focal",
        "It has not been sent.",
        "Friday 17 July 2020, 16:00 Geneva",
        "It is too early.",
        "Initials",
        "Signature",
    ):
        assert words in shown, words
    assert shown.count("×") == 2
    assert " ".join(shown.split()).index("× Approve") < " ".join(shown.split()).index("× Object")
    text = word(client, f"{LETTER}/form.docx")
    assert "☒ Approve     ☐ Object     ☐ Abstain" in text
    assert "☐ Approve     ☒ Object     ☐ Abstain" in text
    assert text.count("☒") == 2
    assert "It is too early." in text


def test_a_rehearsal_s_form_says_so_in_its_reader_s_language(
    desk: Desk, client: FlaskClient, ana: Actor
) -> None:
    with writing(desk.engine) as session:
        session.execute(update(Consultation).values(illustrative=str(NOTICES[-1])))
    address = f"{LETTER}/form.docx"
    assert "This is a rehearsal: it counts for nothing." in word(client, address)
    french = word(client, address.replace("/en/", "/fr/"))
    assert "This is a rehearsal" not in french
    assert "exercice" in french


def test_once_sent_the_newest_version_is_printed(
    desk: Desk, client: FlaskClient, ana: Actor, tmp_path: Path
) -> None:
    said = build.answer("ARG", "approve", "approve", "abstain")
    replying.reply(desk, SLUG, ana, build.sent(desk, said))
    shown = pdf(client, f"{LETTER}/form.pdf", tmp_path)
    assert "Version 1 of the reply, sent by Ana Focal" in shown
    assert "On paper it counts" not in shown
    assert 'href="/en/c/CONS-2020-1/ARG/form.pdf"' in client.get(LETTER).text


def test_an_empty_form_says_nothing_of_the_reply(
    desk: Desk, client: FlaskClient, ana: Actor, tmp_path: Path
) -> None:
    said = build.answer("ARG", "approve", "object", None, c2="It is too early.")
    replying.save_draft(desk, SLUG, ana, said, expected_hash=None)
    shown = pdf(client, f"{LETTER}/form.pdf?blank=1", tmp_path)
    assert "×" not in shown
    assert "early" not in shown
    assert "Ana" not in shown
    assert "council-secretariat@consult.example" in shown
    assert "☒" not in word(client, f"{LETTER}/form.docx?blank=1")


@pytest.mark.usefixtures("strict_typst")
@pytest.mark.parametrize("language", LANGUAGES)
def test_officers_send_an_empty_form_in_each_language(
    desk: Desk, client: FlaskClient, ana: Actor, tmp_path: Path, language: str
) -> None:
    said = build.answer("ARG", "approve", "object", None, c2="It is too early.")
    replying.save_draft(desk, SLUG, ana, said, expected_hash=None)
    build.sign_in(client, desk, build.person(desk, "O. Officer", *[build.Role.OFFICER]))
    shown = pdf(client, f"/{language}/office/{SLUG}/form.pdf", tmp_path)
    assert "CONS-2020/1" in shown
    assert "×" not in shown
    assert "early" not in shown
    assert "☒" not in word(client, f"/{language}/office/{SLUG}/form.docx")


def test_the_form_of_another_is_as_if_it_were_not_there(
    app: Flask, desk: Desk, client: FlaskClient, ana: Actor
) -> None:
    """T31, T33: no officer reads a draft through a file either."""
    other = app.test_client()
    build.sign_in(other, desk, build.person(desk, "Bea", member="BRA"))
    officer = app.test_client()
    build.sign_in(officer, desk, build.person(desk, "O. Officer", build.Role.OFFICER))
    for end in ("form.pdf", "form.docx"):
        assert other.get(f"{LETTER}/{end}").status_code == 404
        assert officer.get(f"{LETTER}/{end}").status_code == 404
        assert other.get(f"/en/office/{SLUG}/{end}").status_code == 403


def test_before_the_opening_there_is_no_form(desk: Desk, client: FlaskClient) -> None:
    build.council(desk, 3)
    who = build.officer(desk)
    slug = build.draft(desk, who)
    build.sign_in(client, desk, who)
    assert client.get(f"/en/office/{slug}/form.pdf").status_code == 404
