"""A real Chromium on a real server with a clock that the test moves; both databases."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from consult.actions.change import Desk
from consult.core.life import Actor
from tests import build
from tests.conftest import absent

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        absent("Chromium", "no chromium on the path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Site:
    """The service as a browser sees it."""

    url: str
    app: Flask
    desk: Desk
    browser: Browser
    opened: list[BrowserContext]

    def page(self, who: Actor | None = None, **more: Any) -> Page:
        """Open a page in a browser of its own, signed in as *who*."""
        more.setdefault("locale", "en")
        more.setdefault("timezone_id", "Europe/Zurich")
        context = self.browser.new_context(base_url=self.url, **more)
        context.set_default_timeout(15_000)
        self.opened.append(context)
        if who is not None:
            client = self.app.test_client()
            build.sign_in(client, self.desk, who)
            cookie = client.get_cookie("consult")
            assert cookie is not None
            context.add_cookies(
                [{"name": "consult", "value": cookie.value, "url": self.url, "httpOnly": True}]
            )
        return context.new_page()


@pytest.fixture
def site(app: Flask, chromium: Browser) -> Iterator[Site]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    opened: list[BrowserContext] = []
    yield Site(
        f"http://127.0.0.1:{server.server_port}",
        app,
        app.extensions["consult"],
        chromium,
        opened,
    )
    for context in opened:
        context.close()
    server.shutdown()
    thread.join()
    server.server_close()
