"""Only the store is backed up; restored, it opens a new epoch, and nothing of the old one counts."""

import json
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from domain.identity.words import Role
from store.migrate import open_new_epoch
from tests.conftest import Api, World
from tests.servers import Postgres, postgres_programs, until
from whyfolio.cli.main import app
from whyfolio.settings import Settings
from whyfolio.wiring import grant_key, migrate_store, open_system
from workers.projector import Projector

READ_MODELS = ("*_v*_g*", "read_*")


class Restored:
    """Backs a database up and restores it elsewhere, as docs/operations.md says."""

    def __init__(self, settings: Settings, folder: Path, postgres: Postgres | None) -> None:
        self.settings = settings
        self.folder = folder
        self.postgres = postgres

    def back_up(self) -> None:
        """A backup of the store, without the read models where the tool can leave them out."""
        if self.postgres:
            left_out = [f"--exclude-table={pattern}" for pattern in READ_MODELS]
            self._program("pg_dump", "--format=custom", "--file", self.copy, *left_out, self.settings.database_url)
        else:
            with sqlite3.connect(self.database) as source, sqlite3.connect(self.copy) as target:
                source.backup(target)

    def restore(self) -> Settings:
        """Settings of another database, made of the backup."""
        if not self.postgres:
            return self.settings.model_copy(update={"database_url": f"sqlite:///{self.copy}"})
        self.postgres.run("CREATE DATABASE restored")
        url = self.postgres.url("restored")
        self._program("pg_restore", "--no-owner", "--dbname", url, self.copy)
        return self.settings.model_copy(update={"database_url": url})

    @property
    def database(self) -> str:
        return str(make_url(self.settings.database_url).database)

    @property
    def copy(self) -> str:
        return str(self.folder / "backup")

    def _program(self, name: str, *words: str) -> None:
        programs = postgres_programs()
        assert programs is not None
        subprocess.run([str(programs / name), *words], check=True, capture_output=True, env={**os.environ})


@pytest.fixture
def tool(settings: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> Restored:
    """A store that can be backed up."""
    is_postgres = settings.database_url.startswith("postgresql")
    return Restored(settings, tmp_path, request.getfixturevalue("postgres") if is_postgres else None)


def test_a_restored_store_begins_a_new_epoch(tool: Restored, monkeypatch: pytest.MonkeyPatch) -> None:
    migrate_store(tool.settings)
    with _serving(tool.settings) as ada:
        kept = ada.do("/projects", {"name": "Kept", "sponsor": "s"})
        ada.get("/projects")
        tool.back_up()
        lost = ada.do("/projects", {"name": "Lost", "sponsor": "s"})
        ada.get("/projects")
    restored = tool.restore()
    monkeypatch.setenv("WHYFOLIO_DATABASE_URL", restored.database_url)
    assert "new epoch" in _run("migrate", "--restored").output
    assert _run("verify").exit_code == 0
    with _serving(restored) as ada:
        until(lambda: ada.ask("/projects").status_code == 200)
        assert [item["name"] for item in ada.get("/projects")["items"]] == ["Kept"]
        for receipt in (kept, lost):
            refused = ada.ask("/projects", after=receipt["token"])
            assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "query:after")
        again = ada.do("/projects", {"name": "Again", "sponsor": "s"})
        assert again["position"] == lost["position"]
        assert again["token"] != lost["token"]
        assert [item["name"] for item in ada.get("/projects")["items"]] == ["Again", "Kept"]
    assert _run("verify").exit_code == 0
    assert json.loads(_run("status", "--json").stdout)["lag"] == 0


def test_read_models_of_another_epoch_never_answer(world: World, ada: Api) -> None:
    receipt = ada.do("/projects", {"name": "P", "sponsor": "s"})
    ada.get("/projects")
    world.system.projector.stop()
    open_new_epoch(world.system.engine, world.clock())
    assert ada.ask("/projects").status_code == 503
    Projector(world.system.store, world.system.context.reads.engine).catch_up()
    ada.token = None  # of the epoch before
    assert [item["id"] for item in ada.every("/projects")] == [receipt["id"]]


def _run(*words: str) -> Any:
    return CliRunner().invoke(app, list(words))


@contextmanager
def _serving(settings: Settings) -> Iterator[Api]:
    """The embedded system over these settings, and somebody who may do everything."""
    system = open_system(settings)
    key = grant_key(system, list(Role), None, "ada")
    system.projector.start()
    with TestClient(create_app(system.context)) as client:
        yield Api(client, key.key, str(key.person))
    system.close()
