"""A record of a letter that was revised: which revisions, why, and which of them was answered."""

import json

from flask import Flask

from consult.actions.change import Desk
from consult.core.life import Revising
from consult.core.verify import verify_record
from consult.documents.record import view
from consult.queries.exporting import record_text
from tests.actions.test_revising import council
from tests.revising import SLUG, redated


def test_the_record_tells_each_revision_and_what_each_reply_answered(
    desk: Desk, app: Flask
) -> None:
    here = council(desk, unconfirmed="lapses")
    here.reply("ARG")
    here.reply("BHS")
    here.revise(Revising.CORRIGENDUM, redated(desk))
    here.reply("BHS", base=1)
    here.count()
    text = record_text(desk.engine, desk.keys, SLUG)
    assert verify_record(text.encode()).faults == []
    with app.test_request_context():
        found = view(json.loads(text), "en")
    (revised,) = [fact for fact in found.facts if fact.term == "Rev.1"]
    assert "Corrigendum" in revised.value
    assert "The days were printed wrongly." in revised.value
    assert "Put again to those that had replied: 1." in revised.value
    assert "Chair, letter of 1 July" in revised.value
    rows = {row.code: row for region in found.members for row in region.members}
    assert rows["ARG"].channel == "answers the letter as opened"
    assert rows["BHS"].channel == "answers Rev.1"
    assert any(
        "Argentina is recorded as silent on what was revised (1)" in one
        for one in found.not_counted
    )
