"""Keep of what kind comments are, what papers say unclearly, and the PDF that goes with a reply.

Until now every comment was one, no item was put to a member for clarification, and no letter
allowed a note. The replies are written once: columns are added without making their table anew,
which would lose its triggers.
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0014", "0013"
branch_labels = depends_on = None

_TABLES = {
    "reply": ("kinds", "unclear", "note"),
    "reply_draft": ("note",),
    "comment": ("receipt",),
}


def _column(name: str) -> sa.Column[object]:
    if name == "receipt":
        return sa.Column(name, sa.Text(), nullable=True)
    if name == "note":
        return sa.Column(name, sa.String(length=64), nullable=True)
    return sa.Column(name, sa.JSON(none_as_null=True), nullable=True)


def upgrade() -> None:
    for table, names in _TABLES.items():
        for name in names:
            op.add_column(table, _column(name))
    notes = sa.Column("notes", sa.Boolean(), nullable=False, server_default=sa.false())
    with op.batch_alter_table("consultation") as consultation:
        consultation.add_column(notes)
    op.create_table(
        "reply_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("member", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], "fk_reply_note_consultation_id_consultation"
        ),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], "fk_reply_note_added_by_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_reply_note"),
        sa.UniqueConstraint(
            "consultation_id",
            "member",
            "sha256",
            name="uq_reply_note_consultation_id_member_sha256",
        ),
    )
    op.create_index("ix_reply_note_added_by_id", "reply_note", ["added_by_id"])


def downgrade() -> None:
    op.drop_table("reply_note")
    with op.batch_alter_table("consultation") as consultation:
        consultation.drop_column("notes")
    for table, names in _TABLES.items():
        for name in names:
            op.drop_column(table, name)
