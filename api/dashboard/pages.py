"""The pages: server-rendered, on the same queries as the API."""

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
