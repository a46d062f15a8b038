"""Count the moves of a deadline without reading the whole ledger of its letter."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0019", "0018"
branch_labels = depends_on = None

_MOVED = sa.text("what IN ('extension', 'outage-extension')")


def upgrade() -> None:
    op.create_index(
        "ix_ledger_entry_moved",
        "ledger_entry",
        ["consultation_id"],
        postgresql_where=_MOVED,
        sqlite_where=_MOVED,
    )


def downgrade() -> None:
    op.drop_index("ix_ledger_entry_moved", "ledger_entry")
