"""The tables that stand beside the library's events table; `migrations/` creates them."""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Uuid

metadata = MetaData()

fact_index = Table(
    "fact_index",
    metadata,
    Column("position", BigInteger, primary_key=True),
    Column("event_id", Uuid, nullable=False, unique=True),
    Column("stream_id", Uuid, nullable=False),
    Column("kind", String, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("occurred_at", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("stored_at", BigInteger, nullable=False),
    Column("actor", String, nullable=False),
    Column("shard", Integer, nullable=False),
    Column("traceparent", String),
    Index("fact_index_by_shard", "shard", "position"),
    Index("fact_index_by_stream", "stream_id", "version"),
)
fact_subjects = Table(
    "fact_subjects",
    metadata,
    Column("subject_id", Uuid, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Index("fact_subjects_by_position", "position"),
)
receipts = Table(
    "receipts",
    metadata,
    Column("key", String, primary_key=True),
    Column("fingerprint", String, nullable=False),
    Column("stream_id", Uuid, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("stored_at", BigInteger, nullable=False),
)
people = Table(
    "people",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", String),
    Column("login", String, unique=True),
)
api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("secret_hash", String, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Column("expires_at", BigInteger),
)
sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String, primary_key=True),
    Column("key_id", Uuid, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)
relay = Table(
    "relay",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("owner", String, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
)
epochs = Table(
    "epochs",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("epoch", String, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
)
