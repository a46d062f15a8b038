"""Single-use tokens: derived, told apart by their purpose, typed by people."""

from hypothesis import given
from hypothesis import strategies as st

from consult.core.addresses import address_key
from consult.core.tokens import code_of, link_token, same, typed

_SECRET = b"a secret that is long enough for tests"


def test_a_token_has_256_bits_and_is_safe_in_an_address():
    token = link_token(_SECRET, "sign-in", "nonce")
    assert len(token) == 43
    assert token.replace("-", "").replace("_", "").isalnum()


def test_a_token_of_one_purpose_is_worth_nothing_to_another():
    """T109."""
    assert link_token(_SECRET, "sign-in", "n") != link_token(_SECRET, "invitation", "n")
    assert link_token(_SECRET, "sign-in", "n") != link_token(b"another secret", "sign-in", "n")
    assert link_token(_SECRET, "sign-in", "n") == link_token(_SECRET, "sign-in", "n")


@given(st.text(max_size=50))
def test_a_code_is_eight_signs_that_cannot_be_confused(token: str):
    code = code_of(token)
    assert len(code) == 8
    assert not set(code) & set("01ILOU")
    assert typed(f" {code[:4].lower()}-{code[4:]} ") == code


def test_secrets_are_the_same_or_not():
    assert same("é", "é")
    assert not same("a", "b")
    assert not same("", "a")


def test_addresses_are_compared_without_case_and_by_compatible_domains():
    """T5."""
    assert address_key(" Ana.Focal@EXAMPLE.org ") == "ana.focal@example.org"
    assert address_key("ana@ｅxample.org") == "ana@example.org"
    assert address_key("ana@example.org") != address_key("anà@example.org")
