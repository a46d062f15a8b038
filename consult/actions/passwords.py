"""Passwords: which are accepted, how they are kept and compared (T1, T2)."""

import re
import threading
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from consult.errors import BadInput

LEAST, MOST = 12, 128  # characters
DEMO = "slate river 1865 quorum"  # of the demo's staff; printed on its sign-in page
_OWN = ("consult",)
_SHORTEST_WORD = 3
_LEAST_OF_ONES_OWN = 8  # signs that must be left when the words everybody knows are taken away
_WORD = re.compile(r"[^\W\d_]+")
# A flood of sign-ins must not exhaust the memory: the fifth waits.
_turns = threading.BoundedSemaphore(4)


def _hasher(memory: int) -> PasswordHasher:
    return PasswordHasher(time_cost=2, memory_cost=memory, parallelism=1)


def check(password: str, own_words: Iterable[str]) -> None:
    """Refuse a password that is too short, too long or made of words that everybody knows.

    Args:
        own_words: Names and addresses of the person, the organisation and its bodies.

    Raises:
        BadInput: Under ``password`` the code of what is wrong.
    """
    if len(password) < LEAST:
        raise BadInput({"password": "password-short"}, least=LEAST)
    if len(password) > MOST:
        raise BadInput({"password": "password-long"}, most=MOST)
    if _is_common(password):
        raise BadInput({"password": "password-common"})
    whole = left = password.casefold()
    for word in sorted(_words([*_OWN, *own_words]), key=len, reverse=True):
        left = left.replace(word, " ")
    if left != whole and sum(map(str.isalnum, left)) < _LEAST_OF_ONES_OWN:
        raise BadInput({"password": "password-own-words"})


def make_hash(password: str, memory: int) -> str:
    """Return the argon2id hash of *password*, made with *memory* KiB."""
    with _turns:
        return _hasher(memory).hash(password)


def matches(kept: str, password: str) -> bool:
    """Say whether *password* is the one kept."""
    with _turns:
        try:
            return PasswordHasher().verify(kept, password)
        except (VerifyMismatchError, InvalidHashError):
            return False


def outdated(kept: str, memory: int) -> bool:
    """Say whether the hash was made with less than is asked for now."""
    return _hasher(memory).check_needs_rehash(kept)


def _is_common(password: str) -> bool:
    """Say whether attackers try it first, with or without signs between and behind (T1)."""
    folded = password.casefold()
    return folded in _common() or "".join(filter(str.isalnum, folded)) in _common()


@cache
def _common() -> frozenset[str]:
    """Return the bundled list; how it was made stands beside it."""
    listed = files("consult.data") / "common-passwords.txt"
    return frozenset(listed.read_text(encoding="utf-8").splitlines())


def _words(texts: Iterable[str]) -> set[str]:
    found = (word for text in texts for word in _WORD.findall(text.casefold()))
    return {word for word in found if len(word) >= _SHORTEST_WORD}
