"""To whom a notice goes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person to whom a notice goes; *member* is the code it speaks to, None for staff."""

    person_id: int
    opaque: str
    language: str
    member: str | None = None
