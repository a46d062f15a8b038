"""Keep who observes which body, from when, until when.

Assumes people and bodies. The role of observer was given without a body until now: who holds it
reads nothing before being named for one.
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0013", "0012"
branch_labels = depends_on = None


def upgrade() -> None:
    op.create_table(
        "observer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("for_whom", sa.String(length=200), nullable=True),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("named_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_observer_body_id_body")),
        sa.ForeignKeyConstraint(
            ["named_by_id"], ["person.id"], name=op.f("fk_observer_named_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_observer_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observer")),
    )
    op.create_index("ix_observer_person_id", "observer", ["person_id"])
    op.create_index("ix_observer_body_id", "observer", ["body_id"])


def downgrade() -> None:
    op.drop_table("observer")
