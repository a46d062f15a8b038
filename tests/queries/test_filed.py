"""The records that are kept are those that the ledger says were published."""

import pytest
import sqlalchemy as sa

from consult.actions.change import Desk
from consult.tables import Record, writing
from tests import published
from tests.stored import faults

EDITS = {
    "its bytes": sa.update(Record).values(content=Record.content + " "),
    "its hash": sa.update(Record).values(sha256="0" * 64),
    "its number of revision": sa.update(Record).values(revision=1),
    "all of it": sa.delete(Record),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=list(EDITS))
def test_a_record_that_was_changed_or_dropped_is_found(desk: Desk, edit: sa.Update) -> None:
    """T47, T60."""
    published.publish(desk, published.office(desk))
    assert faults(desk) == []
    with writing(desk.engine) as session:
        session.execute(edit)
    (found,) = faults(desk)
    assert "record" in found
