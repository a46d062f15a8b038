"""What the template of the reply form prints: parts, lines, options, what stands beside them."""

from dataclasses import dataclass
from datetime import datetime

from consult.core.life import CommentKind, CommentPolicy
from consult.documents.items import ItemView
from consult.queries.notes import Note
from consult.queries.silence import Objection
from consult.web.reply.revised import Revised
from consult.web.reply.typed import Fault


@dataclass(frozen=True, slots=True)
class Option:
    """One position that an item offers."""

    value: str
    mark: str
    words: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Position:
    """What somebody said on an item, beside what somebody else said.

    Args:
        kind: What the comment is, unless it is a plain one.
    """

    mark: str
    words: str
    comment: str
    kind: str


@dataclass(frozen=True, slots=True)
class Line:
    """An item with its controls.

    Args:
        comments: What the letter asks for in words.
        opened: Whether the field for them stands open.
        paragraph: On which the words are, of those of a text under vote; empty for the whole.
        typed, other: Where a colleague said something else meanwhile, both.
        asked: Whether there are controls: not on an item whose silence others have broken.
        withdrawn: It stands without controls, with the reason.
        revised: What a revision changed of it since what the form holds was said.
        kind: Of what kind the comment is.
        unclear: On a paper's form, what is put to the member; empty where nothing is.
    """

    item: ItemView
    options: tuple[Option, ...]
    blank: bool
    comments: CommentPolicy
    comment: str
    opened: bool
    paragraph: str
    paragraphs: tuple[tuple[str, str], ...]
    fault: Fault | None
    typed: Position | None
    other: Position | None
    asked: bool = True
    broken: bool = False
    objections: tuple[Objection, ...] = ()
    withdrawn: bool = False
    reason: str = ""
    revised: Revised | None = None
    kind: CommentKind = CommentKind.COMMENT
    unclear: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Part:
    """Items under one heading; *compact* if none of them has a text of its own."""

    title: str
    lines: tuple[Line, ...]
    compact: bool


@dataclass(frozen=True, slots=True)
class Form:
    """The form with what it holds.

    Args:
        base: The version on which what is sent next rests; 0 for none.
        seen: The hash of the draft that is shown; empty if there is none.
        acts: Whether it asks for objections alone.
        silence: The items under the silence procedure, in other forms.
        fill: The positions to which blank items can be set; none for a short letter.
        needing: The items that need the reader first; only in a refused form.
        general_other: What a colleague wrote on the whole, where that is something else.
        others_at: When the other version of a conflict was saved or sent.
        kinds: What a comment may be, each with its words.
        general_kinds: What the words on the whole are, one's own and a colleague's.
        paper: Whether it records what came otherwise.
        note_other: The PDF of a colleague's version, where that is another one or none.
    """

    parts: tuple[Part, ...]
    needing: tuple[Line, ...]
    general: str
    general_asked: bool
    general_fault: Fault | None
    general_other: str | None
    base: int
    seen: str
    acts: bool
    silence: tuple[str, ...]
    fill: tuple[Option, ...]
    answered: int
    total: int
    others_name: str = ""
    others_at: datetime | None = None
    revision: int = 0
    kinds: tuple[tuple[str, str], ...] = ()
    general_kind: CommentKind = CommentKind.COMMENT
    general_kinds: tuple[str, str] = ("", "")
    paper: bool = False
    note_asked: bool = False
    note: Note | None = None
    note_fault: Fault | None = None
    note_torn: bool = False
    note_other: Note | None = None
