"""The command line as an operator meets it: what it says, and with what it ends."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from consult import cli, clock
from consult.cli import main
from consult.core.life import CommentPolicy, Disclosure, State, Unconfirmed
from consult.tables import Body, Consultation, make_engine, writing

DATA = Path(__file__).parent.parent.parent / "consult" / "data"
BODY = str(DATA / "itu-council-2020" / "body.yaml")
COUNCIL = str(DATA / "council-2019-2022.csv")
DATES = str(DATA / "itu-council-2020" / "consultation-dates.yaml")
FIRST = ("init", "--name", "A. Admin", "--address", "admin@example.org")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {
        "CONSULT_DATABASE_URL": f"sqlite:///{tmp_path / 'consult.db'}",
        "CONSULT_INSTANCE": str(tmp_path),
    }


def run(environ: Mapping[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env=environ)


@pytest.fixture
def engine_of(environ: dict[str, str]) -> Iterator[sa.Engine]:
    """The database of a deployment that has its first administrator."""
    assert run(environ, *FIRST).exit_code == 0
    engine = make_engine(environ["CONSULT_DATABASE_URL"])
    yield engine
    engine.dispose()


def real(environ: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "consult", *arguments],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("name", sorted(cli.COMMANDS))
def test_every_command_is_there_and_says_what_it_does(name: str) -> None:
    result = run({}, name, "--help")
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: main {name}")


def test_the_first_administrator_gets_a_link_and_there_is_no_second(environ: dict) -> None:
    made = run(environ, *FIRST)
    assert made.exit_code == 0
    assert "http://127.0.0.1:8000/en/invitations/" in made.stdout
    again = run(environ, *FIRST)
    assert (again.exit_code, again.stdout) == (1, "")


def test_an_address_that_is_none_is_refused(environ: dict) -> None:
    result = run(environ, "init", "--name", "A", "--address", "nobody")
    assert (result.exit_code, result.stderr) == (2, "address: must be an e-mail address\n")


def test_an_empty_database_is_told_what_to_do_about(environ: dict) -> None:
    result = run(environ, "tick")
    assert result.exit_code == 1
    assert "consult init" in result.stderr


def test_a_database_of_a_later_version_is_told_what_to_do_about(
    environ: dict, engine_of: sa.Engine
) -> None:
    with engine_of.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for command in ("tick", "upgrade", "demo"):
        result = run(environ, command)
        assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
        assert "later version" in result.stderr


def test_a_database_that_cannot_be_reached_is_one_line() -> None:
    environ = {"CONSULT_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    for command in ("tick", "demo"):
        result = run(environ, command)
        assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
        assert "cannot be reached" in result.stderr


def test_faulty_settings_are_all_told() -> None:
    result = real({"CONSULT_PORT": "x", "CONSULT_MAIL": "pigeon"}, "tick")
    assert (result.returncode, result.stdout) == (2, "")
    assert [line.split()[0] for line in result.stderr.splitlines()] == [
        "CONSULT_PORT",
        "CONSULT_MAIL",
    ]


def test_bodies_members_and_letters_come_in_from_files(
    environ: dict, engine_of: sa.Engine, tmp_path: Path
) -> None:
    people = tmp_path / "people.csv"
    people.write_text("member,role,name,address,language\nKEN,head,A,a@example.org,en\n")
    steps = [
        ("import-body", BODY),
        ("import-members", COUNCIL, "--body", "itu-council"),
        ("import-people", str(people), "--dry-run"),
        ("import-people", str(people)),
        ("import-consultation", DATES),
    ]
    said = []
    for step in steps:
        result = run(environ, *step)
        assert (result.exit_code, result.stderr) == (0, ""), step
        said.append(result.stdout)
    assert "48 seats made" in said[1]
    assert said[2].endswith("Nothing was changed.\n")
    assert said[3].startswith("1 new people, 1 focal points named")
    assert "C20-CC-1" in said[4]
    again = run(environ, "import-consultation", DATES)
    assert again.exit_code == 2
    assert again.stderr == f"{DATES}: reference: a consultation has this reference already\n"


def test_a_letter_comes_in_as_a_rehearsal_where_the_option_says_so(
    environ: dict, engine_of: sa.Engine
) -> None:
    assert run(environ, "import-body", BODY).exit_code == 0
    assert run(environ, "import-consultation", DATES, "--rehearsal").exit_code == 0
    with engine_of.connect() as connection:
        assert connection.scalar(sa.select(Consultation.rehearsal)) is True


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"consultation: {colour: red}", "consultation.colour: has no place here"),
        (b"a: [", "line 1: "),
        (b"\xff\xfe\x00", "is not text in UTF-8"),
    ],
)
def test_a_faulty_file_is_named_with_path_and_what_was_expected(
    environ: dict, engine_of: sa.Engine, tmp_path: Path, content: bytes, place: str
) -> None:
    file = tmp_path / "letter.yaml"
    file.write_bytes(content)
    result = run(environ, "import-consultation", str(file))
    assert (result.exit_code, result.stdout) == (2, "")
    assert any(line.startswith(f"{file}: {place}") for line in result.stderr.splitlines())


def test_a_file_that_is_not_there_is_named(environ: dict, engine_of: sa.Engine) -> None:
    result = run(environ, "import-body", "nowhere.yaml")
    assert result.exit_code == 2
    assert result.stderr == "nowhere.yaml: cannot be read: No such file or directory\n"


def test_an_upgrade_that_is_not_needed_changes_nothing(
    environ: dict, engine_of: sa.Engine, tmp_path: Path
) -> None:
    result = run(environ, "upgrade")
    assert (result.exit_code, "up to date" in result.stdout) == (0, True)
    assert list(tmp_path.glob("*-before-*")) == []


def near_deadline(engine: sa.Engine, closes_at: datetime) -> None:
    now = clock.now()
    with writing(engine) as session:
        body = Body(
            slug="club",
            name={},
            seat={},
            zone="UTC",
            languages=["en"],
            working_language="en",
            groups=[],
            rule={},
            presiding_title={},
            remarks={},
        )
        session.add(body)
        session.flush()
        session.add(
            Consultation(
                slug="X-1",
                reference="X/1",
                ledger="0",
                body_id=body.id,
                state=State.OPEN,
                revision=0,
                languages=["en"],
                subject={},
                legal_basis={},
                letter={},
                headings=[],
                comments=CommentPolicy.NONE,
                disclosure=Disclosure.AFTER_CLOSING,
                unconfirmed=Unconfirmed.STANDS,
                public=True,
                opens_at=now - timedelta(days=9),
                closes_at=closes_at,
                reminders=[],
                waived={},
                remarks={},
                draft_version=1,
                made_at=now,
                changed_at=now,
                number=-1,
                head="0",
            )
        )


@pytest.mark.parametrize("hours", [-23, 23])
def test_an_upgrade_within_a_day_of_a_deadline_waits(
    environ: dict, engine_of: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    near_deadline(engine_of, clock.now() + timedelta(hours=hours))
    monkeypatch.setattr("consult.cli.upgrade.at_head", lambda _engine: False)
    refused = run(environ, "upgrade")
    assert (refused.exit_code, "X/1" in refused.stderr) == (1, True)
    assert list(tmp_path.glob("*-before-*")) == []
    done = run(environ, "upgrade", "--anyway")
    assert done.exit_code == 0
    assert len(list(tmp_path.glob("consult-before-*-*.db"))) == 1


def test_an_upgrade_far_from_any_deadline_is_done(
    environ: dict, engine_of: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    near_deadline(engine_of, clock.now() + timedelta(hours=25))
    monkeypatch.setattr("consult.cli.upgrade.at_head", lambda _engine: False)
    assert run(environ, "upgrade").exit_code == 0


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def test_a_taken_port_is_told_what_to_do_about(environ: dict, engine_of: sa.Engine) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = real(environ, "serve", "--port", str(taken.getsockname()[1]))
    assert (result.returncode, len(result.stderr.splitlines())) == (1, 1)
    assert "is taken" in result.stderr


def test_the_demo_is_served_on_this_machine_alone(environ: dict) -> None:
    result = run(environ, "serve", "--host", "0.0.0.0")  # noqa: S104
    assert (result.exit_code, "loopback only" in result.stderr) == (2, True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_service_answers_and_ends_when_it_is_told_to(
    environ: dict, engine_of: sa.Engine, number: signal.Signals
) -> None:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "consult", "serve", "--worker", "--port", str(port)],
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert f":{port}" in process.stdout.readline()
        with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
            line.sendall(f"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
            answer = line.recv(4096).decode()
        assert answer.startswith("HTTP/1.0 200")
        assert "server:" not in answer.casefold()
        process.send_signal(number)
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        process.communicate()
