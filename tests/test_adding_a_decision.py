"""One more decision touches four files of the domain and registers nothing, as docs/adding-a-decision.md says."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "adding-a-decision.md"
STEP = re.compile(
    r"^(?P<where>At the end|In the class|In the table) of `(?P<file>[^`]+)`.*?```python\n(?P<code>.*?)```", re.M | re.S
)
GIVEN = """
from starlette.testclient import TestClient
from api.app import create_app
from domain.identity.words import Role
from whyfolio.settings import Settings
from whyfolio.wiring import grant_key, migrate_store, open_system

settings = Settings(database_url="sqlite:///added.db", _env_file=None)
migrate_store(settings)
system = open_system(settings)
key = grant_key(system, list(Role), None, "ada").key
api = TestClient(create_app(system.context), headers={"Authorization": f"Bearer {key}"})
project = api.post("/api/v1/projects", json={"name": "Shop", "sponsor": "sales"}).json()["id"]
path = f"/api/v1/projects/{project}/hand-over"
why = {"code": "other", "text": "Carol has left the company for good"}
assert [e["pointer"] for e in api.post(path, json={}).json()["errors"]] == ["/rationale", "/owner"]
assert api.post(path, json={"owner": "dan", "rationale": why}).status_code == 200
system.projector.catch_up()
decided = api.get(f"/api/v1/projects/{project}/why").json()["items"][0]
assert (decided["fact"], decided["text"]) == ("project.handed_over.v1", why["text"]), decided
assert api.get("/api/v1/events").json()["items"][-1]["data"] == {"owner": "dan"}
assert "/api/v1/projects/{id}/hand-over" in api.get("/openapi.json").json()["paths"]
auditor = grant_key(system, [Role.AUDITOR], None, "eve").key
refused = api.post(path, json={"owner": "eve", "rationale": why}, headers={"Authorization": f"Bearer {auditor}"})
assert (refused.status_code, refused.json()["roles"]) == (403, ["portfolio_manager"])
system.close()
"""


def test_a_decision_is_added_as_the_page_says(tmp_path: Path) -> None:
    for folder in ("domain", "store", "projections", "workers", "api", "whyfolio", "docs"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    steps = list(STEP.finditer(PAGE.read_text()))
    files = [step["file"] for step in steps]
    assert len(files) == 4
    assert all(file.startswith("domain/") for file in files)
    for step in steps:
        path = tmp_path / step["file"]
        path.write_text(_with(path.read_text(), step["where"], step["code"]))
    _run(tmp_path, "-c", GIVEN)
    _run(tmp_path, "docs/generate.py")
    assert "`project.handed_over.v1`" in (tmp_path / "docs" / "facts.md").read_text()
    assert "`projects.hand-over`" in (tmp_path / "docs" / "lifecycle.md").read_text()
    assert (tmp_path / "docs" / "schemas" / "project.handed_over.v1.json").exists()


def _with(text: str, where: str, code: str) -> str:
    if where == "At the end":
        return f"{text}\n\n{code}"
    if where == "In the table":
        return text.replace("_ALL = (\n", f"_ALL = (\n    {code.strip()},\n", 1)
    return text.replace("    # --- apply", f"{code}\n    # --- apply", 1)


def _run(folder: Path, *words: str) -> None:
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, capture_output=True, text=True, env={"PYTHONPATH": str(folder)}
    )
    assert done.returncode == 0, done.stderr
