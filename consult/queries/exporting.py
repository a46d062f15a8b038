"""What an operator takes out of the database: a record, or a whole ledger."""

import sqlalchemy as sa

from consult.core.canonical import canonical
from consult.core.life import ENDED, NotNow
from consult.core.record import record_bytes
from consult.errors import NotFound
from consult.keys import Keyring
from consult.queries.keys import signed_to_its_end
from consult.queries.record import export_of, record_of
from consult.tables import Consultation, Record, reading


def record_text(engine: sa.Engine, keys: Keyring, reference: str) -> str:
    """Return the record of a consultation: as published, else as it would be now.

    Args:
        reference: Its reference, or its name in addresses.

    Raises:
        NotFound: There is no such consultation.
        NotNow: It is not counted yet, so nobody may see a position (T33, T75).
    """
    with reading(engine) as session:
        letter = _counted(session.scalars(_named(reference)).first(), reference)
        published = session.scalar(
            sa.select(Record.content)
            .where(Record.consultation_id == letter.id)
            .order_by(Record.revision.desc())
            .limit(1)
        )
        if published is not None:
            return published
        made = signed_to_its_end(session, keys, letter, record_of(session, letter.id))
        return record_bytes(made).decode()


def ledger_text(engine: sa.Engine, keys: Keyring, reference: str) -> str:
    """Return the whole ledger of a consultation; raises as `record_text`."""
    with reading(engine) as session:
        letter = _counted(session.scalars(_named(reference)).first(), reference)
        made = signed_to_its_end(session, keys, letter, export_of(session, letter))
        return canonical(made).decode()


def _named(reference: str) -> sa.Select[Consultation]:
    return sa.select(Consultation).where(
        sa.or_(Consultation.reference == reference, Consultation.slug == reference)
    )


def _counted(letter: Consultation | None, reference: str) -> Consultation:
    if letter is None:
        raise NotFound(reference=reference)
    if letter.state not in ENDED:
        raise NotNow(act="export", state=letter.state.value)
    return letter
