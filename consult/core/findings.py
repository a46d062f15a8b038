"""What a check of a file found: the faults, each with its place, and what holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from consult.core.fields import in_line


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not hold.

    Args:
        where: The place: ``entry 17``, ``result.questions.1.outcome``, ``file``.
        what: What is wrong there, as a short English phrase.
    """

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(slots=True)
class Findings:
    """All that was found in one file; *facts* say what it is and what was recomputed."""

    kind: str
    faults: list[Fault] = field(default_factory=list)
    facts: dict[str, object] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        return not self.faults

    def fault(self, where: str, what: str) -> None:
        """Note a fault; names that the file gives cannot do anything to a terminal or a page."""
        self.faults.append(Fault(in_line(where), in_line(what)))

    def misfit(self, found: tuple[str, str] | None, where: str = "") -> bool:
        """Note a misfit, if there is one, and say whether there was."""
        if found is None:
            return False
        self.fault(f"{where}{found[0]}" or "file", found[1])
        return True


def difference(stated: object, derived: object, where: str) -> tuple[str, str] | None:
    """Return the first place where what a file states is not what was derived; None if none."""
    if type(stated) is not type(derived):
        return where, "is not what the ledger gives"
    if isinstance(stated, Mapping) and isinstance(derived, Mapping):
        return _names_differ(stated, derived, where)
    if isinstance(stated, list) and isinstance(derived, list):
        return _lists_differ(stated, derived, where)
    return None if stated == derived else (where, "is not what the ledger gives")


def _names_differ(
    stated: Mapping[str, object], derived: Mapping[str, object], where: str
) -> tuple[str, str] | None:
    for name in sorted(stated.keys() ^ derived.keys()):
        return f"{where}.{name}", "is not known" if name in stated else "is missing"
    for name, value in stated.items():
        if found := difference(value, derived[name], f"{where}.{name}"):
            return found
    return None


def _lists_differ(
    stated: list[object], derived: list[object], where: str
) -> tuple[str, str] | None:
    for place, (said, given) in enumerate(zip(stated, derived, strict=False)):
        if found := difference(said, given, f"{where}[{place}]"):
            return found
    if len(stated) != len(derived):
        return where, f"has {len(stated)} lines; the ledger gives {len(derived)}"
    return None
