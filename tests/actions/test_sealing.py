"""What is sealed opens with the secret of the deployment alone, for its own purpose (T10, T110)."""

from dataclasses import replace

import pytest

from consult.actions.change import Desk
from consult.actions.sealing import Unsealed, seal, unseal


def test_what_is_sealed_opens_and_differs_each_time(desk: Desk):
    one, other = seal(desk, "authenticator/1", b"seed"), seal(desk, "authenticator/1", b"seed")
    assert one != other
    assert "seed" not in one
    assert unseal(desk, "authenticator/1", one) == b"seed"


def test_it_opens_for_nobody_else(desk: Desk):
    """A row copied to another person is worth nothing."""
    with pytest.raises(Unsealed):
        unseal(desk, "authenticator/2", seal(desk, "authenticator/1", b"seed"))


@pytest.mark.parametrize("at", [3, 20, -3])
def test_a_changed_sign_is_noticed(desk: Desk, at: int):
    sealed = list(seal(desk, "authenticator/1", b"a longer seed"))
    sealed[at] = "A" if sealed[at] != "A" else "B"
    with pytest.raises(Unsealed):
        unseal(desk, "authenticator/1", "".join(sealed))


def test_a_former_secret_still_opens_and_a_lost_one_does_not(desk: Desk):
    sealed = seal(desk, "authenticator/1", b"seed")
    rotated = replace(desk, secret=b"a new secret", former_secrets=(b"older", desk.secret))
    assert unseal(rotated, "authenticator/1", sealed) == b"seed"
    with pytest.raises(Unsealed):
        unseal(replace(rotated, former_secrets=()), "authenticator/1", sealed)


def test_another_version_is_not_guessed(desk: Desk):
    with pytest.raises(Unsealed):
        unseal(desk, "authenticator/1", "v2.AAAA")
