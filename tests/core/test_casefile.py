"""A case file that is not understood is refused at its first fault, and quickly."""

import copy
import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core import casefile
from consult.core.casefile import case_from_data, read_case
from consult.core.reply import CastReply
from consult.core.roll import roll_data
from consult.core.tally import result_data, tally
from consult.errors import BadInput

BY_PEOPLE = {"count": "approve", "at_least": "1/2", "over": "entitled", "by": "population"}


def case() -> dict[str, object]:
    """Give a case file in which every kind of thing stands once."""
    return {
        "id": "x",
        "title": "A case",
        "source": "made for this test",
        "notes": {"anything": [1, 1.5, None, True]},
        "expected": {"1": {"outcome": "adopted"}},
        "rule": {
            "id": "r",
            "title": {"en": "Rule"},
            "source": "none",
            "choices": ["approve", "object", "abstain"],
            "silence": "absent",
            "quorum": {"count": "replied", "at_least": 1},
            "adopted_if": {"all": [BY_PEOPLE, {"count": "object", "at_most": 0, "among": "A"}]},
        },
        "opens_at": "2020-11-27T00:00:00+01:00",
        "closes_at": "2020-12-21T23:59:59Z",
        "questions": [{"id": "1", "title": "One"}, {"id": "2", "notes": "has no rule of its own"}],
        "roll": [
            {
                "code": "ARG",
                "name": "Argentina",
                "groups": ["A"],
                "weights": {"population": "45.8"},
            },
            {"code": "BRA", "weights": {"population": 213}, "entitled": True},
            {"code": "CHL", "entitled": False},
        ],
        "replies": [
            {"member": "ARG", "question": "1", "choice": "approve", "at": "2020-12-10T09:00:00Z"},
            {
                "member": "BRA",
                "question": "2",
                "choice": None,
                "at": "2020-12-10T09:00+01:00",
                "comment": "Später – поздно",
                "admitted": True,
            },
            {"member": "XXX", "question": "1", "choice": "object", "at": "2020-12-10T09:00:00.5Z"},
        ],
    }


def set_at(data: object, path: tuple[object, ...], value: object) -> None:
    for key in path[:-1]:
        data = data[key]  # type: ignore[index]
    data[path[-1]] = value  # type: ignore[index]


def faults(raw: bytes) -> dict[str, str]:
    with pytest.raises(BadInput) as refused:
        read_case(raw)
    return refused.value.faults


def test_a_whole_case_is_read() -> None:
    found = read_case(json.dumps(case()).encode())

    assert [question.id for question in found.questions] == ["1", "2"]
    assert found.questions[1].rule is found.rule
    assert [line.name for line in found.roll] == ["Argentina", "BRA", "CHL"]
    assert [line.entitled for line in found.roll] == [True, True, False]
    assert roll_data(found.roll)[1]["weights"] == {"population": "213"}
    assert found.replies[1].choice is None
    assert found.replies[1].admitted is True
    assert found.replies[1].at.utcoffset() == timedelta(hours=1)
    assert all(type(reply) is CastReply for reply in found.replies)


def test_the_same_data_is_the_same_case_whether_or_not_it_was_json() -> None:
    plain = case()
    plain["notes"] = "none"
    assert case_from_data(plain) == read_case(json.dumps(plain).encode())


def nested(levels: int) -> object:
    value: object = 1
    for _ in range(levels):
        value = [value]
    return value


def branch(levels: int) -> object:
    value: object = {"count": "approve", "at_least": 1}
    for _ in range(levels):
        value = {"not": value}
    return value


