# Mneme's commands. `make run` and `make test` need nothing but Python 3.11 to 3.13 and make; a second run skips what is done.
# Paths are relative on purpose: the checkout may lie in a folder with spaces in its name.

.DEFAULT_GOAL := help
SHELL := /bin/sh

PY := .venv/bin/python
TEST_CACHE := $(CURDIR)/.cache
PYTEST_ARGS ?=
BENCH_ARGS ?=
export PYTHON
export PYTHONUTF8 := 1

.NOTPARALLEL:
.PHONY: help run test lint types format bench bench-million figures lock env env-dev model test-model unit soak golden clean

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{printf "%-16s %s\n", $$1, $$2}'

run: env ## set everything up, then open the window (without a display: the demonstration)
	@sh packaging/system.sh window
	@sh packaging/model.sh optional
	@sh packaging/start.sh

test: lint test-model unit golden ## set up what tests need, then run everything CI runs

lint: env-dev ## format, lint, types and import contracts; all of them, then fails if one did
	@failed=0; \
	for check in "ruff format --check ." "ruff check ." "basedpyright" "lint-imports --no-cache"; do \
	  echo "$$check"; .venv/bin/$$check || failed=1; \
	done; exit $$failed

unit: env-dev test-model ## the test suite, with Qt offscreen
	@sh packaging/system.sh offscreen
	$(PY) -m pytest -n 2 --dist loadfile --ignore=tests/ui $(PYTEST_ARGS)
	$(PY) -m pytest -p no:xdist tests/ui $(PYTEST_ARGS)

soak: env-dev test-model ## the long tests: fifty kills, and all else that takes minutes
	@sh packaging/system.sh offscreen
	$(PY) -m pytest -p no:xdist -m soak --ignore=tests/ui $(PYTEST_ARGS)

golden: env-dev test-model ## answers to the golden questions against the stored baseline
	MNEME_HOME="$(TEST_CACHE)/mneme" $(PY) -m assistant.cli.main eval --golden golden --check golden/baseline.json

bench: env-dev test-model ## speed and memory, as ratios (BENCH_ARGS=--write: into README too)
	MNEME_HOME="$(TEST_CACHE)/mneme" $(PY) -m tests.bench $(BENCH_ARGS)

bench-million: env-dev test-model ## the same questions to a memory of a million chunks (ten minutes, 6 GB in the temporary folder)
	MNEME_HOME="$(TEST_CACHE)/mneme" $(PY) -m tests.bench --large 1000000 $(BENCH_ARGS)

figures: env-dev test-model ## write README's quality tables (make figures COLLECTIONS=FOLDER of collections in BEIR's layout)
	MNEME_HOME="$(TEST_CACHE)/mneme" $(PY) -m tests.bench.figures $(COLLECTIONS)

format: env-dev ## format and fix what can be fixed by itself
	.venv/bin/ruff check --fix --select I,UP,F401,RUF100 .
	.venv/bin/ruff format .

lock: env-dev ## resolve the dependencies again (make lock UPGRADE=1 for newer versions)
	@UPGRADE="$(UPGRADE)" sh packaging/lock.sh

env:
	@sh packaging/setup.sh run

env-dev:
	@sh packaging/setup.sh dev

test-model: env-dev
	@MNEME_HOME="$(TEST_CACHE)/mneme" sh packaging/model.sh

clean: ## remove the environment and what tools left behind (not your memory)
	rm -rf .venv .cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage
	find assistant ui tests -name __pycache__ -type d -prune -exec rm -rf {} +
