"""Links to one answer."""

import sqlalchemy as sa
from alembic import op

from assistant.store.tables import Moment

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "shared_link",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("access", sa.String(length=20), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("made", Moment(), nullable=False),
        sa.Column("ends", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_link")),
    )
    with op.batch_alter_table("shared_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shared_link_ends"), ["ends"], unique=False)


def downgrade() -> None:
    """Change them back."""
    with op.batch_alter_table("shared_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shared_link_ends"))

    op.drop_table("shared_link")
