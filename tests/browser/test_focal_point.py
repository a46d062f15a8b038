"""A focal point reads the letter, replies, changes the reply, and keeps receipts."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from consult.core.life import Actor
from consult.wording import LANGUAGES
from tests import build
from tests.browser.conftest import Site
from tests.browser.looks import good, press

LETTER = "/en/c/CONS-2020-1/BRA"


@pytest.fixture
def ana(site: Site) -> Actor:
    build.open_consultation(
        site.desk, members=12, comments="required_to_object", items=four_items()
    )
    return build.person(site.desk, "Ana Lima", member="BRA")


def four_items() -> list[dict[str, Any]]:
    return [*build.three_items(), build.item("4", "Hold the next meeting by video")]


def choose(page: Page, item: int, choice: str) -> None:
    """Take a position by its label, as a finger would."""
    page.locator(f"input[name=p-{item}][value='{choice}'] + label").click()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_letter_draft_check_send_receipt(site: Site, ana: Actor, script: bool) -> None:
    page = site.page(ana, java_script_enabled=script)
    page.goto("/en/desk")
    press(page.get_by_role("link", name=re.compile("Dates and chairs")).first)
    expect(page.locator("#reply")).to_be_visible()
    page.locator("select[name=fill]").select_option("approve")
    press(page.locator("button[value=fill]"))
    expect(page.get_by_role("status").first).to_contain_text("4 items set to Approve")
    choose(page, 2, "object")
    choose(page, 3, "")
    press(page.locator("button[value=review]"))
    expect(page.locator(".errors")).to_contain_text("Item 2")
    page.locator("textarea[name=c-2]").fill("We ask that the post be filled later.")
    press(page.locator("button[value=review]"))
    expect(page.locator("h1")).to_have_text("Check your reply before you send it")
    expect(page.locator(".note.warn")).to_contain_text("Item 3")
    press(page.get_by_role("button", name="Send the reply of Brazil"))
    expect(page.locator("h1")).to_have_text("Your reply has been received")
    page.go_back()
    page.goto(f"{LETTER}#reply")
    choose(page, 3, "abstain")
    press(page.locator("button[value=review]"))
    press(page.get_by_role("button", name="Send the reply of Brazil"))
    expect(page.locator("main")).to_contain_text("CONS-2020/1-BRA-2")


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_every_page_of_the_way_is_accessible_and_fits(
    site: Site, ana: Actor, language: str
) -> None:
    page = site.page(ana, locale=language)
    for path in ("desk", "desk/closing", "desk/closed", "c/CONS-2020-1/BRA", "me", "member/BRA"):
        page.goto(f"/{language}/{path}")
        good(page)
    page.goto(f"/{language}/c/CONS-2020-1/BRA")
    for item in (1, 3):
        choose(page, item, "approve")
    press(page.locator("button[value=review]"))
    good(page)
    press(page.locator("main form button.btn").last)
    good(page)
    assert "/receipts/1" in page.url


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_speaks_each_language_in_its_direction(
    site: Site, ana: Actor, language: str
) -> None:
    page = site.page(ana)
    page.goto(f"/{language}/c/CONS-2020-1/BRA")
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    words = "The Council could not meet in person."
    expect(page.locator("article.letter")).to_contain_text(
        words if language == "en" else f"{words} ({language})"
    )


def test_by_keyboard_alone(site: Site, ana: Actor) -> None:
    page = site.page(ana)
    page.goto(LETTER)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.locator("input[name=p-1][value='approve']").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(page.locator("input[name=p-1][value='object']")).to_be_checked()


def test_after_the_deadline_the_page_says_so_before_one_types(site: Site, ana: Actor) -> None:
    site.desk.clock.set(build.CLOSES_AT - timedelta(minutes=5))  # type: ignore[attr-defined]
    page = site.page(ana)
    page.goto(LETTER)
    choose(page, 1, "approve")
    site.desk.clock.set(build.CLOSES_AT + timedelta(seconds=3))  # type: ignore[attr-defined]
    press(page.locator("button[value=review]"))
    expect(page.locator("main")).to_contain_text("deadline")
    page.goto(LETTER)
    expect(page.locator("main")).to_contain_text("registered as late")


def test_two_tabs_make_one_reply_and_one_conflict(site: Site, ana: Actor) -> None:
    page = site.page(ana)
    page.goto(LETTER)
    other = page.context.new_page()
    other.goto(LETTER)
    choose(page, 1, "approve")
    press(page.locator("button[value=review]"))
    press(page.get_by_role("button", name="Send the reply of Brazil"))
    expect(page.locator("h1")).to_have_text("Your reply has been received")
    other.locator("input[name=p-1][value='abstain'] + label").click()
    press(other.locator("button[value=review]"))
    expect(other.locator(".errors")).to_be_visible()
    expect(other.locator("main")).to_contain_text("Abstain")
