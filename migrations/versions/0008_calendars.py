"""Keep calendars of days to avoid, and say of a letter against which its dates were held."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0008", "0007"
branch_labels = depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("loaded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["loaded_by_id"], ["person.id"], "fk_calendar_loaded_by_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_calendar"),
        sa.UniqueConstraint("slug", name="uq_calendar_slug"),
    )
    op.create_table(
        "calendar_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("estimate", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("to_on >= from_on", name="ck_calendar_event_ends_after_it_begins"),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendar.id"], "fk_calendar_event_calendar_id_calendar"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_event"),
    )
    op.create_index(
        "ix_calendar_event_calendar_id_from_on", "calendar_event", ["calendar_id", "from_on"]
    )
    with op.batch_alter_table("consultation") as consultation:
        consultation.add_column(sa.Column("clashes", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("consultation") as consultation:
        consultation.drop_column("clashes")
    op.drop_table("calendar_event")
    op.drop_table("calendar")
