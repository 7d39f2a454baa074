"""The one way a request becomes a command: key, fingerprint, role, receipt."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request, Response
from pydantic import BaseModel
from pydantic_core import to_json

from api.identity import CallerOf, ContextOf, Thing, authorize
from domain.identity.words import Role
from domain.kernel.decide import Command, Decide, Occasion, Receipt, record
from domain.kernel.refusal import Forbidden, Invalid
from store.people import csrf_token

KEY_PATTERN = re.compile(r"[\x21-\x7e]{1,200}")
ETAG_PATTERN = re.compile(r'(?:W/)?"?(\d{1,18})"?')


class ReceiptAnswer(BaseModel):
    """What a command got. `token` goes into `after=` of a read that must show it."""

    id: UUID
    version: int
    position: int
    token: str


class Desk:
    """Records the commands of one request."""

    def __init__(self, request: Request, response: Response, context: ContextOf, caller: CallerOf) -> None:
        self.request = request
        self.response = response
        self.context = context
        self.caller = caller
        if caller.session and request.headers.get("x-csrf-token") != csrf_token(caller.session):
            raise Forbidden("a POST from the page needs its X-CSRF-Token")

    def record(
        self,
        operation: str,
        stream_id: UUID,
        decide: Decide,
        body: BaseModel,
        things: Sequence[Thing],
        names: Mapping[UUID, str] | None = None,
    ) -> ReceiptAnswer:
        """Decide and record, or answer with the receipt of the same Idempotency-Key."""
        role = authorize(self.context, self.caller, operation, things)
        key, fingerprint = self._key(), self._fingerprint(body)
        receipt = self.context.store.receipt(key, fingerprint)
        if receipt is None:
            command = Command(decide, stream_id, key, fingerprint, self._if_match(), names or {})
            receipt = record(self.context.store, command, lambda: self._occasion(role, body), self.context.new_id)
        return self._answer(receipt)

    def _answer(self, receipt: Receipt) -> ReceiptAnswer:
        self.response.headers["ETag"] = f'"{receipt.version}"'
        token = token_of(self.context.store.epoch(), receipt.position)
        return ReceiptAnswer(id=receipt.id, version=receipt.version, position=receipt.position, token=token)

    def _occasion(self, role: Role, body: Any) -> Occasion:
        return Occasion(
            now=self.context.clock(),
            actor=self.caller.actor,
            role=role,
            correlation_id=self.request.state.correlation_id,
            occurred_at=getattr(body, "occurred_at", None),
            inputs_position=getattr(body, "inputs_position", None),
        )

    def _key(self) -> str:
        given = self.request.headers.get("idempotency-key")
        if given is None:
            return f"once:{self.context.new_id()}"
        if not KEY_PATTERN.fullmatch(given):
            raise Invalid({"header:Idempotency-Key": "expected 1 to 200 visible ASCII characters"})
        return f"http:{self.caller.person}:{self.request.url.path}:{given}"

    def _fingerprint(self, body: BaseModel) -> str:
        return hashlib.sha256(to_json(body.model_dump(mode="json"))).hexdigest()

    def _if_match(self) -> int | None:
        given = self.request.headers.get("if-match")
        if given is None or given.strip() == "*":
            return None
        match = ETAG_PATTERN.fullmatch(given.strip())
        if not match:
            raise Invalid({"header:If-Match": 'expected a version, such as "3"'})
        return int(match[1])


def token_of(epoch: str, position: int) -> str:
    """What `after=` waits for."""
    return f"{epoch}-{position}"


def position_of(token: str, epoch: str) -> int:
    """The position of a token. Raises `Invalid` for any other text, or a token of another store."""
    match = re.fullmatch(r"([0-9a-f]{12})-(\d{1,18})", token)
    if not match or match[1] != epoch:
        raise Invalid({"query:after": "expected the token of a receipt of this store"})
    return int(match[2])


DeskOf = Annotated[Desk, Depends(Desk)]
