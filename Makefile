# make demo   plays a campaign day and keeps serving on http://localhost:8000 (SERVE=0 ends after the day)
# make test   sets everything up, runs lint, types, import rules, then every test
# make bench  measures speed, each figure beside its limit (ONLY=name runs one)
# make lint   lint, types, import rules

.DEFAULT_GOAL := demo
.PHONY: demo test bench lint setup setup-test debian pictures

VENV := .venv
PYTHON := $(VENV)/bin/python
SERVE ?= 1
ONLY ?=
WORKERS ?= 2
export PATH := $(abspath $(VENV))/bin:$(PATH)

demo: setup
	tiemchung demo $(if $(filter 0,$(SERVE)),--no-serve) $(if $(ONLY),--only $(ONLY))

test: setup-test lint
	pytest -n $(WORKERS) --dist loadfile $(TESTS)

bench: setup-test
	tiemchung bench $(ONLY)

lint: setup-test
	ruff check .
	ruff format --check .
	mypy
	lint-imports

pictures: setup-test
	python scripts/pictures.py

setup: $(VENV)/.ready

setup-test: $(VENV)/.ready-test debian

# uv comes from PyPI into the environment itself: nothing is installed outside this folder.
$(VENV)/bin/uv:
	python3 -m venv $(VENV) || (apt-get update -qq && apt-get install -y -qq python3-venv && python3 -m venv --clear $(VENV))
	$(PYTHON) -m pip install --quiet uv

$(VENV)/.ready: $(VENV)/bin/uv pyproject.toml uv.lock $(wildcard tiemchung/*/locale/*/LC_MESSAGES/*.po)
	$(VENV)/bin/uv sync --quiet --frozen --no-dev --inexact
	$(PYTHON) scripts/messages.py compile
	touch $@

$(VENV)/.ready-test: $(VENV)/.ready
	$(VENV)/bin/uv sync --quiet --frozen --inexact
	touch $@

# Chromium and SoftHSM2 come from Debian; without root the tests that need them say so and skip.
debian:
	@sh scripts/debian.sh
