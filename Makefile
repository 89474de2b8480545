# The page of commands. Each one installs what it needs, and installs it again only when the lock has changed.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test test-fast test-long bench lint format lock catalogues compiled chromium

PYTHON ?= python3
BIN := .venv/bin
RUNTIME := .venv/runtime.stamp
DEVELOPMENT := .venv/development.stamp
PROGRAM := pyproject.toml setup.py
PYTEST := $(BIN)/pytest -n 2 --dist worksteal
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes pyproject.toml
SOURCES := app tests config.py run.py setup.py $(wildcard benchmarks tools)

help:  ## this page
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /  make \1\t/' | expand -t 20

run: $(RUNTIME)  ## a whole province on this machine; PROVINCE=hainan, PORT=8081, XUESHI_DEMO=0
	@XUESHI_DEMO="$${XUESHI_DEMO:-1}" exec $(BIN)/xueshi run

test: $(DEVELOPMENT) compiled chromium  ## everything that an ordinary mistake can turn red, in a browser too
	$(PYTEST) -m "not long"

test-fast: $(DEVELOPMENT) compiled  ## the same without a browser
	$(PYTEST) -m "not long and not browser"

test-long: $(DEVELOPMENT) compiled chromium  ## what takes minutes: races, kills, hostile files, all provinces
	$(PYTEST) -m long

bench: $(DEVELOPMENT) compiled  ## a million persons, as ratios to limits measured in the same run
	$(BIN)/python -m benchmarks

lint: $(DEVELOPMENT)  ## style, types, known weaknesses, templates
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive app config.py run.py
	$(BIN)/djlint --quiet --lint app/views/templates

format: $(DEVELOPMENT)  ## lay the sources out as lint wants them
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

catalogues: $(DEVELOPMENT)  ## gather the texts of the sources into translations/, and print what has no Chinese yet
	$(BIN)/python -m tools.catalogues
	$(MAKE) --no-print-directory compiled

compiled:
	@$(BIN)/python -c 'from app.catalogues import compile_catalogues; compile_catalogues()'

lock: $(DEVELOPMENT)  ## write both locks anew from pyproject.toml: with hashes, without addresses
	$(COMPILE) --extra build --output-file requirements.lock > /dev/null
	$(COMPILE) --extra build --extra dev --output-file requirements-dev.lock > /dev/null

chromium:
	@command -v chromium > /dev/null && exit 0; \
	install="env DEBIAN_FRONTEND=noninteractive apt-get"; \
	if [ "$$(id -u)" != 0 ]; then install="sudo -n $$install"; fi; \
	echo "Installing Chromium for the browser tests …"; \
	{ $$install -q update && $$install -qy install --no-install-recommends chromium; } > .venv/chromium.log 2>&1 \
	  || { echo "The browser tests need Chromium: install it (apt-get install chromium), or run make test-fast."; exit 1; }

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else \
	  "Python 3.11 or newer is needed; PYTHON=python3.12 make run names another")'
	$(PYTHON) -m venv .venv

$(RUNTIME): requirements.lock $(PROGRAM) | .venv/bin/python
	@echo "Installing what the lock names; the first time this takes some minutes …"
	@$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(DEVELOPMENT): requirements-dev.lock $(RUNTIME)
	@$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-dev.lock
	@touch $@
