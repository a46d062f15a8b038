"""One consultation of 48 members, replied to, counted, certified and published, made once."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.actions import certifying, posting, publishing, replying
from consult.actions.change import Desk
from consult.keys import Keyring
from consult.tables import Record, Reply, make_engine, reading
from consult.wording import catalogues
from tests import build
from tests.conftest import StandingClock


@dataclass(frozen=True)
class Scene:
    """The record as published, and the receipt of Brazil's reply."""

    text: str
    receipt: str

    @property
    def record(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.text)
        return found


@pytest.fixture(scope="session")
def scene(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("scene")
    path = folder / "consult.db"
    path.write_bytes(migrated_file.read_bytes())
    engine = make_engine(f"sqlite:///{path}")
    clock = StandingClock(datetime(2020, 6, 20, 8, 0, tzinfo=UTC))
    try:
        made = _publish(
            Desk(
                engine,
                clock,
                b"a secret of the scene",
                folder,
                Keyring(folder / "keys", makes_own=True),
            )
        )
    finally:
        engine.dispose()
    return made


@pytest.fixture
def words() -> Iterator[Flask]:
    """The catalogues, without any pages."""
    app = Flask("consult")
    catalogues.set_up(app, lambda: "en")
    with app.app_context():
        yield app


def _publish(desk: Desk) -> Scene:
    codes = build.council(desk)
    officer, approver = build.officer(desk), build.approver(desk)
    heads = {code: build.person(desk, f"Head of {code}", member=code) for code in codes}
    slug = build.draft(desk, officer, illustrative="Invented for a test.")
    build.open_it(desk, slug, officer, approver)
    for place, code in enumerate(codes[:30]):
        build.later(desk, minutes=17)
        said = ("object", "abstain", None)[place % 3]
        words = {"c2": "=HYPERLINK(1) Нет, 不, لا", "cgeneral": "Thanks."} if code == "BRA" else {}
        draft = build.answer(code, "approve", said, "approve", **words)
        replying.reply(desk, slug, heads[code], build.sent(desk, draft))
    again = build.answer("ARG", "approve", "approve", "object", base=1)
    replying.reply(desk, slug, heads["ARG"], build.sent(desk, again))
    desk.clock.set(build.CLOSES_AT)
    late = build.answer(codes[40], "object", "object", "object")
    replying.reply(desk, slug, heads[codes[40]], build.sent(desk, late))
    build.later(desk, seconds=120)
    build.confirm(desk, posting.state_post(desk, slug, officer), approver)
    conclusion = certifying.Conclusion(
        texts=build.in_all("The dates stand.\n\n1. *One* thing.\n2. Another."),
        adopted={"3": certifying.Adoption("Decision 620 (C20)", None)},
    )
    build.confirm(desk, certifying.conclude(desk, slug, officer, conclusion), approver)
    publishing.publish(desk, slug, officer)
    with reading(desk.engine) as session:
        text = session.scalars(select(Record.content)).one()
        receipt = session.scalars(select(Reply.receipt).where(Reply.member == "BRA")).one()
    return Scene(text, receipt)
