"""Takes the pictures of the guide: ``python -m tests.screenshots FOLDER``."""

import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import select
from waitress.server import create_server

from consult import clock
from consult.actions.accounts import DEMO_DOMAIN
from consult.actions.change import Desk
from consult.app import create_app
from consult.cli import demo
from consult.core.ledger import sha256_hex
from consult.settings import load
from consult.tables import LoginSession, Person, make_engine, writing
from consult.tables.migrating import upgrade

OFFICER, KENYA = "officer", "kenya"
PICTURES = (
    ("office", OFFICER, "/en/office"),
    ("draft", OFFICER, "/en/office/C20-CC-3/draft/4"),
    ("open", OFFICER, "/en/office/C20-CC-2"),
    ("record", None, "/en/decisions/C20-CC-1"),
    ("desk", KENYA, "/en/desk"),
    ("reply", KENYA, "/en/c/C20-CC-2/KEN"),
)
WIDTH, HEIGHT = 1200, 800


@contextmanager
def served(folder: Path) -> Iterator[tuple[Flask, str]]:
    """Serve a demonstration of its own; give the application and its address."""
    settings = load(
        {
            "CONSULT_DATABASE_URL": f"sqlite:///{folder / 'consult.db'}",
            "CONSULT_INSTANCE": str(folder),
        }
    )
    upgrade(settings.database)
    engine = make_engine(settings.database)
    app = create_app(settings, clock.now, engine)
    demo.load(app.extensions["consult"])
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    Thread(target=server.run, daemon=True).start()
    try:
        yield app, f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        engine.dispose()


def cookie_of(app: Flask, person: str) -> str:
    """Begin a session of one of the demonstration's people; return the browser's cookie."""
    desk: Desk = app.extensions["consult"]
    token, now = secrets.token_urlsafe(32), desk.clock()
    with writing(desk.engine) as session:
        person_id = session.scalars(
            select(Person.id).where(Person.address_key == f"{person}@{DEMO_DOMAIN}")
        ).one()
        session.add(
            LoginSession(
                token_hash=sha256_hex(token.encode()),
                person_id=person_id,
                made_at=now,
                seen_at=now,
                strong_at=now,
                factors="link password",
                browser="pictures",
            )
        )
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(serializer.dumps({"_user_id": token, "_fresh": True}))


def take(browser: Browser, app: Flask, address: str, target: Path) -> None:
    """Take every picture."""
    target.mkdir(parents=True, exist_ok=True)
    for name, person, path in PICTURES:
        context = browser.new_context(
            viewport={"width": WIDTH, "height": HEIGHT}, locale="en-GB", timezone_id="Europe/Zurich"
        )
        if person is not None:
            value = cookie_of(app, person)
            context.add_cookies(
                [
                    {
                        "name": str(app.config["SESSION_COOKIE_NAME"]),
                        "value": value,
                        "url": address,
                    }
                ]
            )
        page = context.new_page()
        answer = page.goto(address + path)
        if answer is None or not answer.ok:
            raise SystemExit(f"{path}: {answer.status if answer else 'no answer'}")
        page.screenshot(path=target / f"{name}.png")
        context.close()


def main(target: Path) -> None:
    """Take the pictures from a demonstration that is thrown away."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder)) as (app, address),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        take(browser, app, address, target)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
