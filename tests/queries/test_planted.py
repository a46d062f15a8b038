"""Whoever has the database in hand and changes what stands beside the entries is found (T47)."""

import pytest
from flask import Flask

from consult.actions.change import Desk
from consult.queries.signed import verify_keys
from tests.contests import certify, contest, late_reply, state_post
from tests.losing import lost, unguarded
from tests.office import Office, office_of
from tests.stored import faults

# What is done to the tables, and a word of the sentence that says so.
PLANTED = {
    "the words of a comment": ("UPDATE ledger_text SET text = 'Another'", "not the one that it"),
    "the salt of a text": ("UPDATE ledger_text SET salt = 'none'", "not the one that it"),
    "texts that are gone": ("DELETE FROM ledger_text", "is not kept"),
    "a text erased in silence": ("UPDATE ledger_text SET text = NULL", "its text is gone"),
    "a head that was sent": ("UPDATE head_sent SET head = 'none'", "notices carried"),
    "heads not known any more": ("DELETE FROM head_sent", "notices carried"),
    "the head of a mail": ("UPDATE notice SET head = 'none'", "carry another head"),
    "mails that are gone": ("DELETE FROM notice", "not to those whom it names"),
    "a mail to another": ("UPDATE notice SET member = 'FRA'", "not to those whom it names"),
    "signed heads that are gone": ("DELETE FROM checkpoint", "signed with it is not kept"),
    "when a head was signed": (
        "UPDATE checkpoint SET at = '2020-06-21 08:00:00'",
        "row of its signed head",
    ),
    "who asked": (
        "UPDATE request SET asked_by_id = (SELECT max(id) FROM person)",
        "the stored request is not",
    ),
    "who confirmed": (
        "UPDATE request SET decided_by_id = (SELECT max(id) FROM person)",
        "what became of the stored request",
    ),
    "a request confirmed by nobody": (
        "UPDATE request SET confirmed = NULL",
        "what became of the stored request",
    ),
    "what a person was shown": ("UPDATE request SET shown = 'none'", "request is not what"),
    "requests that are gone": (
        "DELETE FROM request WHERE id NOT IN (SELECT request_id FROM revision)",
        "that it enters is not stored",
    ),
    "a contest that is gone": ("DELETE FROM contest", "the stored contest"),
    "whose contest it is": ("UPDATE contest SET member = 'FRA'", "the stored contest"),
    "what is disclosed when": (
        "UPDATE consultation SET disclosure = 'after_closing'",
        "discloses otherwise",
    ),
    "who reads the record": ("UPDATE consultation SET public = NOT public", "public is not as"),
    "what observers read": ("UPDATE consultation SET observers = true", "observers is not as"),
    "since when it is open": (
        "UPDATE consultation SET opens_at = '2020-06-21 08:00:00'",
        "its opening is",
    ),
    "the post never stated": ("UPDATE consultation SET post_stated_at = NULL", "post is stated"),
    "the hash of the roll": ("UPDATE consultation SET roll_hash = 'none'", "texts or roll"),
    "the conclusion": (
        """UPDATE consultation SET conclusion = '{"texts": {"en": "No."}, "adopted": {}}'""",
        "its conclusion is not",
    ),
    "the rule of an item": (
        "UPDATE item SET rule = (SELECT rule FROM body) WHERE code = '1'",
        "or their rules",
    ),
    "how often a member replied": ("UPDATE roll_entry SET versions = versions + 1", "roll ARG"),
    "when a member replied": (
        "UPDATE roll_entry SET reached_at = '2020-06-21 08:00:00'",
        "roll ARG",
    ),
    "a mandate of somebody else": (
        "UPDATE focal_point SET person_id = (SELECT max(id) FROM person)",
        "whose mandate it names",
    ),
    "a mandate that came later": (
        "UPDATE focal_point SET from_at = '2020-08-01 08:00:00'",
        "was not in force",
    ),
    "who sent a reply": (
        "UPDATE reply SET person_id = (SELECT max(id) FROM person)",
        "not of the person",
    ),
    "a receipt that is none": ("UPDATE reply SET receipt = 'no receipt'", "cannot be read"),
    "since when a key is": ("UPDATE signing_key SET valid_from = '2020-06-21 08:00:00'", "columns"),
}


@pytest.fixture
def office(app: Flask, desk: Desk) -> Office:
    """A letter that is certified, with comments, a late reply and a contest."""
    made = office_of(app, desk, 4)
    made.open()
    made.reply("ARG", c1="A comment.")
    made.reply("BHS")
    late_reply(made, "BRA")
    state_post(made)
    contest(made.browser("BRA"), "BRA")
    certify(made)
    return made


def found(office: Office) -> list[str]:
    keys = verify_keys(office.desk.engine).faults
    return [*faults(office.desk), *map(str, keys)]


def test_each_thing_that_is_planted_is_named(office: Office) -> None:
    """Each change in turn, and the database as it was before the next."""
    assert found(office) == []
    silent = {}
    for name, (statement, word) in PLANTED.items():
        with lost(office.desk.engine):
            with unguarded(office.desk.engine) as connection:
                assert connection.exec_driver_sql(statement).rowcount, name
            said = found(office)
        if not any(word in one for one in said):
            silent[name] = said
    assert silent == {}
    assert found(office) == []
