"""A countersignature holds by itself and for its record alone; every change of it is found."""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import pytest

from consult.core.canonical import canonical
from consult.core.countersigning import FORMAT
from consult.core.ledger import instant
from consult.core.signing import fingerprint_of, key_list, state_key
from consult.core.verify import (
    NO_TRUST,
    Trust,
    examine,
    trust_in,
    trusting,
    verify,
    verify_countersignature,
    verify_record,
)
from consult.errors import BadInput
from tests.countersigned import (
    CHANGED_AT,
    FIRST,
    KEYS,
    NEWER,
    RAW,
    RECORD,
    REVOKED_AT,
    SENT,
    made,
)
from tests.ledgers import BEGIN, DAY, SIGNER, THIEF, certified, export_of


def faults(said: Mapping[str, Any], trust: Trust = NO_TRUST) -> list[str]:
    return [str(one) for one in verify_countersignature(canonical(said), [RAW], trust).faults]


def test_it_holds_alone_and_beside_its_record() -> None:  # T54
    raw = canonical(made())
    alone, beside = verify_countersignature(raw), verify_countersignature(raw, [RAW])
    assert [alone.faults, beside.faults, verify(raw).faults] == [[], [], []]
    assert [alone.facts["beside"], beside.facts["beside"]] == [False, True]
    assert beside.facts["revoked_at"] == REVOKED_AT
    assert beside.facts["keys"] == [fingerprint_of(NEWER.public_key)]


def changes(value: Any, where: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the place of every plain value."""
    if isinstance(value, (dict, list)):
        for name in value if isinstance(value, dict) else range(len(value)):
            yield from changes(value[name], (*where, name))
    else:
        yield where


def test_every_changed_value_is_found() -> None:  # T48
    places = list(changes(made()))
    assert len(places) > 30
    for place in places:
        said = deepcopy(made())
        holder: Any = said
        for name in place[:-1]:
            holder = holder[name]
        before = holder[place[-1]]
        holder[place[-1]] = before + 1 if isinstance(before, int) else "0"
        try:
            assert faults(said), place
        except BadInput:
            assert place == ("format",)


def test_what_was_signed_anew_after_a_change_is_found() -> None:  # T48
    other = [{**SENT[0], "head": "0" * 64}, *SENT[1:]]
    planned = key_list([FIRST, state_key(NEWER, CHANGED_AT, "planned", SIGNER)])
    for said, words in (
        (made(heads=other), "its head in the record is not the one that was sent"),
        (made(heads=SENT[1:]), "its head was sent and is not countersigned"),
        (made(heads=[*SENT, SENT[0]]), "are not in the order of numbers"),
        (made(sha256="0" * 64), "is not the SHA-256 of a record here"),
        (made(record={**RECORD, "signers": [NEWER.kid]}), "which is not revoked"),
        (made(record={**RECORD, "consultation": {"id": "x", "reference": "A"}}), "consultation"),
        (made(keys=planned), "which is not revoked"),
        (made(keys=KEYS[:1]), "keys[0].valid_to"),
        (made(at=instant(BEGIN + 85 * DAY)), "came into force"),
        (made(signer=THIEF), "is not among the keys"),
        (made(signer=SIGNER), "dated after the key"),
    ):
        assert any(words in one for one in faults(said)), (words, faults(said))


def test_it_is_that_of_its_record_in_all_that_it_names() -> None:
    for name, value in (("id", "0f6b1c1e-58a6-4a0c-9df0-6d3f0b9e2a12"), ("reference", "Other")):
        about = {**RECORD["consultation"], name: value}
        (fault,) = faults(made(record={**RECORD, "consultation": about}))
        assert fault == f"consultation.{name}: is not that of the record"
    twice = made(record={**RECORD, "signers": [SIGNER.kid] * 2})
    assert faults(twice) == ["signers: are not those of the record"]


def test_the_lost_key_cannot_speak_for_the_newer_one() -> None:  # T54
    old, new = (trust_in(fingerprint_of(one.public_key)) for one in (SIGNER, NEWER))
    assert faults(made(), new) == []
    assert "cannot speak" in faults(made(), old)[0]
    thieves = key_list([state_key(THIEF, "2020-01-01T00:00:00.000000Z")])
    assert any("not in the list of keys" in one for one in faults(made(), Trust(keys=(*thieves,))))


def test_its_keys_let_the_newer_fingerprint_judge_the_record() -> None:  # T54
    new = trust_in(fingerprint_of(NEWER.public_key))
    assert not verify_record(RAW, (), new).holds
    trust = trusting([canonical(made())], new)
    assert verify_record(RAW, (), trust).faults == []
    assert trusting([canonical(made(signer=THIEF))], new) == new
    assert trusting([canonical(made())], replaced := Trust(keys=(*KEYS[:1],))) == replaced


def test_names_that_stand_twice_or_are_not_known_are_found() -> None:  # T48
    raw = canonical(made())
    doubled = raw.replace(b'"at":', b'"at":"x","at":', 1)
    assert "twice" in str(verify_countersignature(doubled).faults[0])
    assert faults({**made(), "more": 1}) == ["more: is not known"]
    assert faults({k: v for k, v in made().items() if k != "kid"}) == ["kid: is missing"]
    assert faults({**made(), "keys": {}}) == ["keys: must be a list"]


def test_it_is_no_record_and_no_receipt() -> None:
    raw = canonical(made())
    with pytest.raises(BadInput):
        examine(raw)
    with pytest.raises(BadInput):
        verify_countersignature(canonical(export_of(certified())))
    assert json.loads(raw)["format"] == FORMAT
