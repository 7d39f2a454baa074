# make help lists what can be done

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.run
DEV := $(VENV)/.dev
KAFKA := .tools/kafka/.copied

.DEFAULT_GOAL := help
.PHONY: help demo test soak bench check docs format up clean servers

help: ## what can be done
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

demo: $(RUN) ## install, load the story sample, serve everything and print the addresses
	@$(BIN)/whyfolio demo

test: $(DEV) servers ## install what the tests need, then pass them all
	$(BIN)/pytest -n 2

soak: $(DEV) servers ## minutes of faults: 200 kills under load, servers away for a minute; writes docs/soak.md
	$(BIN)/pytest -m soak -s

check: $(DEV) ## format, lint, types, architecture, generated documents
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python docs/generate.py --check

bench: $(DEV) servers ## measure the figures beside their rivals, write docs/figures.md
	$(BIN)/python -m benchmarks --out docs/figures.md

docs: $(DEV) ## write the generated documents anew
	$(BIN)/python docs/generate.py

format: $(DEV) ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

up: ## the production form with docker compose: PostgreSQL, Kafka, API, relay, projectors
	docker compose up --build --detach --wait

clean: ## remove what was installed and built
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(RUN): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(DEV): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@ $(RUN)

servers: $(KAFKA)
	@command -v chromium chromium-browser google-chrome >/dev/null && ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 \
	|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	     && apt-get update -qq && apt-get install -y -qq chromium postgresql >/dev/null; } \
	|| echo "Chromium or PostgreSQL is missing and could not be installed: their tests will be skipped."

$(KAFKA): tests/broker/pom.xml
	@{ command -v mvn >/dev/null && command -v java >/dev/null; } \
	|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	     && apt-get update -qq && apt-get install -y -qq maven openjdk-17-jre-headless >/dev/null; } || true
	@mvn -q -B -f tests/broker/pom.xml dependency:copy-dependencies -DoutputDirectory=$(CURDIR)/.tools/kafka \
	&& touch $@ || echo "Kafka's jars could not be had with Maven: the tests of the pipe will be skipped."
