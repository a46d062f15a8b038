"""Keep every revision of an open letter, and what a reply given before one says.

Until now no letter was revised: in those that are there an unconfirmed reply stands.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    unconfirmed = sa.Column(
        "unconfirmed", sa.String(length=32), nullable=False, server_default="stands"
    )
    with op.batch_alter_table("consultation") as consultation:
        consultation.add_column(unconfirmed)
    with op.batch_alter_table("consultation") as consultation:
        consultation.alter_column("unconfirmed", server_default=None)
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("authority", sa.String(length=200), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("roll", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_revision_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_revision_request_id_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint(
            "consultation_id", "number", name=op.f("uq_revision_consultation_id_number")
        ),
    )
    op.create_table(
        "revision_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("authority", sa.String(length=200), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_revision_draft_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["saved_by_id"], ["person.id"], name=op.f("fk_revision_draft_saved_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision_draft")),
        sa.UniqueConstraint("consultation_id", name=op.f("uq_revision_draft_consultation_id")),
    )
    op.create_index("ix_revision_draft_saved_by_id", "revision_draft", ["saved_by_id"])


def downgrade() -> None:
    op.drop_table("revision_draft")
    op.drop_table("revision")
    with op.batch_alter_table("consultation") as consultation:
        consultation.drop_column("unconfirmed")
