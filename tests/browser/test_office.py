"""The secretariat drafts, opens, chases, closes, concludes, certifies and publishes."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from consult.actions import replying
from consult.core.life import Actor
from tests import build
from tests.browser.conftest import Site
from tests.browser.looks import good, press

HERE = "/en/office/CONS-2020-1"


@pytest.fixture
def staff(site: Site) -> dict[str, Actor]:
    build.council(site.desk, 6)
    return {"officer": build.officer(site.desk), "approver": build.approver(site.desk)}


def confirm(site: Site, who: Actor, button: str) -> Page:
    """Go to the request that waits, from the desk, and confirm it."""
    page = site.page(who)
    page.goto("/en/office")
    press(page.locator("main .docket a.btn, main .docket a").first)
    press(page.locator("button[value=confirm]", has_text=button))
    return page


def record_on_behalf(officer: Page, scan: Path) -> None:
    """Record what Canada wrote in a note verbale."""
    officer.goto(f"{HERE}/record-reply")
    officer.locator("select[name=member]").select_option("CAN")
    officer.locator("input[name=channel][value=note_verbale]").check()
    officer.locator("input[name=received-day]").fill("16")
    officer.locator("select[name=received-month]").select_option("7")
    officer.locator("input[name=received-year]").fill("2020")
    officer.locator("input[name=received-time]").fill("09:40")
    officer.locator("input[type=file]").set_input_files(scan)
    officer.locator("textarea[name=reason]").fill("The mission had no access.")
    for item in (1, 2, 3):
        officer.locator(f"input[name=p-{item}][value=approve] + label").click()
    press(officer.get_by_role("button", name="Record it and ask a second officer"))


def test_from_the_check_to_the_published_record(
    site: Site, staff: dict[str, Actor], tmp_path: Path
) -> None:
    desk = site.desk
    slug = build.draft(desk, staff["officer"])
    officer = site.page(staff["officer"])
    officer.goto(f"/en/office/{slug}/draft/7")
    press(officer.get_by_role("button", name="Submit the draft CONS-2020/1"))
    expect(officer.locator("main")).to_be_visible()
    approver = confirm(site, staff["approver"], "Open the consultation")
    expect(approver.locator(".tag")).to_have_text("Open")

    for code in ("ARG", "BHS", "BRA"):
        who = build.person(desk, f"Head of {code}", member=code)
        draft = build.answer(code, "approve", "object", "approve", c2="CANARY words.")
        replying.reply(desk, slug, who, build.sent(desk, draft))
    officer.goto(HERE)
    expect(officer.locator("main")).to_contain_text("3 of 6")
    for part in ("", "/replies", "/notices", "/documents", "/history"):
        officer.goto(HERE + part)
        assert "CANARY" not in officer.content()

    desk.clock.set(build.CLOSES_AT - timedelta(minutes=30))  # type: ignore[attr-defined]
    scan = tmp_path / "note.pdf"
    scan.write_bytes(b"%PDF-1.7\na note verbale\n")
    record_on_behalf(site.page(staff["officer"]), scan)
    confirm(site, staff["approver"], "Confirm the reply")

    desk.clock.set(build.CLOSES_AT + timedelta(seconds=120))  # type: ignore[attr-defined]
    officer = site.page(staff["officer"])
    officer.goto(HERE)
    expect(officer.locator(".tag")).to_have_text("Closed: waiting for the post")
    good(officer)
    boxes = officer.locator("form input[type=radio]")
    if boxes.count():
        boxes.first.check()
    press(officer.get_by_role("button", name="Ask a second officer to confirm"))
    confirm(site, staff["approver"], "Confirm the statement")

    officer.goto(f"{HERE}/record")
    expect(officer.locator("main")).to_contain_text("CANARY words.")
    officer.goto(f"{HERE}/conclusion")
    good(officer)
    for language in build.LANGUAGES:
        officer.locator(f"main textarea[lang={language}]").fill("The dates stand.")
    officer.locator("main input[name^=number]").fill("Decision 620 (C20)")
    press(officer.get_by_role("button", name="Ask an approver to certify it"))
    confirm(site, staff["approver"], "Certify the record")
    officer.goto(f"{HERE}/record")
    press(officer.get_by_role("button", name="Publish"))
    expect(officer.locator("h1")).to_contain_text("Dates and chairs")
    good(officer)
    anybody = site.page()
    anybody.goto("/en/decisions")
    press(anybody.get_by_role("link", name="Dates and chairs"))
    expect(anybody.locator("main")).to_contain_text("The dates stand.")


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_every_page_of_the_office_is_accessible_and_fits(
    site: Site, staff: dict[str, Actor], language: str
) -> None:
    slug = build.draft(site.desk, staff["officer"])
    build.open_it(site.desk, slug, staff["officer"], staff["approver"])
    build.draft(site.desk, staff["officer"], reference="CONS-2020/2")
    page = site.page(staff["officer"], locale=language)
    paths = ["office", "office/drafts", "office/to-certify", "office/published"]
    paths += [
        f"office/{slug}{part}"
        for part in ("", "/replies", "/notices", "/documents", "/history", "/record-reply")
    ]
    paths += [f"office/CONS-2020-2/draft/{step}" for step in range(1, 8)]
    paths += ["office/drafts/new", "office/CONS-2020-2/draft/preview/letter"]
    for path in paths:
        page.goto(f"/{language}/{path}")
        good(page)


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_every_public_page_is_accessible_and_fits(site: Site, language: str) -> None:
    build.council(site.desk, 3)
    page = site.page(locale=language)
    for path in (
        "decisions",
        "verify",
        "sign-in",
        "about/accessibility",
        "about/rules",
        "about/privacy",
        "about/contact",
        "mail",
        "no-such-page",
    ):
        page.goto(f"/{language}/{path}")
        good(page)