R, Q, V = ("rule",), ("questions", 0), ("replies", 0)
IF = ("rule", "adopted_if", "all", 1)
MALFORMED: list[tuple[tuple[object, ...], object, str]] = [
    (("rule",), [], "rule"),
    (("rule",), None, "rule"),
    ((*R, "choices"), ["approve", "yes"], "rule.choices[1]"),
    ((*R, "choices"), [["approve"]], "rule.choices[0]"),
    ((*R, "silence"), "no", "rule.silence"),
    ((*R, "typo"), 1, "rule.typo"),
    ((*R, "a b\n"), 1, 'rule."a b\\n"'),
    ((*R, "quorum"), {"count": "replied"}, "rule.quorum"),
    ((*R, "adopted_if"), {"all": []}, "rule.adopted_if.all"),
    ((*R, "adopted_if"), branch(31), ""),
    ((*R, "adopted_if"), branch(32), "rule.adopted_if" + ".not" * 32),
    ((*IF, "count"), "members", "rule.adopted_if.all[1].count"),
    ((*IF, "count"), {}, "rule.adopted_if.all[1].count"),
    ((*IF, "at_most"), 0.5, "rule.adopted_if.all[1].at_most"),
    ((*IF, "at_most"), "1/2", "rule.adopted_if.all[1].at_most"),
    ((*IF, "at_most"), 10**30, "rule.adopted_if.all[1].at_most"),
    ((*IF, "among"), "nobody", "rule"),
    ((*IF, "by"), "gold", "roll[0].weights.gold"),
    (("opens_at",), "2020-11-27T00:00:00", "opens_at"),
    (("opens_at",), "2020-11-27", "opens_at"),
    (("opens_at",), "20201127T000000Z", "opens_at"),
    (("opens_at",), "2020-02-30T00:00:00Z", "opens_at"),
    (("opens_at",), "2020-11-27T24:00:01Z", "opens_at"),
    (("opens_at",), "2020-11-27T00:00:00.1234567Z", "opens_at"),
    (("opens_at",), "2020-11-27T00:00:00+25:00", "opens_at"),
    (("opens_at",), "0001-01-01T00:00:00+01:00", "opens_at"),
    (("opens_at",), "9999-12-31T23:59:59-01:00", "opens_at"),
    (("opens_at",), 1606431600, "opens_at"),
    (("closes_at",), "2020-11-27T00:00:00+01:00", "closes_at"),
    (("closes_at",), "2020-11-26T00:00:00Z", "closes_at"),
    (("closes_at",), None, "closes_at"),
    (("questions",), {}, "questions"),
    (("questions", 1), "2", "questions[1]"),
    (("questions", 1), {}, "questions[1].id"),
    (("questions", 1, "id"), "1", "questions[1].id"),
    (("questions", 1, "id"), 2, "questions[1].id"),
    (("questions", 1, "text"), "x", "questions[1].text"),
    (("questions", 1, "rule"), {}, "questions[1].rule.choices"),
    (("questions", 1, "notes"), nested(40), "questions[1].notes"),
    (("roll",), None, "roll"),
    (("roll", 0), [], "roll[0]"),
    (("roll", 1, "code"), "ARG", "roll[1].code"),
    (("roll", 1, "code"), "", "roll[1].code"),
    (("roll", 1, "code"), "\ud800", "roll[1].code"),
    (("roll", 1, "code"), "A\0", "roll[1].code"),
    (("roll", 1, "name"), 5, "roll[1].name"),
    (("roll", 1, "seat"), 5, "roll[1].seat"),
    (("roll", 0, "groups"), "A", "roll[0].groups"),
    (("roll", 0, "groups"), ["A", "A"], "roll[0].groups[1]"),
    (("roll", 0, "groups"), ["A", 1], "roll[0].groups[1]"),
    (("roll", 0, "weights"), {}, "roll[0].weights.population"),
    (("roll", 0, "weights"), ["45.8"], "roll[0].weights"),
    (("roll", 0, "weights", "population"), 45.8, "roll[0].weights.population"),
    (("roll", 0, "weights", "population"), "many", "roll[0].weights.population"),
    (("roll", 0, "weights", "population"), "-1", "roll[0].weights.population"),
    (("roll", 0, "weights", "population"), "1/0", "roll[0].weights.population"),
    (("roll", 0, "weights", "population"), "9" * 31, "roll[0].weights.population"),
    (("roll", 0, "weights", "population"), True, "roll[0].weights.population"),
    (("roll", 0, "entitled"), "yes", "roll[0].entitled"),
    (("roll", 0, "entitled"), None, "roll[0].entitled"),
    (("replies",), {}, "replies"),
    (("replies", 0), None, "replies[0]"),
    (("replies", 0), ["ARG", "1"], "replies[0]"),
    (("replies", 0), {"question": "1", "choice": None, "at": ""}, "replies[0].member"),
    (("replies", 0), {"member": "ARG", "question": "1", "at": ""}, "replies[0].choice"),
    ((*V, "member"), 1, "replies[0].member"),
    ((*V, "member"), [], "replies[0].member"),
    ((*V, "member"), "\udfff", "replies[0].member"),
    ((*V, "question"), "3", "replies[0].question"),
    ((*V, "question"), 1, "replies[0].question"),
    ((*V, "question"), {}, "replies[0].question"),
    ((*V, "choice"), "yes", "replies[0].choice"),
    ((*V, "choice"), False, "replies[0].choice"),
    ((*V, "choice"), {}, "replies[0].choice"),
    ((*V, "at"), "2020-12-10T09:00:00", "replies[0].at"),
    ((*V, "at"), 0, "replies[0].at"),
    ((*V, "at"), [], "replies[0].at"),
    ((*V, "comment"), 1, "replies[0].comment"),
    ((*V, "comment"), "\ud800", "replies[0].comment"),
    ((*V, "admitted"), 1, "replies[0].admitted"),
    ((*V, "admitted"), None, "replies[0].admitted"),
    ((*V, "version"), 1, "replies[0].version"),
    (("notes",), nested(40), "notes"),
    (("typo",), 1, "typo"),
]


