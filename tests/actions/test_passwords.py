"""Which passwords are accepted, and how they are kept (T1, T2)."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from consult.actions import passwords
from consult.errors import BadInput

_MEMORY = 8192
_OWN = ["Ana Focal", "ana.focal@mission-argentina.example", "International Telecommunication Union"]


@pytest.mark.parametrize(
    "password",
    [
        "herons by the weir",
        "982734987234",
        "            .",
        "密码要长一点才能安全使用",
        "Ana likes seven herons",
        "x" * 128,
    ],
)
def test_every_sign_is_allowed_and_no_composition_is_asked_for(password: str):
    passwords.check(password, _OWN)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("elevensigns", "password-short"),
        ("x" * 129, "password-long"),
        ("Consult2020!!", "password-own-words"),
        ("ana focal 1234", "password-own-words"),
        ("TelecommunicationUnion", "password-own-words"),
        ("argentina-mission", "password-own-words"),
        ("passwordpassword", "password-common"),
        ("QWERTYuiopAS!", "password-common"),
        ("1q2w3e4r5t6y", "password-common"),
        ("Sunshine-2024", "password-common"),
        ("abc abc abc abc", "password-common"),
    ],
)
def test_what_everybody_would_try_first_is_refused(password: str, code: str):
    with pytest.raises(BadInput) as refused:
        passwords.check(password, _OWN)
    assert refused.value.faults == {"password": code}


def test_the_list_of_common_passwords_holds_what_meets_the_length():
    """T1."""
    listed = passwords._common()
    assert len(listed) >= 3000
    assert all(passwords.LEAST <= len(one) <= passwords.MOST for one in listed)
    assert all(one == one.casefold() for one in listed)
    assert passwords.DEMO not in listed


def test_a_password_is_kept_as_typed_by_argon2id():
    kept = passwords.make_hash(" herons  by the weir ", _MEMORY)
    assert kept.startswith("$argon2id$v=19$m=8192,t=2,p=1$")
    assert passwords.matches(kept, " herons  by the weir ")
    assert not passwords.matches(kept, "herons by the weir")
    assert passwords.outdated(kept, 19456)
    assert not passwords.outdated(kept, _MEMORY)


def test_no_password_kept_matches_nothing():
    assert not passwords.matches("", "herons by the weir")


def test_at_most_four_hashes_are_made_at_a_time(monkeypatch: pytest.MonkeyPatch):
    """T2: a flood of sign-ins must not exhaust the memory."""
    lock, at_once, most = threading.Lock(), 0, 0
    real = passwords._hasher

    class Counting:
        def hash(self, password: str) -> str:
            nonlocal at_once, most
            with lock:
                at_once += 1
                most = max(most, at_once)
            try:
                return real(_MEMORY).hash(password)
            finally:
                with lock:
                    at_once -= 1

    monkeypatch.setattr(passwords, "_hasher", lambda _memory: Counting())
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda n: passwords.make_hash(f"herons by the weir {n}", _MEMORY), range(24)))
    assert most <= 4
