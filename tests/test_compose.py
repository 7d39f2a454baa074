"""The production form: what docker compose would start. Each service is run for real in test_pipeline.py."""

import json
from pathlib import Path

import yaml
from compose_spec import PyCompose

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(TEXT)


def test_the_file_keeps_to_the_compose_specification() -> None:
    parsed = PyCompose.from_json(json.dumps(COMPOSE))  # with YAML's merge keys resolved
    assert set(parsed.service_names()) == set(COMPOSE["services"])


def test_whatever_a_service_names_exists() -> None:
    for name, service in COMPOSE["services"].items():
        assert set(service.get("depends_on", {})) <= set(COMPOSE["services"]), name
        assert set(service.get("secrets", [])) <= set(COMPOSE.get("secrets", {})), name
        for volume in service.get("volumes", []):
            assert volume.split(":")[0] in COMPOSE["volumes"], name


def test_what_is_waited_for_can_become_true() -> None:
    for name, service in COMPOSE["services"].items():
        for other, wait in service.get("depends_on", {}).items():
            if wait["condition"] == "service_healthy":
                assert "healthcheck" in COMPOSE["services"][other], f"{name} waits for {other}"
            else:
                assert COMPOSE["services"][other]["restart"] == "no", f"{name} waits for the end of {other}"


def test_every_lasting_service_restarts() -> None:
    for name, service in COMPOSE["services"].items():
        assert service["restart"] == ("no" if name == "migrate" else "unless-stopped"), name


def test_no_secret_is_in_the_repository_or_the_image() -> None:
    assert "${WHYFOLIO_POSTGRES_PASSWORD:?" in TEXT
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert "PASSWORD" not in dockerfile
    assert "USER whyfolio" in dockerfile
    assert "PYTHONSAFEPATH=1" in dockerfile
    assert ".env" in (ROOT / ".dockerignore").read_text().split()


def test_the_image_holds_every_package_of_the_wheel() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    for package in ("domain", "store", "projections", "workers", "api", "whyfolio", "samples"):
        assert f"COPY {package} {package}\n" in dockerfile


def test_broker_and_tests_are_of_one_version() -> None:
    version = COMPOSE["services"]["kafka"]["image"].split(":")[1]
    assert f"<version>{version}</version>" in (ROOT / "tests" / "broker" / "pom.xml").read_text()
