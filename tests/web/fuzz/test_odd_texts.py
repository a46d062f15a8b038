"""A letter, its replies and comments full of odd signs: every page, file and mail is made of them.

T92, T95, T106.
"""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from consult import worker
from tests import build
from tests import world as worlds
from tests.matrix import rows
from tests.web.fuzz.places import SLOW
from tests.world import World

ODD = (
    "a\x01b\x08c\x0bd\x0ce\x1bf\x7fg\x85h\ufffe\uffff\U0001ffff \u202eevil\u2066 \u200b\u200d\ufeff"
    "\u2028\u2029 <fuzz-mark>'\"`{{7*7}} =cmd|x %s %(name)s {0} \ud55c\uae00 Z\u0335\u0321\u0300"
    "*_#[]()$@\\ end\nBcc: all@example.org\n\n=last"
)
READERS = ("officer", "head", "stranger")
OK, DEFECT = 200, 500


@pytest.fixture(scope="module")
def odd(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Build the world with odd signs in whatever its people wrote."""
    folder = tmp_path_factory.mktemp("odd")
    (folder / "consult.db").write_bytes(migrated_file.read_bytes())
    plain, answer, council = build.in_all, build.answer, build.council

    def in_all(words: str) -> dict[str, str]:
        return {code: f"{said} {ODD}" for code, said in plain(words).items()}

    def odd_answer(member: str, *choices: str | None, base: int = 0, **comments: str) -> Any:
        said = {name: text + ODD for name, text in comments.items()}
        return answer(member, *choices, base=base, **said)

    def plain_council(*given: Any) -> list[str]:
        with pytest.MonkeyPatch.context() as back:  # names of members are the operator's
            back.setattr(build, "in_all", plain)
            return council(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "in_all", in_all)
        patch.setattr(build, "answer", odd_answer)
        patch.setattr(build, "council", plain_council)
        with worlds.made(f"sqlite:///{folder / 'consult.db'}", folder) as made:
            yield made


def seen(world: World, clients: list[FlaskClient], address: str) -> str:
    """Return what is wrong with an address for the first who may read it."""
    for client in clients:
        with client.get(address) as answer:
            if answer.status_code >= DEFECT:
                return f"{address}: {answer.status_code}"
            if answer.mimetype == "text/html" and "<fuzz-mark" in answer.text:
                return f"{address}: raw markup"
            if answer.status_code == OK:
                return ""
    return ""


@pytest.mark.parametrize("files", [True, False], ids=["files", "pages"])
def test_whatever_people_wrote_every_page_and_file_is_made(
    odd: World, caplog: pytest.LogCaptureFixture, files: bool
) -> None:
    adapter = odd.app.url_map.bind("127.0.0.1")
    clients = [odd.visitor(name) for name in READERS]
    wrong, read = [], 0
    for row in rows(odd):
        if row.answers.get("GET") == OK and bool(SLOW.search(row.endpoint)) is files:
            address = adapter.build(row.endpoint, {"lang": "ar", **row.values}, "GET")
            wrong.append(seen(odd, clients, address))
            read += 1
    assert read > 15
    assert not [one for one in wrong if one]
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_every_mail_about_it_is_sent(odd: World, caplog: pytest.LogCaptureFixture) -> None:
    """T87: what is written with lines in it stays in the one line of a subject."""
    assert worker.once(odd.app) > 100
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
