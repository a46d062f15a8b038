"""What is done more rarely than a reply, each in one language, on a phone and in the dark too."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from consult.actions import observing
from consult.queries.sessions import actor_of
from consult.tables import Person, reading, writing
from tests import build, contests
from tests.browser.conftest import Site
from tests.browser.looks import good, press
from tests.browser.test_passkey import authenticator
from tests.office import HERE, SLUG, Office, office_of


@pytest.fixture
def office(site: Site) -> Office:
    return office_of(site.app, site.desk, 4)


def test_a_member_comments_on_a_paragraph(site: Site, office: Office) -> None:
    text = build.in_all("The dates are 8 to 18 June.\n\nThe session is held in Geneva.")
    dates = build.item("1", "Dates", kind="text", text=text)
    office.open(kind="comments", rule=None, items=[dates])
    page = site.page(office.people["ARG"], locale="ar")
    page.goto(f"/ar/c/{SLUG}/ARG/comments")
    page.locator("details.cmt > summary").nth(1).click()
    page.locator("textarea[name='t-1:2']").fill("Say which hall.")
    good(page)
    press(page.locator("button[value=check]:visible"))
    expect(page.locator("main")).to_contain_text("Say which hall.")
    press(page.locator("main form button.btn").first)
    expect(page.locator("main .note, main h1").first).to_be_visible()
    assert page.url.endswith("/comments/1")
    good(page)


def test_a_late_reply_is_contested_and_ruled_upon(site: Site, office: Office) -> None:
    office.open()
    contests.late_reply(office, "BRA")
    contests.state_post(office)
    page = site.page(office.people["BRA"])
    page.goto(contests.receipt("BRA"))
    page.locator("textarea[name=grounds]").fill(contests.GROUNDS)
    press(page.locator("form[action$='/contest'] button"))
    expect(page.locator("main")).to_contain_text(contests.GROUNDS)

    officer = site.page(office.people["officer"])
    officer.goto(f"{HERE}/late")
    press(officer.get_by_role("link", name="Enter the ruling"))
    officer.locator("input[name=counts][value=counts]").check()
    officer.locator("textarea[name=reasons]").fill(contests.REASONS)
    officer.locator("input[name=authority]").fill(contests.AUTHORITY)
    good(officer)
    press(officer.locator("main form button.btn").first)
    officer.goto(f"{HERE}/late")
    expect(officer.locator("main")).to_contain_text("A ruling waits for a second person")

    approver = site.page(office.people["approver"])
    approver.goto(f"{HERE}/late")
    press(approver.get_by_role("link", name="A ruling waits for a second person"))
    good(approver)
    press(approver.locator("button[value=confirm]"))
    page.goto(contests.receipt("BRA"))
    expect(page.locator("main")).to_contain_text(contests.REASONS)


def test_a_rehearsal_says_at_every_step_that_it_is_one(site: Site, office: Office) -> None:
    says = "This is a rehearsal: it counts for nothing."
    officer = site.page(office.people["officer"])
    officer.goto("/en/office/drafts/new")
    form = officer.locator("form:has(select[name=kind])")
    form.locator("input[name=reference]").fill("TRY-1")
    form.locator("input[name=rehearsal]").check()
    press(form.locator("button.btn"))
    expect(officer.locator(".specimen", has_text=says)).to_be_visible()
    good(officer)
    office.open(rehearsal=True)
    member = site.page(office.people["ARG"])
    member.goto("/en/desk")
    expect(member.locator(".tag", has_text="Rehearsal")).to_be_visible()
    press(member.locator("main .docket a.btn"))
    expect(member.locator(".specimen", has_text=says)).to_be_visible()
    good(member)


def test_passkeys_are_kept_on_a_page_of_their_own(site: Site, office: Office) -> None:
    named = site.url.replace("127.0.0.1", "localhost")
    settings = site.app.extensions["consult_settings"]
    site.app.extensions["consult_settings"] = replace(settings, public_url=named)
    site.url = named
    page = site.page(office.people["ARG"], locale="zh")
    authenticator(page)
    page.goto("/zh/me/passkeys")
    page.locator("form[data-passkey] input[name=name]").fill("Laptop")
    with page.expect_navigation():
        page.locator("form[data-passkey] button").click()
    expect(page.locator("main")).to_contain_text("Laptop")
    good(page)
    page.goto("/zh/me")
    expect(page.locator("main")).to_contain_text("Laptop")


def test_an_observer_reads_the_letter_and_has_no_form(site: Site, office: Office) -> None:
    desk = site.desk
    office.open(observers=True)
    new = observing.NewObserver(build.BODY, "Olga Observer", "olga@unesco.example", "ar", "UNESCO")
    observing.name(desk, office.people["officer"], new)
    with writing(desk.engine) as session:
        person = session.scalars(select(Person).where(Person.name == new.name)).one()
        person.set_up_at = desk.clock()
        number = person.id
    with reading(desk.engine) as session:
        olga = actor_of(session, number, desk.clock())
    page = site.page(olga, locale="ar")
    page.goto("/ar/observe")
    press(page.locator("main table a"))
    expect(page.locator(".letter").first).to_be_visible()
    expect(page.locator("main form")).to_have_count(0)
    good(page)
