"""The table of routes: each with its methods, who may use it, and of which objects (T30)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from consult.web.policy import Policy, policy_of

# Each view that takes a form, with the names it takes; a test holds it to the pages.
FIELDS = Path(__file__).with_name("fields.txt")
_ANSWERED_BY_ITSELF = frozenset({"HEAD", "OPTIONS"})
_MARK = "csrf_token"  # every form has it


@dataclass(frozen=True, slots=True)
class Route:
    """One pattern of addresses.

    Args:
        policy: Its name.
        roles: Who may come: roles, ``member`` for the people of a member, ``everybody``, or
            ``signed in`` where no role is asked for.
        rule: Of which objects, in words.
        fields: Names that its forms send; what stands for one of many is in angle brackets.
    """

    pattern: str
    endpoint: str
    methods: tuple[str, ...]
    policy: str
    roles: tuple[str, ...]
    rule: str
    fields: tuple[str, ...] = ()


def routes_of(app: Flask) -> list[Route]:
    """Return every route, in the order of the patterns; HEAD and OPTIONS go without saying."""
    fields = _fields()
    found = [
        Route(
            pattern=rule.rule,
            endpoint=rule.endpoint,
            methods=tuple(sorted((rule.methods or set()) - _ANSWERED_BY_ITSELF)),
            policy=policy.name,
            roles=_roles(policy),
            rule=policy.rule,
            fields=fields.get(rule.endpoint, ()) if "POST" in (rule.methods or ()) else (),
        )
        for rule in app.url_map.iter_rules()
        if (policy := policy_of(app, rule.endpoint)) is not None
    ]
    return sorted(found, key=lambda route: (route.pattern, route.methods))


def aligned(routes: Sequence[Route]) -> str:
    """Return the table for a terminal."""
    rows = [_cells(route) for route in routes]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def as_markdown(routes: Sequence[Route]) -> str:
    """Return the page of the documentation."""
    lines = [
        f"| `{address}` | {' | '.join(said)} | {_as_code(names)} |"
        for address, *said, names in map(_cells, routes)
    ]
    return "\n".join([_PREAMBLE, *lines, ""])


def _fields() -> dict[str, tuple[str, ...]]:
    lines = FIELDS.read_text(encoding="utf-8").splitlines()
    found = (line.partition(": ") for line in lines)
    return {endpoint: tuple(names.split()) for endpoint, _, names in found}


def _roles(policy: Policy) -> tuple[str, ...]:
    if not policy.signed_in:
        return ("everybody",)
    found = sorted(policy.roles | policy.or_roles)
    own = ("member",) if policy.own_member else ()
    return (*own, *found) or ("signed in",)


def _as_code(names: str) -> str:
    return " ".join(f"`{name}`" for name in names.split())


def _cells(route: Route) -> tuple[str, ...]:
    methods, roles = ", ".join(route.methods), ", ".join(route.roles)
    names = [name for name in route.fields if not name.endswith(_MARK)]
    return route.pattern, methods, route.policy, roles, route.rule, " ".join(names)


_PREAMBLE = """\
# Who may use which address

Written by `consult routes --markdown`; `make routes` writes it anew, and a test compares the two.
Every route names its policy, or the service does not start. HEAD and OPTIONS go where GET goes.
What lies outside one's scope is answered as if it were not there (404, the same bytes); what lies
inside it and needs another role is refused (403); who is not signed in is sent to sign in, with
the way back kept. `tests/web/test_matrix.py` tries each role on each route, on one's own object, on
another's and on one that is not there.

`member` is who may reply for the member in the address, or advises it; what the state of a
consultation allows, and that two persons are needed, is judged beyond this table by the action.

*Fields* are the names that the forms on the pages send there, each form with its mark against
forgery besides (`csrf_token`). What stands in angle brackets is one of many. A test gathers them
from the pages of a whole service, and compares.

| address | methods | policy | who | of which objects | fields |
|---|---|---|---|---|---|"""
