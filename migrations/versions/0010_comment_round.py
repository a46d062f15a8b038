"""Comment rounds with their dispositions, and the exchange of views before a vote.

A consultation of before is one that decides. Versions of comments are written once, as replies are.
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0010", "0009"

_KEPT = ("comment", "view_statement")


def upgrade() -> None:
    op.add_column(
        "consultation",
        sa.Column("kind", sa.String(length=32), server_default="decision", nullable=False),
    )
    op.add_column("consultation", sa.Column("takes_up", sa.String(length=64), nullable=True))
    op.add_column("consultation", sa.Column("views", sa.JSON(), nullable=True))
    _make_comments()
    _make_dispositions()
    _make_views()
    _keep()


def downgrade() -> None:
    for table in ("view_statement", "disposition", "comment_draft", "comment"):
        op.drop_table(table)
    for column in ("views", "takes_up", "kind"):
        op.drop_column("consultation", column)


def _make_comments() -> None:
    op.create_table(
        "comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public", sa.String(length=32), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("member", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("remarks", sa.JSON(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("mandate_id", sa.Integer(), nullable=True),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _key("comment", "consultation_id", "consultation"),
        _key("comment", "person_id", "person"),
        _key("comment", "mandate_id", "focal_point"),
        sa.PrimaryKeyConstraint("id", name="pk_comment"),
        sa.UniqueConstraint("public", name="uq_comment_public"),
        sa.UniqueConstraint(
            "consultation_id", "member", "version", name="uq_comment_consultation_id_member_version"
        ),
        sa.UniqueConstraint(
            "consultation_id",
            "member",
            "idempotency_key",
            name="uq_comment_consultation_id_member_idempotency_key",
        ),
    )
    op.create_table(
        "comment_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("member", sa.String(length=64), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("remarks", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        _key("comment_draft", "consultation_id", "consultation"),
        _key("comment_draft", "saved_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_comment_draft"),
        sa.UniqueConstraint(
            "consultation_id", "member", name="uq_comment_draft_consultation_id_member"
        ),
    )
    op.create_index("ix_comment_draft_saved_by_id", "comment_draft", ["saved_by_id"])


def _make_dispositions() -> None:
    op.create_table(
        "disposition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("remark", sa.String(length=32), nullable=False),
        sa.Column("disposed", sa.String(length=32), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("said_by_id", sa.Integer(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _key("disposition", "consultation_id", "consultation"),
        _key("disposition", "said_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_disposition"),
        sa.UniqueConstraint(
            "consultation_id", "remark", name="uq_disposition_consultation_id_remark"
        ),
    )
    op.create_index("ix_disposition_said_by_id", "disposition", ["said_by_id"])


def _make_views() -> None:
    op.create_table(
        "view_statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("member", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _key("view_statement", "consultation_id", "consultation"),
        _key("view_statement", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_view_statement"),
        sa.UniqueConstraint(
            "consultation_id",
            "member",
            "idempotency_key",
            name="uq_view_statement_consultation_id_member_idempotency_key",
        ),
    )
    op.create_index("ix_view_statement_person_id", "view_statement", ["person_id"])


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")


def _keep() -> None:
    """Let the database refuse to change what a member said."""
    if op.get_bind().dialect.name == "postgresql":
        for table in _KEPT:
            op.execute(
                f"CREATE TRIGGER {table}_is_kept BEFORE UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION consult_refuse()"
            )
        return
    for table in _KEPT:
        for act in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_is_kept_from_{act} BEFORE {act.upper()} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is written once'); END"
            )
