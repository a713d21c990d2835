# Mainstay from a clone. Needs python3 (3.11 or newer, with venv), make, git and the package registries.

PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
LOCALE := src/mainstay/locale
BUILD := src/mainstay/kernel/web/static/web/build/manifest.json
ISLANDS := $(shell find src/mainstay -path '*/islands*')
EXTRACT := --no-location --sort-output --width=110 -k gettext_lazy -k _now
CHAOS := tests/reliability tests/api/test_idempotency.py src/mainstay/support/incidents/tests/test_lifecycle_runs.py
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard $(LOCALE)/*/LC_MESSAGES/*.po))
# Node comes with the development environment: the machine's own is not asked.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help environment build run test check wheel bench chaos screenshots pictures messages capabilities

help:  ## Show what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Mainstay needs Python 3.11 or newer: make PYTHON=python3.11")'
	@echo "Making the environment in .venv ..."
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

.venv/.synced: pyproject.toml uv.lock | $(BIN)/uv
	@echo "Installing what is locked in uv.lock ..."
	@$(BIN)/uv sync --frozen --quiet --compile-bytecode
	@touch $@

node_modules/.installed: package.json package-lock.json | .venv/.synced
	@echo "Installing what is locked in package-lock.json ..."
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(BUILD): vite.config.ts tsconfig.json $(ISLANDS) node_modules/.installed
	@echo "Building the front end ..."
	@npm run --silent build -- --logLevel warn
	@touch $@

%.mo: %.po .venv/.synced
	@$(BIN)/pybabel --quiet compile -i $< -o $@

environment: .venv/.synced

build: .venv/.synced $(BUILD) $(CATALOGUES)  ## Make the environment, the front end and the catalogues, if anything changed

run: build  ## Start Mainstay with the demo organisation (MAINSTAY_PORT, default 8000)
	@exec $(BIN)/mainstay up --demo

test: build  ## Run the whole suite (ARGS="-k words" for a part)
	$(BIN)/pytest -n $$(($$(nproc) + 1)) --dist loadfile --no-loadscope-reorder $(ARGS)

check: build  ## Style, types, borders between folders, missing migrations, the interface's snapshot, words
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	npm run --silent check
	$(BIN)/pytest -q --durations=0 -m check

wheel: build  ## Build the installable wheel with all assets into dist/
	$(BIN)/uv build --wheel --out-dir dist

bench: build  ## Measure speed and cost on a million incidents (long)
	$(BIN)/python -m bench $(ARGS)

chaos: build  ## The reliability tests at full size (hours; ARGS="-k kills" for a part)
	MAINSTAY_TEST_SIZE=full $(BIN)/pytest $(CHAOS) $(ARGS)

screenshots: build  ## Photograph every page in every theme and width into screenshots/
	@mkdir -p screenshots
	MAINSTAY_TEST_SCREENSHOTS=$(CURDIR)/screenshots $(BIN)/pytest -q tests/browser -m screenshots $(ARGS)

pictures: build  ## Photograph the screens that the documentation shows into docs/images/
	$(BIN)/pytest -q tests/browser/pictures.py

messages: .venv/.synced  ## Collect the words to translate and merge them into the catalogues
	$(BIN)/pybabel --quiet extract $(EXTRACT) -F babel.cfg -o $(LOCALE)/django.pot src/mainstay
	$(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width=110 -D django -i $(LOCALE)/django.pot -d $(LOCALE)
	@rm $(LOCALE)/django.pot

capabilities: .venv/.synced  ## Write docs/capabilities.md from docs/capabilities.csv
	$(BIN)/python -m tests.matrix
