"""The trace of the request that recorded a fact, and when the relay was last seen at work."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Facts recorded before have no trace; a relay that was never seen is at 0."""
    op.add_column("fact_index", sa.Column("traceparent", sa.String))
    op.add_column("relay", sa.Column("seen_at", sa.BigInteger, nullable=False, server_default="0"))
