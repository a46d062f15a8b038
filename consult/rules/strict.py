"""Read YAML from people exactly: what is there twice, refers elsewhere or surprises is refused."""

import re
from collections.abc import Hashable
from typing import Any, ClassVar

import yaml

from consult.errors import BadInput

_TAG = "tag:yaml.org,2002:"


class _Strict(yaml.SafeLoader):
    """Texts, whole numbers, true, false, null, lists and objects; everything else is text.

    So a date stays as it was written, ``1.10`` does not become 1.1, nor ``no`` False.
    """

    yaml_implicit_resolvers = {}  # noqa: RUF012 - typed by its base
    yaml_constructors: ClassVar[dict[str | None, Any]] = {}

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.get_mark()
            raise yaml.composer.ComposerError(None, None, "an alias is not allowed", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        if not isinstance(node, yaml.MappingNode):  # a tag may say so of anything
            raise _fault("must be an object", node)
        found: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise _fault("a key must be a text", key_node)
            if key in found:
                raise _fault("a key is there twice", key_node)
            found[key] = self.construct_object(value_node, deep=deep)
        return found

    def whole(self, node: yaml.ScalarNode) -> int:
        return int(self._plain(node, "int"))

    def flag(self, node: yaml.ScalarNode) -> bool:
        return self._plain(node, "bool") == "true"

    def _plain(self, node: yaml.ScalarNode, kind: str) -> str:
        """Return a scalar that is written as its kind is, whatever a tag says of it."""
        spelled = str(self.construct_scalar(node))
        if not _SPELLED[kind].match(spelled):
            raise _fault(f"is not written as {_KINDS[kind]}", node)
        return spelled

    def unknown(self, node: yaml.Node) -> object:
        raise _fault("a tag is not allowed", node)


_SPELLED = {
    "bool": re.compile(r"(?:true|false)\Z", re.ASCII),
    "null": re.compile(r"(?:null|~|)\Z", re.ASCII),
    "int": re.compile(r"(?:0|-?[1-9][0-9]{0,29})\Z", re.ASCII),
}
_KINDS = {"bool": "true or false", "int": "a whole number of at most 30 digits"}
_FIRST = {"bool": ["t", "f"], "null": ["n", "~", ""], "int": [*"-0123456789"]}


def _fault(what: str, node: yaml.Node) -> yaml.constructor.ConstructorError:
    return yaml.constructor.ConstructorError(None, None, what, node.start_mark)


_Strict.yaml_constructors |= {
    f"{_TAG}bool": _Strict.flag,
    f"{_TAG}null": _Strict.construct_yaml_null,
    f"{_TAG}int": _Strict.whole,
    f"{_TAG}str": _Strict.construct_yaml_str,
    f"{_TAG}seq": _Strict.construct_yaml_seq,
    f"{_TAG}map": _Strict.construct_yaml_map,
    None: _Strict.unknown,
}
for _kind, _pattern in _SPELLED.items():
    _Strict.add_implicit_resolver(f"{_TAG}{_kind}", _pattern, _FIRST[_kind])


def load_yaml(text: str) -> object:
    """Read one YAML document as texts, whole numbers, booleans, null, lists and objects.

    Raises:
        BadInput: It is no YAML, or has an alias, a tag, a key twice or one that is no text;
            the path is the line.
    """
    try:
        return yaml.load(text, _Strict)  # noqa: S506 - a subclass of the safe loader  # nosec B506
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark
        line = f"line {mark.line + 1}" if mark else "file"
        raise BadInput({line: fault.problem or "is not YAML"}) from None
    except (yaml.YAMLError, ValueError, OverflowError):
        raise BadInput({"file": "is not YAML"}) from None
    except RecursionError:
        raise BadInput({"file": "is nested too deeply"}) from None
