"""The public keys of the service and the heads of ledgers that they signed.

Nothing was signed until now. A ledger of before names no key; it goes by the first one as soon
as one of its heads is signed.
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0015", "0014"
branch_labels = depends_on = None


def upgrade() -> None:
    op.add_column("consultation", sa.Column("kid", sa.String(length=16), nullable=True))
    op.create_table(
        "signing_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kid", sa.String(length=16), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("revokes_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stated", sa.JSON(), nullable=True),
        sa.CheckConstraint("asked_by_id <> confirmed_by_id", name="two_persons"),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name="fk_signing_key_asked_by_id_person"
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["person.id"], name="fk_signing_key_confirmed_by_id_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_signing_key"),
        sa.UniqueConstraint("kid", name="uq_signing_key_kid"),
        sa.UniqueConstraint("place", name="uq_signing_key_place"),
    )
    for column in ("asked_by_id", "confirmed_by_id"):
        op.create_index(f"ix_signing_key_{column}", "signing_key", [column])
    op.create_table(
        "checkpoint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name="fk_checkpoint_consultation_id_consultation",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_checkpoint"),
        sa.UniqueConstraint(
            "consultation_id", "number", name="uq_checkpoint_consultation_id_number"
        ),
    )
    _keep()


def downgrade() -> None:
    op.drop_table("checkpoint")
    op.drop_table("signing_key")
    op.drop_column("consultation", "kid")


def _keep() -> None:
    """Let the database refuse to change what was signed."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER checkpoint_is_kept BEFORE UPDATE OR DELETE ON checkpoint"
            " FOR EACH ROW EXECUTE FUNCTION consult_refuse()"
        )
        return
    for act in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER checkpoint_is_kept_from_{act} BEFORE {act.upper()} ON checkpoint"
            " BEGIN SELECT RAISE(ABORT, 'checkpoint is written once'); END"
        )
