"""The facts, what stands beside them, and the people and keys."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table of the write side; facts can neither be changed nor deleted."""
    _events()
    op.create_table(
        "fact_index",
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("event_id", sa.Uuid, nullable=False, unique=True),
        sa.Column("stream_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("occurred_at", sa.BigInteger, nullable=False),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.Column("stored_at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("shard", sa.Integer, nullable=False),
    )
    op.create_index("fact_index_by_shard", "fact_index", ["shard", "position"])
    op.create_index("fact_index_by_stream", "fact_index", ["stream_id", "version"])
    op.create_table(
        "fact_subjects",
        sa.Column("subject_id", sa.Uuid, primary_key=True),
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    )
    op.create_index("fact_subjects_by_position", "fact_subjects", ["position"])
    op.create_table(
        "receipts",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("fingerprint", sa.String, nullable=False),
        sa.Column("stream_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("stored_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("name", sa.String),
        sa.Column("login", sa.String, unique=True),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("secret_hash", sa.String, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("revoked_at", sa.BigInteger),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String, primary_key=True),
        sa.Column("key_id", sa.Uuid, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "epochs",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("epoch", sa.String, nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
    )


def _events() -> None:
    """The library's table, with triggers that keep facts as they are."""
    if op.get_bind().dialect.name == "postgresql":
        _events_on_postgresql()
    else:
        _events_on_sqlite()


def _events_on_postgresql() -> None:
    op.execute(
        """
        CREATE TABLE stored_events (
            originator_id uuid NOT NULL,
            originator_version bigint NOT NULL,
            topic text NOT NULL,
            state bytea NOT NULL,
            notification_id bigserial,
            PRIMARY KEY (originator_id, originator_version)
        )
        """
    )
    op.execute(
        "CREATE TYPE stored_event_uuid AS (originator_id uuid, originator_version bigint, topic text, state bytea)"
    )
    op.execute("CREATE UNIQUE INDEX stored_events_notification_id_idx ON stored_events (notification_id)")
    op.execute(
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'facts are never changed or deleted'; END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER stored_events_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON stored_events
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
        """
    )


def _events_on_sqlite() -> None:
    """`rowid` is spelled out so that AUTOINCREMENT never hands one out twice."""
    op.execute(
        """
        CREATE TABLE stored_events (
            rowid INTEGER PRIMARY KEY AUTOINCREMENT,
            originator_id TEXT NOT NULL,
            originator_version INTEGER NOT NULL,
            topic TEXT NOT NULL,
            state BLOB NOT NULL,
            UNIQUE (originator_id, originator_version)
        )
        """
    )
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"""
            CREATE TRIGGER stored_events_no_{change.lower()} BEFORE {change} ON stored_events
            BEGIN SELECT RAISE(ABORT, 'facts are never changed or deleted'); END
            """
        )
