"""Keep why a right to vote rests, who only observes, who is asked, rehearsals, papers of mandates.

Assumes the tables of the letter. Every new flag is false and every new text empty for what is
there already: nobody observed, nothing was rehearsed, and every member of a body was asked.
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0007", "0006"

_NUMBERED = "uq_record_body_id_year_serial_revision"
_NUMBERED_APART = "uq_record_body_id_year_serial_revision_rehearsal"


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def upgrade() -> None:
    for table in ("seat", "roll_entry"):
        op.add_column(table, sa.Column("no_vote_ground", sa.String(length=500), nullable=True))
        op.add_column(table, _flag("observer"))
    op.add_column("consultation", sa.Column("electorate", sa.JSON(), nullable=True))
    op.add_column("consultation", _flag("observers"))
    op.add_column("consultation", _flag("rehearsal"))
    op.create_table(
        "evidence",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_evidence_added_by_id_person")
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_evidence")),
    )
    op.add_column("focal_point", sa.Column("paper_sha256", sa.String(length=64), nullable=True))
    op.add_column("record", _flag("rehearsal"))
    with op.batch_alter_table("record") as record:
        record.drop_constraint(op.f(_NUMBERED), type_="unique")
        record.create_unique_constraint(
            op.f(_NUMBERED_APART), ["body_id", "year", "serial", "revision", "rehearsal"]
        )


def downgrade() -> None:
    op.execute("DELETE FROM record WHERE rehearsal")
    with op.batch_alter_table("record") as record:
        record.drop_constraint(op.f(_NUMBERED_APART), type_="unique")
        record.create_unique_constraint(op.f(_NUMBERED), ["body_id", "year", "serial", "revision"])
        record.drop_column("rehearsal")
    op.drop_column("focal_point", "paper_sha256")
    op.drop_table("evidence")
    for name in ("rehearsal", "observers", "electorate"):
        op.drop_column("consultation", name)
    for table in ("roll_entry", "seat"):
        op.drop_column(table, "observer")
        op.drop_column(table, "no_vote_ground")
