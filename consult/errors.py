"""What a person is refused, each with a stable code: `wording` turns it into a sentence."""

from collections.abc import Mapping
from typing import ClassVar


class Refused(Exception):
    """Something is not allowed, not open or not understood; nothing was changed.

    Args:
        facts: What the sentence needs to say why; also readable as ``error.facts``.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code, facts)
        self.facts = facts

    def __str__(self) -> str:
        said = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code}: {said}" if said else self.code


class NotAllowed(Refused):
    """The actor may see this, and may not do it."""

    code, status = "not-allowed", 403


class NotFound(Refused):
    """There is no such thing, or it is not the actor's to see."""

    code, status = "not-found", 404


class BadInput(Refused):
    """What was given is not understood.

    Args:
        faults: Of each faulty place (``roll[3].weights``, a field's name) what is wrong there,
            as one short English phrase or a code that `wording` knows.
    """

    code, status = "bad-input", 422

    def __init__(self, faults: Mapping[str, str], **facts: object) -> None:
        super().__init__(**facts)
        self.faults = dict(faults)

    def __str__(self) -> str:
        return "; ".join(f"{path}: {what}" for path, what in self.faults.items())
