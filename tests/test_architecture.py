"""The layers hold, and what ships is what was meant to."""

import ast
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("domain", "store", "projections", "workers", "api", "whyfolio")
LINT = shutil.which("lint-imports", path=str(Path(sys.executable).parent)) or "lint-imports"


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--no-cache"], cwd=folder, capture_output=True, text=True, env={"PYTHONPATH": str(folder)}
    )


def _copy(to: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, to / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", to)
    return to


def test_imports_point_down_only() -> None:
    result = _lint(ROOT)
    assert result.returncode == 0, result.stdout
    assert "0 broken" in result.stdout


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("domain/project/words.py", "import sqlalchemy", "The domain knows no framework"),
        ("domain/project/words.py", "from domain.portfolio import events", "Slices of the domain"),
        ("projections/trail.py", "from api import problems", "Imports point down only"),
        ("projections/trail.py", "from domain.project import project", "Views know facts and words"),
        ("api/desk.py", "from projections import trail", "Commands never look at views"),
    ],
)
def test_a_deliberate_breach_is_found(tmp_path: Path, file: str, line: str, contract: str) -> None:
    breached = _copy(tmp_path) / file
    breached.write_text(f"{breached.read_text()}\n{line}  # a breach\n")
    result = _lint(tmp_path)
    assert result.returncode != 0
    broken = [each for each in result.stdout.splitlines() if each.endswith("BROKEN")]
    assert any(each.startswith(contract) for each in broken), result.stdout


def test_package_files_are_empty() -> None:
    """The import linter does not see re-exports."""
    assert [
        str(path) for package in PACKAGES for path in (ROOT / package).rglob("__init__.py") if path.read_text()
    ] == []


def test_every_fact_is_in_the_catalogue_that_reads_the_store() -> None:
    """Where a module of facts is not imported, its facts are stored and cannot be read again."""
    imported = {
        f"{node.module}.{name.name}"
        for node in ast.parse((ROOT / "domain" / "facts.py").read_text()).body
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    modules = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in ROOT.glob("domain/*/*events.py")}
    assert modules <= imported


def test_nothing_connects_at_import() -> None:
    """No engine, file or thread is opened by importing a module."""
    openers = {"open_engine", "create_engine", "open_system", "open", "connect"}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.parse(path.read_text()).body:
                value = getattr(node, "value", None)
                if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
                    assert value.func.id not in openers, f"{path} calls {value.func.id} when it is imported"


def test_the_wheel_holds_the_layers_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)
    assert "whyfolio/samples/today.csv" in names
    assert "whyfolio/samples/story.toml" in names
    assert "store/migrations/versions/r0001_facts.py" in names
    assert any(name.startswith("api/dashboard/templates/") for name in names)
    assert not any("__pycache__" in name or name.endswith(".db") for name in names)
