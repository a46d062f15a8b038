"""The shipped decision rules: one file each, with the text that it follows."""

from functools import cache
from importlib.resources import files

from consult.core.rule import Rule, parse
from consult.errors import NotFound
from consult.rules.strict import load_yaml

__all__ = ["all_ids", "load", "load_data", "load_yaml"]

_SUFFIX = ".yaml"


@cache
def _ids() -> tuple[str, ...]:
    names = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX)))


def all_ids() -> list[str]:
    """Name the shipped rules, in the order of the alphabet."""
    return list(_ids())


@cache
def load(id: str) -> Rule:  # noqa: A002 - a rule's own word
    """Give the shipped rule *id*.

    Raises:
        NotFound: There is no such rule.
    """
    return parse(load_data(id), id)


def load_data(id: str) -> dict[str, object]:  # noqa: A002 - a rule's own word
    """Give the shipped rule *id* as its file says it.

    Raises:
        NotFound: There is no such rule.
    """
    if id not in _ids():
        raise NotFound(rule=id)
    found = load_yaml((files(__name__) / f"{id}{_SUFFIX}").read_text(encoding="utf-8"))
    assert isinstance(found, dict)  # noqa: S101 - a shipped file; its test reads it
    return found
