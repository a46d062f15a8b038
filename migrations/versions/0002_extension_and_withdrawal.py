"""Let deadlines be extended within a body's limits, letters and items be withdrawn.

Until now no letter declared what happens when the service is away, and no item was withdrawn:
what is new is null in every row there is. Nothing is known of the service's own heartbeats.
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    op.add_column("body", sa.Column("most_extensions", sa.Integer(), nullable=True))
    op.add_column("body", sa.Column("most_extension_days", sa.Integer(), nullable=True))
    op.add_column("consultation", sa.Column("outage", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("item", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "heartbeat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_heartbeat"),
    )
    op.create_index("ix_heartbeat_at", "heartbeat", ["at"])


def downgrade() -> None:
    op.drop_index("ix_heartbeat_at", "heartbeat")
    op.drop_table("heartbeat")
    op.drop_column("item", "withdrawn_at")
    op.drop_column("consultation", "outage")
    op.drop_column("body", "most_extension_days")
    op.drop_column("body", "most_extensions")
