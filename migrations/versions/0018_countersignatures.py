"""Keep the word of a newer key for the records that a lost key had signed."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0018", "0017"
branch_labels = depends_on = None


def upgrade() -> None:
    op.add_column(
        "signing_key", sa.Column("countersigned_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_table(
        "countersignature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("kid", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name="fk_countersignature_record_id_record"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_countersignature"),
        sa.UniqueConstraint("record_id", "kid", name="uq_countersignature_record_id_kid"),
    )
    _keep()


def downgrade() -> None:
    op.drop_table("countersignature")
    op.drop_column("signing_key", "countersigned_at")


def _keep() -> None:
    """Let the database refuse to change what was signed."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER countersignature_is_kept BEFORE UPDATE OR DELETE ON countersignature"
            " FOR EACH ROW EXECUTE FUNCTION consult_refuse()"
        )
        return
    for act in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER countersignature_is_kept_from_{act} BEFORE {act.upper()}"
            " ON countersignature"
            " BEGIN SELECT RAISE(ABORT, 'countersignature is written once'); END"
        )
