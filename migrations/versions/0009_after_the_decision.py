"""Keep what follows a decision: errata, referrals, and which letter takes items up again."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0009", "0008"
branch_labels = depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("consultation") as consultation:
        consultation.add_column(sa.Column("follows", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "erratum",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("words", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], "fk_erratum_consultation_id_consultation"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_erratum"),
        sa.UniqueConstraint("consultation_id", "number", name="uq_erratum_consultation_id_number"),
    )
    op.create_table(
        "referral",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("meeting", sa.String(length=200), nullable=False),
        sa.Column("asked_for_by", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], "fk_referral_consultation_id_consultation"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_referral"),
        sa.UniqueConstraint("consultation_id", "item", name="uq_referral_consultation_id_item"),
    )


def downgrade() -> None:
    op.drop_table("referral")
    op.drop_table("erratum")
    with op.batch_alter_table("consultation") as consultation:
        consultation.drop_column("follows")
