"""A case file in: JSON becomes a case, and what is not understood is refused with its path."""

from consult.core import fields
from consult.core.case import Case, Post, Question
from consult.core.casereplies import read_replies
from consult.core.fit import check_fit
from consult.core.instant import read_instant
from consult.core.roll import RollLine, read_weight
from consult.core.rule import Rule, parse
from consult.core.strictjson import read_json

__all__ = ["MAX_POSITIONS", "Case", "Question", "case_from_data", "read_case"]

# A result names every entitled member for every question: a small file must not ask for much.
MAX_POSITIONS = 5_000_000

_NOTES = ("id", "title", "source", "notes", "expected")


def read_case(raw: bytes) -> Case:
    """Read a case file.

    Raises:
        BadInput: The first place that is not understood, as in ``roll[3].weights.population``.
    """
    return case_from_data(read_json(raw))


def case_from_data(data: object) -> Case:
    """Read a case from data that `read_json` or one of our own files gave.

    Raises:
        BadInput: The first place that is not understood.

    Source: design, section 3, case files.
    """
    found = fields.members(
        data,
        "",
        required=("rule", "opens_at", "closes_at", "questions", "roll", "replies"),
        optional=("posts", *_NOTES),
    )
    rule = parse(found["rule"])
    opens_at = read_instant(found["opens_at"], "opens_at")
    closes_at = read_instant(found["closes_at"], "closes_at")
    if closes_at <= opens_at:
        fields.refuse("closes_at", "must be after opens_at")
    questions = _questions(found["questions"], rule)
    roll = _roll(found["roll"])
    _check_fits(questions, rule, roll)
    replies = read_replies(
        found["replies"], {line.code for line in roll}, {question.id for question in questions}
    )
    _check_notes(found)
    posts = _posts(found.get("posts", []), {question.id for question in questions})
    return Case(rule, opens_at, closes_at, questions, roll, replies, posts)


def _posts(value: object, questions: set[str]) -> tuple[Post, ...]:
    """Read the posts for which several questions name a candidate each."""
    ids: dict[str, None] = {}
    taken: dict[str, None] = {}
    return tuple(
        _post(given, f"posts[{number}]", (ids, taken), questions)
        for number, given in enumerate(fields.entries(value, "posts"))
    )


def _post(
    value: object, path: str, seen: tuple[dict[str, None], dict[str, None]], known: set[str]
) -> Post:
    found = fields.members(value, path, required=("id", "seats", "questions"))
    name = _text_once(found["id"], f"{path}.id", seen[0])
    seats = found["seats"]
    if type(seats) is not int or seats < 1:
        fields.refuse(f"{path}.seats", "must be a whole number, at least 1")
    candidates = []
    for number, given in enumerate(fields.entries(found["questions"], f"{path}.questions")):
        at = f"{path}.questions[{number}]"
        question = _text_once(given, at, seen[1])
        if question not in known:
            fields.refuse(at, f"no such question: {fields.shown(question)}")
        candidates.append(question)
    if not candidates:
        fields.refuse(f"{path}.questions", "must name at least one")
    return Post(name, seats, tuple(candidates))


def _check_notes(found: dict[str, object]) -> None:
    for key in _NOTES:
        if key in found:
            fields.remark(found[key], key)


def _questions(value: object, rule: Rule) -> tuple[Question, ...]:
    ids: dict[str, None] = {}
    questions = []
    for number, given in enumerate(fields.entries(value, "questions")):
        path = f"questions[{number}]"
        found = fields.members(given, path, required=("id",), optional=("rule", *_NOTES[1:]))
        question = _text_once(found["id"], f"{path}.id", ids)
        own = parse(found["rule"], f"{path}.rule") if "rule" in found else rule
        title = found.get("title", "")
        for key in _NOTES[1:]:
            fields.remark(found.get(key), f"{path}.{key}")
        questions.append(Question(question, own, title if isinstance(title, str) else ""))
    return tuple(questions)


def _text_once(value: object, path: str, seen: dict[str, None]) -> str:
    found = fields.text(value, path)
    if found in seen:
        fields.refuse(path, f"{fields.shown(found)} is there twice")
    seen[found] = None
    return found


def _roll(value: object) -> tuple[RollLine, ...]:
    codes: dict[str, None] = {}
    return tuple(
        _roll_line(given, f"roll[{number}]", codes)
        for number, given in enumerate(fields.entries(value, "roll"))
    )


def _roll_line(value: object, path: str, codes: dict[str, None]) -> RollLine:
    found = fields.members(
        value, path, required=("code",), optional=("name", "groups", "weights", "entitled")
    )
    code = _text_once(found["code"], f"{path}.code", codes)
    groups: dict[str, None] = {}
    for number, group in enumerate(fields.entries(found.get("groups", []), f"{path}.groups")):
        _text_once(group, f"{path}.groups[{number}]", groups)
    weights = {
        name: read_weight(size, fields.key_path(f"{path}.weights", name))
        for name, size in fields.mapping(found.get("weights", {}), f"{path}.weights").items()
    }
    return RollLine(
        code=code,
        name=fields.text(found["name"], f"{path}.name") if "name" in found else code,
        groups=tuple(groups),
        weights=weights,
        entitled=fields.boolean(found.get("entitled", True), f"{path}.entitled"),
    )


def _check_fits(questions: tuple[Question, ...], rule: Rule, roll: tuple[RollLine, ...]) -> None:
    if len(questions) * len(roll) > MAX_POSITIONS:
        fields.refuse("questions", f"times the roll is more than {MAX_POSITIONS} positions")
    check_fit(rule, roll)
    for number, question in enumerate(questions):
        if question.rule is not rule:
            check_fit(question.rule, roll, f"questions[{number}].rule")
