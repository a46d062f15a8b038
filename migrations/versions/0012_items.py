"""Say of a session in which time zone it is, and of a candidate what the curriculum vitae says.

Items of before have neither.
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0012", "0011"
branch_labels = depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("item") as item:
        item.add_column(sa.Column("zone", sa.String(length=64), nullable=True))
        item.add_column(sa.Column("cv", sa.JSON(), nullable=False, server_default="{}"))
        item.add_column(sa.Column("cv_document", sa.String(length=64), nullable=True))
    with op.batch_alter_table("item") as item:
        item.alter_column("cv", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("item") as item:
        for column in ("cv_document", "cv", "zone"):
            item.drop_column(column)
