"""A dépôt may be read again: its readings are numbered."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply: what was read before is the first reading."""
    with op.batch_alter_table("depots") as table:
        table.add_column(sa.Column("lecture", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("depots") as table:
        table.drop_column("lecture")
