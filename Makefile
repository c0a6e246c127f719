# tocsin: what a newcomer types. Needs python3 (3.11 or later) with its venv module, make and git.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SHELL := /bin/sh
.DEFAULT_GOAL := help

.PHONY: help demo test lint proof bench check wheel clean

help: ## shows this list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The environment: made once, renewed when pyproject.toml changes. `run` is what a user needs, `dev` the rest.
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "tocsin needs Python 3.11 or later: make PYTHON=/path/to/python3 …" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "The venv module is missing. On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
	@touch $@

$(VENV)/.run: pyproject.toml $(VENV)/.made
	@echo "Preparing tocsin in $(VENV) (once)…" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml $(VENV)/.made
	@echo "Preparing the tools in $(VENV) (once)…" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.run

demo: $(VENV)/.run ## plays a ransomware attack on a small town
	@$(BIN)/tocsin demo

test: lint ## everything that must hold before a change lands
	$(BIN)/python -m pytest -n 2

lint: $(VENV)/.dev ## style, types and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

proof: $(VENV)/.dev ## the long proofs, in full
	TOCSIN_PROOF=1 $(BIN)/python -m pytest -m proof -n 2

bench: $(VENV)/.dev ## measures, and writes the table of the README
	$(BIN)/python benchmarks/run.py

check: $(VENV)/.run ## reads the procedures of this repository
	@$(BIN)/tocsin check

wheel: $(VENV)/.dev ## builds the wheel into dist/
	$(BIN)/python -m build --wheel --no-isolation

clean: ## removes the environment and what was built
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
