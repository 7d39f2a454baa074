"""All read models, and the generations they are kept in."""

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Protocol

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table, Text, Uuid

from domain.kernel.event import Recorded
from projections.access_board import access
from projections.analysis_board import analyses
from projections.baseline_board import plans
from projections.benefit_board import benefits
from projections.bounds import MODEL_VERSION
from projections.case_board import cases
from projections.goal_board import goals
from projections.money_board import money
from projections.number_board import numbers
from projections.portfolio_board import portfolios
from projections.project_board import board
from projections.proposers import proposers
from projections.register_board import register as risks_and_issues
from projections.request_board import requests
from projections.scenario_board import scenarios
from projections.schedule_board import dependencies, milestones
from projections.score_board import scores
from projections.staffing import staffing
from projections.trail import trail


class ReadModel(Protocol):
    """A read model: its tables, and the rows that each fact adds to them."""

    name: str

    def tables(self, metadata: MetaData, suffix: str) -> tuple[Table, ...]:
        """The tables of one generation."""

    def rows(self, fact: Recorded, document: bytes, traceparent: str | None) -> Iterable[tuple[str, dict[str, Any]]]:
        """The rows a fact adds, each with the name of its table."""


MODELS: tuple[ReadModel, ...] = (
    board,
    numbers,
    proposers,
    money,
    risks_and_issues,
    milestones,
    dependencies,
    benefits,
    cases,
    plans,
    portfolios,
    goals,
    analyses,
    scenarios,
    staffing,
    requests,
    scores,
    access,
    trail,
)

register = MetaData()
generations = Table(
    "read_generations",
    register,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", String, nullable=False),
    Column("model_version", Integer, nullable=False),
    Column("epoch", String, nullable=False),
)
checkpoints = Table(
    "read_checkpoints",
    register,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("shard", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    Column("owner", String, nullable=False, default=""),
)
heartbeats = Table(
    "read_heartbeats",
    register,
    Column("shard", Integer, primary_key=True, autoincrement=False),
    Column("member", String, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
)
parked = Table(
    "read_parked",
    register,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("state", String, nullable=False),
    Column("shard", Integer, nullable=False),
    Column("stream_id", Uuid, nullable=False),
    Column("subjects", Text, nullable=False),
    Column("name", String, nullable=False),
    Column("occurred_at", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("parked_at", BigInteger, nullable=False),
    Column("error", Text),
)
"""Facts that could not be applied (`error` says why) and those that wait behind one in its stream.

`state` is parked, or discarded by an operator's decision.
"""


def suffix_of(model_version: int, generation: int) -> str:
    """What the names of a generation's tables end with."""
    return f"_v{model_version}_g{generation}"


@cache
def tables_of(generation: int) -> tuple[MetaData, Mapping[str, Table]]:
    """The tables of a generation, by their name without the generation's suffix."""
    metadata = MetaData()
    suffix = suffix_of(MODEL_VERSION, generation)
    found = [table for model in MODELS for table in model.tables(metadata, suffix)]
    return metadata, MappingProxyType({table.name.removesuffix(suffix): table for table in found})


def rows_of(fact: Recorded, document: bytes, traceparent: str | None) -> Iterable[tuple[str, dict[str, Any]]]:
    """Every row a fact adds to any read model, each with the name of its table."""
    for model in MODELS:
        yield from model.rows(fact, document, traceparent)
