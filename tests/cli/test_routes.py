"""The table of routes as an operator and an auditor read it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from consult.cli import main

PAGE = Path(__file__).parent.parent.parent / "docs" / "routes.md"


def printed(tmp_path: Path, *how: str) -> str:
    instance = tmp_path / "nowhere"
    result = CliRunner().invoke(main, ["routes", *how], env={"CONSULT_INSTANCE": str(instance)})
    assert result.exit_code == 0, result.output
    assert not instance.exists()
    return result.output


def test_every_route_of_the_pages_is_listed_with_its_policy(app: Flask, tmp_path: Path) -> None:
    """T30."""
    listed = json.loads(printed(tmp_path, "--json"))
    assert {(one["pattern"], one["endpoint"]) for one in listed} == {
        (rule.rule, rule.endpoint) for rule in app.url_map.iter_rules()
    }
    assert all(one["policy"] and one["roles"] and one["rule"] for one in listed)
    (send,) = [one for one in listed if one["endpoint"] == "reply.send"]
    assert send == {
        "pattern": "/<lang:lang>/c/<slug>/<member>/send",
        "endpoint": "reply.send",
        "methods": ["POST"],
        "policy": "focal point",
        "roles": ["member"],
        "rule": "a member for which one may reply",
        "fields": ["base", "csrf_token", "key", "p-<item>", "revision", "shown", "shown_in"],
    }


@pytest.mark.parametrize("column", ["/<lang:lang>/office/drafts ", "focal point or auditor  "])
def test_a_terminal_shows_one_line_for_each_route(app: Flask, tmp_path: Path, column: str) -> None:
    lines = printed(tmp_path).splitlines()
    assert len(lines) == len(list(app.url_map.iter_rules()))
    assert any(column in line for line in lines)
    assert all(line == line.rstrip() for line in lines)


def test_the_documentation_s_table_is_current(tmp_path: Path) -> None:
    """T30: `make routes` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == printed(tmp_path, "--markdown")
