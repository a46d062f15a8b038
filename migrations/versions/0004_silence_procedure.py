"""The silence procedure: what an objection breaks, what it broke, what follows a letter."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_FOLLOWS = "fk_consultation_follows_id_consultation"


def upgrade() -> None:
    with op.batch_alter_table("consultation") as consultation:
        consultation.add_column(sa.Column("breaks", sa.String(length=32), nullable=True))
        consultation.add_column(sa.Column("follows_id", sa.Integer(), nullable=True))
        consultation.add_column(sa.Column("follows_as", sa.String(length=32), nullable=True))
        consultation.create_foreign_key(op.f(_FOLLOWS), "consultation", ["follows_id"], ["id"])
    with op.batch_alter_table("item") as item:
        item.add_column(sa.Column("broken_at", sa.DateTime(timezone=True), nullable=True))
        item.add_column(sa.Column("broken_number", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("item") as item:
        item.drop_column("broken_number")
        item.drop_column("broken_at")
    with op.batch_alter_table("consultation") as consultation:
        consultation.drop_constraint(op.f(_FOLLOWS), type_="foreignkey")
        consultation.drop_column("follows_as")
        consultation.drop_column("follows_id")
        consultation.drop_column("breaks")
