"""The instant from which a key is worth nothing any more."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Keys made before do not expire."""
    op.add_column("api_keys", sa.Column("expires_at", sa.BigInteger))
