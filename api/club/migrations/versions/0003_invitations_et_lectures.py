"""People choose their own password by an invitation; a dépôt says by which rules it was read, and keeps the readings it had before."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply: nobody knows by which rules the present dépôts were read."""
    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("compte", sa.Integer(), nullable=False),
        sa.Column("jeton", sa.String(64), nullable=False),
        sa.Column("par", sa.String(), nullable=False),
        sa.Column("le", sa.DateTime(), nullable=False),
        sa.Column("expire_le", sa.DateTime(), nullable=False),
        sa.Column("utilisee_le", sa.DateTime(), nullable=True),
        sa.Column("annulee_le", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["compte"], ["comptes.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("jeton"),
    )
    op.create_table(
        "lectures_passees",
        sa.Column("depot", sa.String(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("comptes", sa.JSON(), nullable=True),
        sa.Column("verdict", sa.JSON(), nullable=True),
        sa.Column("regles", sa.String(), nullable=True),
        sa.Column("reprise_par", sa.Integer(), nullable=False),
        sa.Column("par", sa.String(), nullable=False),
        sa.Column("le", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["depot"], ["depots.id"]),
        sa.PrimaryKeyConstraint("depot", "numero"),
    )
    with op.batch_alter_table("depots") as table:
        table.add_column(sa.Column("regles", sa.String(), nullable=True))


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("depots") as table:
        table.drop_column("regles")
    op.drop_table("lectures_passees")
    op.drop_table("invitations")
