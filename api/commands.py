"""Commands: one route an operation, `POST /<collection>` or `POST /<collection>/{id}/<verb>`."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from api.context import PREFIX
from api.desk import Desk, DeskOf, ReceiptAnswer
from api.rules import path_of
from domain.operation import Operation
from domain.operations import OPERATIONS

router = APIRouter(prefix=PREFIX)


def _creation(operation: Operation) -> Callable[..., ReceiptAnswer]:
    def endpoint(command: Any, desk: Desk) -> ReceiptAnswer:
        return desk.record(operation, desk.context.new_id(), command)

    return endpoint


def _change(operation: Operation) -> Callable[..., ReceiptAnswer]:
    def endpoint(id: UUID, command: Any, desk: Desk) -> ReceiptAnswer:
        return desk.record(operation, id, command)

    return endpoint


def _add(operation: Operation) -> None:
    creates = operation.verb == "create"
    endpoint = (_creation if creates else _change)(operation)
    endpoint.__annotations__.update(command=operation.body, desk=DeskOf)
    endpoint.__doc__ = f"{operation.body.__doc__}\n\nRoles: {', '.join(operation.roles)}."
    router.add_api_route(
        path_of(operation),
        endpoint,
        methods=["POST"],
        status_code=201 if creates else 200,
        name=operation.name,
        tags=[operation.collection],
    )


for _operation in OPERATIONS.values():
    _add(_operation)
