"""The first tables: members, conversations, questions, opinions."""

import sqlalchemy as sa
from alembic import op

from assistant.store.tables import Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "asked_question",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("access", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("abstained", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("sheets", sa.JSON(), nullable=False),
        sa.Column("cited", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_question")),
    )
    with op.batch_alter_table("asked_question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_asked_question_abstained"), ["abstained"], unique=False)
        batch_op.create_index(batch_op.f("ix_asked_question_at"), ["at"], unique=False)

    op.create_table(
        "member",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("subject", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("created", Moment(), nullable=False),
        sa.Column("last_seen", Moment(), nullable=True),
        sa.Column("revoked", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("email", name=op.f("uq_member_email")),
        sa.UniqueConstraint("subject", name=op.f("uq_member_subject")),
    )
    op.create_table(
        "spent_token",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("ends", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_spent_token")),
    )
    with op.batch_alter_table("spent_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spent_token_ends"), ["ends"], unique=False)

    op.create_table(
        "conversation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("member_id", sa.String(length=36), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("started", Moment(), nullable=False),
        sa.Column("updated", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_conversation_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
    )
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conversation_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_conversation_updated"), ["updated"], unique=False)

    op.create_table(
        "member_session",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.String(length=36), nullable=False),
        sa.Column("started", Moment(), nullable=False),
        sa.Column("ends", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_member_session_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_member_session")),
    )
    with op.batch_alter_table("member_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_session_ends"), ["ends"], unique=False)
        batch_op.create_index(batch_op.f("ix_member_session_member_id"), ["member_id"], unique=False)

    op.create_table(
        "question_vector",
        sa.Column("question_id", sa.String(length=36), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["asked_question.id"], name=op.f("fk_question_vector_question_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_question_vector")),
    )
    op.create_table(
        "opinion",
        sa.Column("question_id", sa.String(length=36), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["asked_question.id"], name=op.f("fk_opinion_question_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_opinion")),
    )
    with op.batch_alter_table("opinion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opinion_at"), ["at"], unique=False)

    op.create_table(
        "ruling",
        sa.Column("question_id", sa.String(length=36), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("sheet", sa.String(length=200), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["asked_question.id"], name=op.f("fk_ruling_question_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_ruling")),
    )
    op.create_table(
        "sign_in_link",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.String(length=36), nullable=False),
        sa.Column("ends", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_sign_in_link_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_sign_in_link")),
    )
    with op.batch_alter_table("sign_in_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_link_ends"), ["ends"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_link_member_id"), ["member_id"], unique=False)

    op.create_table(
        "exchange",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("ignored", sa.JSON(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_exchange_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange")),
    )
    with op.batch_alter_table("exchange", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exchange_conversation_id"), ["conversation_id"], unique=False)


def downgrade() -> None:
    """Change them back."""
    with op.batch_alter_table("exchange", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exchange_conversation_id"))

    op.drop_table("exchange")
    with op.batch_alter_table("sign_in_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_link_member_id"))
        batch_op.drop_index(batch_op.f("ix_sign_in_link_ends"))

    op.drop_table("sign_in_link")
    op.drop_table("ruling")
    with op.batch_alter_table("opinion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opinion_at"))

    op.drop_table("opinion")
    op.drop_table("question_vector")
    with op.batch_alter_table("member_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_session_member_id"))
        batch_op.drop_index(batch_op.f("ix_member_session_ends"))

    op.drop_table("member_session")
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conversation_updated"))
        batch_op.drop_index(batch_op.f("ix_conversation_member_id"))

    op.drop_table("conversation")
    with op.batch_alter_table("spent_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_spent_token_ends"))

    op.drop_table("spent_token")
    op.drop_table("member")
    with op.batch_alter_table("asked_question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_asked_question_at"))
        batch_op.drop_index(batch_op.f("ix_asked_question_abstained"))

    op.drop_table("asked_question")
