"""Rebuilding read models from all facts, beside a projection of the eventsourcing library over the same facts."""

from dataclasses import replace
from time import perf_counter
from typing import Any, ClassVar
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import Mapper, Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL, Identifier
from sqlalchemy import Engine, MetaData, Table, make_url, select

from benchmarks.portfolios import Story
from benchmarks.shared import Figure, Servers, system_at
from domain.kernel.event import Recorded
from projections.project_board import board
from store.codec import FactMapper, decode
from store.database import writing_alone
from whyfolio.wiring import System
from workers.projector import BATCH
from workers.rebuild import rebuild
from workers.rows import add_rows

GOAL = 10
LONGEST_SECONDS = 600.0
OURS, RIVAL = "_ours", "_rival"


def measure(servers: Servers, *, tiny: bool = False) -> list[Figure]:
    """Facts a second of the board alone and of all read models, on PostgreSQL; ours and the rival's in turn."""
    projects, facts, pairs = (10, 120, 1) if tiny else (200, 5_000, 3)
    rates = [_rates(servers.postgres_url(), Story(projects, facts)) for _ in range(pairs)]
    rival, alone, whole = sorted(rates, key=lambda each: each[1] / each[0])[pairs // 2]
    return [
        _figure("rebuild of the project board, facts a second", "rebuild.board", alone, rival, rates, GOAL),
        _figure("rebuild of all read models, facts a second", "rebuild.whole", whole, rival, rates),
    ]


def _rates(url: str, story: Story) -> tuple[float, float, float]:
    """Facts a second of the rival's board, of our board, and of all our read models, each from nothing."""
    system = system_at(url)
    story.tell(system.store)
    told = system.store.head()
    engine = system.context.reads.engine
    rival = told / _rival(url, engine, told)
    alone = told / _board_alone(system)
    _must_be_equal(engine)
    whole = told / _whole(system)
    system.close()
    return rival, alone, whole


def _figure(
    work: str, name: str, ours: float, rival: float, rates: list[tuple[float, float, float]], goal: int | None = None
) -> Figure:
    return Figure(
        name=name,
        work=work,
        ours=f"{ours:,.0f}",
        rival=f"{rival:,.0f}",
        ratio=ours / rival,
        goal=f"≥ {goal} ×" if goal else None,
        reached=ours >= goal * rival if goal else None,
        numbers={"ours": ours, "rival": rival},
        notes=f"{NOTES[name]}; each ran {len(rates)} times in turn, the run in the middle is told, the ratios of the "
        f"board were {', '.join(f'{board / other:.1f}' for other, board, _ in rates)}",
    )


NOTES = {
    "rebuild.board": "the rival is eventsourcing's `ProjectionRunner`, reading the same stored facts with the same "
    "decoder and keeping the same rows in the same server, fact by fact as the library does; both tables are "
    "compared row by row at the end",
    "rebuild.whole": "board, portfolios, staffing and the audit trail in one pass, beside the rival's board alone",
}


def _whole(system: System) -> float:
    began = perf_counter()
    rebuild(system.store, system.context.reads.engine, lambda *_: None)
    return perf_counter() - began


def _board_alone(system: System) -> float:
    """Seconds of the same pass as a rebuild makes, for one read model."""
    engine, position = system.context.reads.engine, 0
    tables = _create(engine, OURS)
    began = perf_counter()
    while found := system.store.read_documents(position, BATCH):
        position = found[-1].position
        rows: dict[str, list[Any]] = {name: [] for name in tables}
        for stored in found:
            for name, row in board.rows(decode(stored.document, stored.position)):
                rows[name].append(row)
        with writing_alone(engine, "benchmark") as connection:
            for name in tables:
                add_rows(connection, tables[name], rows[name])
    return perf_counter() - began


class Facts(Application[UUID]):
    """The library's application over our stored facts; its name is that of the table they are in."""

    name = "stored"

    def construct_mapper(self) -> Mapper[UUID]:
        """Ours: the documents are what they are."""
        return FactMapper()


class BoardRecorder(PostgresTrackingRecorder):
    """Keeps the rows of the board, and how far they go, in one transaction a fact."""

    tables: ClassVar[dict[str, Table]] = {}

    def record(self, rows: list[tuple[str, dict[str, Any]]], tracking: Tracking) -> None:
        """Insert a change; where it is the newest of its aspect, keep it as such."""
        with self.datastore.transaction(commit=True) as cursor:
            for name, row in rows:
                cursor.execute(self._statement(name), row, prepare=True)
            self._insert_tracking(cursor, tracking)

    def _statement(self, name: str) -> Any:
        insert = SQL("INSERT INTO {} AS kept VALUES ({})").format(
            Identifier(self.tables[name].name), SQL(",").join(map(SQL, (f"%({c.name})s" for c in self.tables[name].c)))
        )
        if name == board.name:
            return insert
        return insert + SQL(
            "ON CONFLICT (subject, aspect) DO UPDATE SET occurred_at = excluded.occurred_at, "
            "position = excluded.position, recorded_at = excluded.recorded_at, cell = excluded.cell "
            "WHERE (excluded.occurred_at, excluded.position) > (kept.occurred_at, kept.position)"
        )


class Board(Projection[BoardRecorder]):
    """The project board as a projection of the library: the same functions tell the rows."""

    name = "board"

    def process_event(self, domain_event: Recorded, tracking: Tracking) -> None:
        """Take one fact in."""
        fact = replace(domain_event, position=tracking.notification_id)
        self.view.record(list(board.rows(fact)), tracking)


def _rival(url: str, engine: Engine, head: int) -> float:
    """Seconds until the library's runner has taken everything in."""
    BoardRecorder.tables = _create(engine, RIVAL)
    parts = make_url(url)
    environment = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(parts.database),
        "POSTGRES_HOST": str(parts.host),
        "POSTGRES_PORT": str(parts.port),
        "POSTGRES_USER": str(parts.username),
        "POSTGRES_PASSWORD": str(parts.password),
        "STORED_CREATE_TABLE": "n",
    }
    began = perf_counter()
    with ProjectionRunner(
        application_class=Facts, projection_class=Board, view_class=BoardRecorder, env=environment
    ) as runner:
        runner.wait(head, LONGEST_SECONDS)
        return perf_counter() - began


def _create(engine: Engine, suffix: str) -> dict[str, Table]:
    metadata = MetaData()
    tables = {table.name.removesuffix(suffix): table for table in board.tables(metadata, suffix)}
    metadata.create_all(engine)
    return tables


def _must_be_equal(engine: Engine) -> None:
    for ours, theirs in zip(board.tables(MetaData(), OURS), board.tables(MetaData(), RIVAL), strict=True):
        with engine.connect() as connection:
            found = [connection.execute(select(table).order_by(*table.primary_key)).all() for table in (ours, theirs)]
        if found[0] != found[1] or not found[0]:
            raise AssertionError(f"{theirs.name} does not hold the rows of {ours.name}")
