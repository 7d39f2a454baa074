"""People and their keys: personal data and secrets, kept apart from facts."""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Engine, delete, insert, select, update

from domain.kernel.instants import micros
from store.database import reading_from
from store.statements import NAMES, SESSION_HOLDER, VALID_KEY
from store.tables import api_keys, people, sessions

SESSION_LASTS = timedelta(hours=12)


class NewKey(NamedTuple):
    """A key as it is shown, once."""

    id: UUID
    person: UUID
    key: str


class StoredKey(NamedTuple):
    """A key as it is kept; instants in µs since 1970. It is worth nothing from `expires_at` on."""

    id: UUID
    person: UUID
    name: str | None
    created_at: int
    revoked_at: int | None
    expires_at: int | None


class People:
    """Names of persons, keys (hashed) and the page's sessions (hashed)."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime], new_id: Callable[[], UUID]) -> None:
        self._reading = reading_from(engine)
        self._writing = engine.execution_options(immediate=True)
        self._clock = clock
        self._new_id = new_id

    def person_called(self, login: str) -> UUID:
        """The person whose keys carry this name; a new one if there is none. One name is one person."""
        with self._writing.begin() as connection:
            found: UUID | None = connection.scalar(select(people.c.id).where(people.c.login == login))
            if found:
                return found
            person = self._new_id()
            connection.execute(insert(people).values(id=person, name=login, login=login))
            return person

    def create_key(self, person: UUID, secret: str | None = None, expires_at: datetime | None = None) -> NewKey:
        """A new key of a person; the secret leaves this function once and is stored as a hash."""
        key_id, secret = self._new_id(), secret or secrets.token_urlsafe(24)
        with self._writing.begin() as connection:
            connection.execute(
                insert(api_keys).values(
                    id=key_id,
                    person_id=person,
                    secret_hash=_hash(secret),
                    created_at=micros(self._clock()),
                    expires_at=micros(expires_at) if expires_at else None,
                )
            )
        return NewKey(key_id, person, f"wf_{key_id.hex}_{secret}")

    def revoke_key(self, key_id: UUID) -> bool:
        """Make a key worthless; `False` if there is no such valid key."""
        valid = (api_keys.c.id == key_id) & api_keys.c.revoked_at.is_(None)
        with self._writing.begin() as connection:
            done = connection.execute(update(api_keys).where(valid).values(revoked_at=micros(self._clock())))
            connection.execute(delete(sessions).where(sessions.c.key_id == key_id))
        return done.rowcount == 1

    def every_key(self) -> list[StoredKey]:
        """All keys, oldest first, without their secrets."""
        key = api_keys.c
        statement = (
            select(key.id, key.person_id, people.c.name, key.created_at, key.revoked_at, key.expires_at)
            .join(people, people.c.id == api_keys.c.person_id)
            .order_by(api_keys.c.created_at, api_keys.c.id)
        )
        with self._reading.connect() as connection:
            return [StoredKey(*row) for row in connection.execute(statement)]

    def holder(self, key: str) -> tuple[UUID, UUID] | None:
        """The id of a valid key and its person, `None` for any other text."""
        parts = key.split("_", 2)
        if len(parts) != 3 or parts[0] != "wf":
            return None
        try:
            key_id = UUID(parts[1])
        except ValueError:
            return None
        with self._reading.connect() as connection:
            row = connection.execute(VALID_KEY, {"key": key_id, "now": micros(self._clock())}).first()
        if row is None or not hmac.compare_digest(row.secret_hash, _hash(parts[2])):
            return None
        return row.id, row.person_id

    def names(self, ids: Collection[UUID]) -> dict[UUID, str]:
        """The names of those that are persons and have one."""
        if not ids:
            return {}
        with self._reading.connect() as connection:
            return {row.id: row.name for row in connection.execute(NAMES, {"people": list(ids)})}

    def open_session(self, key_id: UUID) -> str:
        """A session of the page for the holder of a key; the token is stored as a hash."""
        token = secrets.token_urlsafe(32)
        with self._writing.begin() as connection:
            connection.execute(delete(sessions).where(sessions.c.expires_at < micros(self._clock())))
            connection.execute(
                insert(sessions).values(
                    token_hash=_hash(token), key_id=key_id, expires_at=micros(self._clock() + SESSION_LASTS)
                )
            )
        return token

    def session_holder(self, token: str) -> UUID | None:
        """The person of a session that has not expired and whose key is still valid."""
        with self._reading.connect() as connection:
            return connection.scalar(SESSION_HOLDER, {"token": _hash(token), "now": micros(self._clock())})

    def close_session(self, token: str) -> None:
        """Sign out."""
        with self._writing.begin() as connection:
            connection.execute(delete(sessions).where(sessions.c.token_hash == _hash(token)))


def csrf_token(session_token: str) -> str:
    """What a form of the page must carry; told from the session, useless without it."""
    return _hash(f"csrf:{session_token}")[:32]


def _hash(secret: str) -> str:
    """SHA-256 is enough for secrets of 192 random bits; nobody can try them all."""
    return hashlib.sha256(secret.encode()).hexdigest()
