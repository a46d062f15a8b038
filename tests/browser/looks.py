"""What holds of every page: axe finds nothing, nothing scrolls sideways."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def press(link_or_button: Locator) -> None:
    """Press what leads to another page, and go on only when that page is there."""
    with link_or_button.page.expect_navigation():
        link_or_button.click()


def accessible(page: Page) -> None:
    """Refuse a page in which axe finds a violation, light or dark."""
    for scheme in ("light", "dark"):
        # Colours that still change would be measured half way.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        found = Axe().run(page, options=_RULES)
        assert found.violations_count == 0, (page.url, scheme, found.generate_report())
    page.emulate_media(color_scheme="light")


def fits(page: Page, *widths: int) -> None:
    """Refuse a page that scrolls sideways."""
    before = page.viewport_size
    for width in widths or (320, 390, 640):
        page.set_viewport_size({"width": width, "height": 740})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, (page.url, width, wide)
    if before:
        page.set_viewport_size(before)


def good(page: Page) -> None:
    accessible(page)
    fits(page)
