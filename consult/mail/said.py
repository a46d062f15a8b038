"""What a mail says, part by part, before it is set as text and as HTML."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: a label and what stands beside it.

    Args:
        strong: The first of *lines* is what matters most in the mail.
    """

    label: str
    lines: tuple[str, ...]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Said:
    """The words of one mail, in the order in which they are read.

    Args:
        intro: One or a few sentences below the heading.
        after: What else there is to know: without the website, attachments, other languages.
        why: Who gets this and why.
    """

    subject: str
    heading: str
    intro: tuple[str, ...]
    rows: tuple[Row, ...]
    button: Button | None
    after: tuple[str, ...]
    why: tuple[str, ...]
