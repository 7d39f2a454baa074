"""The one way a request becomes a command: key, fingerprint, role, receipt."""

import hashlib
import re
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel
from pydantic_core import to_json

from api.context import Context
from api.identity import Caller, CallerOf, ContextOf, authorize, must_see, scope_of
from api.reach import Reach, Thing
from domain.identity.words import Role
from domain.kernel.command import Given
from domain.kernel.decide import Occasion, Receipt
from domain.kernel.record import Command, record
from domain.kernel.refusal import Busy, Forbidden, Invalid, Refused, Scoped
from domain.operation import Operation
from domain.processes.premises import premises_of
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

    def __init__(
        self,
        request: Request,
        response: Response,
        context: Context,
        caller: Caller,
        idempotency_key: str | None,
        if_match: str | None,
    ) -> None:
        self._given_key = idempotency_key
        self._given_version = if_match
        self.request = request
        self.response = response
        self.context = context
        self.caller = caller
        if caller.session and request.headers.get("x-csrf-token") != csrf_token(caller.session):
            raise Forbidden("a POST from the page needs its X-CSRF-Token")

    def record(self, operation: Operation, thing: UUID, command: Given) -> ReceiptAnswer:
        """Decide and record, or answer with the receipt of the same Idempotency-Key."""
        role = authorize(self.context, self.caller, operation.roles, things_of(operation, thing, command))
        must_see(Reach(self.context.store, self.caller.places), self.caller, rested_on(command))
        epoch = self.context.store.epoch()  # asked before anything is recorded, so that the receipt needs no more
        wanted = Command(
            decide=operation.decide(thing, command),
            receipt_for=operation.receipt_for(thing, command),
            key=self._key(),
            fingerprint=self._fingerprint(command),
            if_match=self._if_match(),
            names=operation.names(thing, command),
        )
        receipt = self._known(wanted) or self._decided(wanted, role, command)
        self.response.headers["ETag"] = f'"{receipt.version}"'
        token = token_of(epoch, receipt.position)
        return ReceiptAnswer(id=receipt.id, version=receipt.version, position=receipt.position, token=token)

    def _known(self, wanted: Command) -> Receipt | None:
        if self._given_key is None:  # a key made for this request cannot have been used before
            return None
        return self.context.store.receipt(wanted.key, wanted.fingerprint)

    def _decided(self, wanted: Command, role: Role, command: Given) -> Receipt:
        try:
            return record(self.context.store, wanted, lambda: self._occasion(role, command), self.context.new_id)
        except Busy:
            raise
        except Refused as refused:
            # the same command, sent twice at once, finds what it does itself already done
            if receipt := self._known(wanted):
                return receipt
            raise self._told(refused) from None

    def _told(self, refused: Refused) -> Refused:
        """A refusal without what the caller may not see."""
        scope = scope_of(self.context, self.caller) if isinstance(refused, Scoped) else None
        if scope is None or not isinstance(refused, Scoped):
            return refused
        return refused.seen_by(scope.things.__contains__)

    def _occasion(self, role: Role, command: Given) -> Occasion:
        return Occasion(
            now=self.context.clock(),
            actor=self.caller.actor,
            role=role,
            correlation_id=self.request.state.correlation_id,
            occurred_at=command.occurred_at,
            inputs_position=command.inputs_position,
            traceparent=self.request.state.traceparent,
        )

    def _key(self) -> str:
        given = self._given_key
        if given is None:
            return f"once:{self.context.new_id()}"
        if not KEY_PATTERN.fullmatch(given):
            raise Invalid({"header:Idempotency-Key": "expected 1 to 200 visible ASCII characters"})
        return f"http:{self.caller.person}:{self.request.url.path}:{given}"

    def _fingerprint(self, body: Given) -> str:
        return hashlib.sha256(to_json(body.model_dump(mode="json"))).hexdigest()

    def _if_match(self) -> int | None:
        given = self._given_version
        if given is None or given.strip() == "*":
            return None
        match = ETAG_PATTERN.fullmatch(given.strip())
        if not match:
            raise Invalid({"header:If-Match": 'expected a version, such as "3"'})
        return int(match[1])


def things_of(operation: Operation, thing: UUID, command: Given) -> list[Thing]:
    """What the command is about: the thing of its path, and those its body names.

    People and teams belong to the organisation; who moves them needs a role over the projects, who gives them
    a role in some place one over that.
    """
    about = [] if operation.verb == "create" or operation.collection in {"resources", "people"} else [thing]
    through = getattr(command, operation.through) if operation.through else None
    things = [Thing(operation.collection.removesuffix("s"), each, through=through) for each in about]
    named = [(member, kind, getattr(command, member)) for member, kind in command.named.items()]
    return things + [Thing(kind, each, f"/{member}") for member, kind, each in named if each is not None]


def rested_on(command: Given) -> list[Thing]:
    """What the premises of a command are about: it has to be in scope, a role over it is not needed."""
    return [
        Thing(kind, each, f"{pointer}/{kind}")
        for pointer, premise in premises_of(command)
        for kind, each in premise.things()
    ]


def token_of(epoch: str, position: int) -> str:
    """What `after=` waits for."""
    return f"{epoch}-{position}"


def position_of(token: str, epoch: str) -> int:
    """The position of a token. Raises `Invalid` for any other text, or a token of another store."""
    match = re.fullmatch(r"([0-9a-f]{12})-(\d{1,18})", token)
    if not match or match[1] != epoch:
        raise Invalid({"query:after": "expected the token of a receipt of this store"})
    return int(match[2])


async def at_desk(
    request: Request,
    response: Response,
    context: ContextOf,
    caller: CallerOf,
    idempotency_key: Annotated[str | None, Header(description="same key, same body: the stored receipt")] = None,
    if_match: Annotated[str | None, Header(description="the version the decision was taken on")] = None,
) -> Desk:
    """The desk, for routes; asynchronous, so that it costs no change of threads."""
    return Desk(request, response, context, caller, idempotency_key, if_match)


DeskOf = Annotated[Desk, Depends(at_desk)]
