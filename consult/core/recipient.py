"""To whom a notice goes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person to whom a notice goes.

    Args:
        member: The code that it speaks to, None for staff.
        adviser: Whether that person may only read and write the member's draft.
    """

    person_id: int
    opaque: str
    language: str
    member: str | None = None
    adviser: bool = False
