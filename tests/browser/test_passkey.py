"""A passkey in a real Chromium, with its own virtual authenticator: made, then used to sign in."""

from dataclasses import replace

from playwright.sync_api import Page

from tests import build
from tests.browser.conftest import Site
from tests.browser.looks import press


def authenticator(page: Page) -> None:
    """Give the browser of *page* a device that checks its person."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable", {"enableUI": False})
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def test_a_passkey_is_made_and_signs_in(site: Site) -> None:
    """T11: the script hands the options over, under our content security policy."""
    named = site.url.replace("127.0.0.1", "localhost")
    settings = site.app.extensions["consult_settings"]
    site.app.extensions["consult_settings"] = replace(settings, public_url=named)
    site.url = named
    build.council(site.desk, 3)
    ana = build.person(site.desk, "Ana Focal", member="ARG")
    page = site.page(ana)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    authenticator(page)

    page.goto("/en/me/passkeys")
    page.get_by_label("Name", exact=True).fill("Test key")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("The passkey is saved.").wait_for()

    press(page.get_by_role("button", name="Sign out"))
    page.goto("/en/sign-in?back=/en/me")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("heading", name="My account").wait_for()
    assert "Ana Focal" in page.content()
    assert faults == []


def test_without_a_passkey_the_page_says_so_and_goes_on(site: Site) -> None:
    named = site.url.replace("127.0.0.1", "localhost")
    settings = site.app.extensions["consult_settings"]
    site.app.extensions["consult_settings"] = replace(settings, public_url=named)
    site.url = named
    build.council(site.desk, 3)
    page = site.page()
    authenticator(page)
    page.goto("/en/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("The browser did not use the passkey").wait_for()


def test_without_script_the_other_ways_are_there(site: Site) -> None:
    build.council(site.desk, 3)
    page = site.page(java_script_enabled=False)
    page.goto("/ar/sign-in")
    assert page.get_attribute("html", "dir") == "rtl"
    assert page.locator("form[data-passkey]").count() == 0
    assert page.locator("input[name=address]").is_visible()
    page.locator("summary").first.click()
    assert page.locator("input[name=p-second]").is_visible()
