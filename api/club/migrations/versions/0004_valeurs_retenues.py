"""What a value means, said once by a membre for all its next files."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "valeurs_retenues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("membre", sa.String(), nullable=False),
        sa.Column("champ", sa.String(), nullable=False),
        sa.Column("lu", sa.String(), nullable=False),
        sa.Column("remplacement", sa.String(), nullable=False),
        sa.Column("par", sa.String(), nullable=False),
        sa.Column("le", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["membre"], ["membres.siren"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("membre", "champ", "lu"),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("valeurs_retenues")