@pytest.mark.parametrize(
    ("where", "value", "path"), MALFORMED, ids=[f"{n}-{one[2]}" for n, one in enumerate(MALFORMED)]
)
def test_the_first_fault_is_named_by_its_path(
    where: tuple[object, ...], value: object, path: str
) -> None:
    data = copy.deepcopy(case())
    set_at(data, where, value)
    raw = json.dumps(data).encode()
    if not path:
        assert read_case(raw)
        return
    found = faults(raw)
    assert list(found) == [path]
    assert "\n" not in path + found[path]


@pytest.mark.parametrize("key", ["rule", "opens_at", "closes_at", "questions", "roll", "replies"])
def test_what_a_case_needs_may_not_be_missing(key: str) -> None:
    data = case()
    del data[key]
    assert faults(json.dumps(data).encode()) == {key: "is missing"}


def with_text(old: str, new: str) -> bytes:
    text = json.dumps(case())
    assert old in text
    return text.replace(old, new, 1).encode()


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        (b"", "file"),
        (b"{", "file"),
        (b"null", "file"),
        (b"[]", "file"),
        (b'"case"', "file"),
        (b"1e999999999", "file"),
        (b"NaN", "file"),
        (b"9" * 5_000, "file"),
        (b"\xff\xfe{}", "file"),
        (b"\xef\xbb\xbf{}", "file"),
        (b'{"rule": {},}', "file"),
        (b"[" * 1_000_000, "file"),
        (b'{"a":' * 200_000, "file"),
        (b"[" * 200 + b"]" * 200, "file"),
        (b'{"notes": 1, "notes": 2}', "file"),
        (with_text('"silence": "absent"', '"silence": "absent", "silence": "object"'), "rule"),
        (with_text('"code": "ARG"', '"code": "ARG", "code": "BRA"'), "roll[0]"),
        (with_text('"member": "ARG"', '"member": "ARG", "member": "BRA"'), "replies[0]"),
        (with_text('"population": "45.8"', '"population": NaN'), "roll[0].weights.population"),
        (with_text('"population": "45.8"', '"population": 1e9'), "roll[0].weights.population"),
        (
            with_text('"population": "45.8"', f'"population": {"9" * 31}'),
            "roll[0].weights.population",
        ),
        (with_text('"at_most": 0', f'"at_most": {"9" * 6_000}'), "rule.adopted_if.all[1].at_most"),
        (with_text('"at_most": 0', '"at_most": -Infinity'), "rule.adopted_if.all[1].at_most"),
        (with_text('"anything": [1', '"anything": [Infinity'), "notes.anything[0]"),
        (with_text('"anything": [1', '"anything": [{"a": 1, "a": 2}'), "notes.anything[0]"),
        (with_text('"comment": "S', '"comment": {}, "x": "S'), "replies[1].x"),
    ],
)
def test_what_is_no_honest_json_is_refused(raw: bytes, path: str) -> None:
    assert list(faults(raw)) == [path]


def test_a_small_file_cannot_ask_for_a_huge_result(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(casefile, "MAX_POSITIONS", 5)
    assert list(faults(json.dumps(case()).encode())) == ["questions"]


def test_an_empty_roll_and_no_replies_are_a_case() -> None:
    data = case() | {"roll": [], "replies": []}
    found = tally(read_case(json.dumps(data).encode()))
    assert {one.outcome for one in found.questions.values()} == {"inquorate"}


def test_many_plain_replies_and_one_faulty_are_told_apart() -> None:
    data = case()
    plain = data["replies"][0]  # type: ignore[index]
    data["replies"] = [dict(plain) for _ in range(2_000)] + [plain | {"at": "soon"}]
    assert list(faults(json.dumps(data).encode())) == ["replies[2000].at"]


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
PLACES = [where for where, _, _ in MALFORMED]


@given(st.sampled_from(PLACES), junk)
def test_whatever_stands_anywhere_is_counted_or_refused(
    where: tuple[object, ...], value: object
) -> None:
    data = copy.deepcopy(case())
    set_at(data, where, value)
    told: dict[str, str] = {}
    try:
        result_data(tally(read_case(json.dumps(data).encode())))
    except BadInput as refused:
        told = refused.faults
    assert len(told) <= 1
    assert "\n" not in "".join([*told, *told.values()])


@given(st.binary(max_size=60))
def test_bytes_of_any_kind_are_refused_in_words(raw: bytes) -> None:
    assert len(faults(raw)) == 1
