"""How far the relay has sent facts on, and which relay is the one."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """One row: the cursor moves only under its owner."""
    relay = op.create_table(
        "relay",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("owner", sa.String, nullable=False),
    )
    op.bulk_insert(relay, [{"id": 1, "position": 0, "owner": ""}])
