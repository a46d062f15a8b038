"""The settings: typed, all faults at once, each variable documented, production strict."""

from pathlib import Path

import pytest

from consult.settings import VARIABLES, SettingsError, load

ROOT = Path(__file__).parent.parent
PRODUCTION = {
    "CONSULT_ENV": "production",
    "CONSULT_DATABASE_URL": "postgresql://consult@db/consult",
    "CONSULT_SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "CONSULT_PUBLIC_URL": "https://consult.example.org",
    "CONSULT_MAIL_SENDER": "consult@example.org",
}


def faults(environ: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        load(environ)
    return str(refused.value).splitlines()


def test_an_empty_environment_suits_one_laptop() -> None:
    found = load({})
    assert not found.production
    assert (found.host, found.port, found.mail) == ("127.0.0.1", 8000, "maildir")


def test_a_production_that_is_given_all_it_needs_is_accepted() -> None:
    assert load(PRODUCTION).secure


def test_all_faults_are_said_at_once() -> None:
    said = faults({"CONSULT_PORT": "x", "CONSULT_MAIL": "pigeon", "CONSULT_THREADS": "0"})
    assert [line.split()[0] for line in said] == ["CONSULT_PORT", "CONSULT_MAIL", "CONSULT_THREADS"]


@pytest.mark.parametrize("missing", [name for name in PRODUCTION if name != "CONSULT_ENV"])
def test_production_needs_each_of_its_settings(missing: str) -> None:
    environ = {name: value for name, value in PRODUCTION.items() if name != missing}
    assert any(line.startswith(missing) for line in faults(environ))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CONSULT_SECRET_KEY", "short"),
        ("CONSULT_PUBLIC_URL", "http://consult.example.org"),
        ("FLASK_DEBUG", "1"),
    ],
)
def test_production_refuses_what_is_not_safe(name: str, value: str) -> None:
    assert any(name in line for line in faults({**PRODUCTION, name: value}))


@pytest.mark.parametrize(
    ("name", "value"),
    [("CONSULT_HOST", "0.0.0.0"), ("CONSULT_PUBLIC_URL", "http://consult.example.org")],  # noqa: S104
)
def test_the_demo_stays_on_its_own_machine(name: str, value: str) -> None:
    assert any(name in line for line in faults({name: value}))


def test_a_command_is_its_words_and_no_shell() -> None:
    assert load({}).scanner == ()
    found = load({"CONSULT_SCANNER": "scan --as 'a file' - ; true"})
    assert found.scanner == ("scan", "--as", "a file", "-", ";", "true")
    (said,) = faults({"CONSULT_SCANNER": "scan 'it"})
    assert "not closed" in said


def test_the_address_follows_the_port() -> None:
    assert load({"CONSULT_PORT": "9000"}).public_url == "http://127.0.0.1:9000"


def test_an_address_of_a_hosting_panel_is_understood() -> None:
    found = load({"CONSULT_DATABASE_URL": "postgres://u@h/d"})
    assert found.database == "postgresql://u@h/d"


def test_the_example_names_every_variable_with_its_default() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert given == {name: default for name, (default, _what) in VARIABLES.items()}


def test_the_readme_names_every_variable_with_its_default() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name, (default, what) in VARIABLES.items():
        shown = f"`{default}`" if default else ""
        assert f"| `{name}` | {shown} | {what} |" in readme, name


def test_nothing_else_reads_the_environment() -> None:
    readers = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "consult").rglob("*.py")
        if "os.environ" in path.read_text(encoding="utf-8")
    }
    assert readers == {"consult/cli/deployment.py"}
