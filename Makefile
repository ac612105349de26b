# What a person types. Every target does all the set-up it needs; a second run finds the work done and says nothing.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := $(VENV)/.packages
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check --no-input

# The first Python on the path that is new enough; PYTHON=/some/python3 names another.
PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo $$name; break; fi; done)

WORKERS ?= 2

# Whoever has it set pays half a second for every process that starts, and tests start hundreds.
unexport PYTHONDONTWRITEBYTECODE

# Compiled ahead because every start, every check of a file and every test begins with them; compiling all packages
# takes four times as long.
COMPILED := argon2, babel.dates, brotli, dash, duckdb, flask_login, flask_wtf, gunicorn.workers.gthread, hypothesis, \
	orjson, pandas, playwright.sync_api, plotly.graph_objects, pyarrow.parquet, pytest, rapidfuzz, uuid_utils, xdist, zxcvbn

.DEFAULT_GOAL := help
.PHONY: help run setup test test-long check browser words lock clean

help: ## say what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'

run: $(READY) ## start the demonstration; PORT, HOST and DASHBOARD_DATA pass through
	@exec $(BIN)/dashboard demo

setup: $(READY) ## fetch and install what the dashboard needs, and nothing else

test: check browser ## check everything and run the tests, in a browser too (under 15 minutes)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not long"

test-long: check browser ## the same and the slow ones: kills at random moments, large files, hostile input
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --timeout 3600

check: $(READY) ## read the code without running it: style, types, which room may import which
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo "Run .venv/bin/ruff format on the files named above."; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo --quiet 2>/dev/null || $(BIN)/lint-imports

browser: $(READY) ## find a Chromium for the tests, or install Debian's
	@$(BIN)/python .ci/tools/browser.py --install

words: $(READY) ## gather every sentence that a person sees into dashboard/locale
	@$(BIN)/python .ci/tools/words.py && touch $(READY)

lock: $(READY) ## choose the newest allowed versions and lock them with their hashes
	@$(BIN)/pip-compile --quiet --upgrade --extra dev --generate-hashes --no-emit-index-url --no-emit-trusted-host \
		--no-emit-find-links --strip-extras --allow-unsafe --output-file requirements.lock pyproject.toml

clean: ## remove what set-up and tests left behind; the data folder stays
	@rm -rf $(VENV) build ./*.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(PACKAGES): requirements.lock
	@if [ -z "$(PYTHON)" ] && [ ! -x $(BIN)/python ]; then \
		echo "The dashboard needs Python 3.11 or newer, and none was found on the path." >&2; \
		echo "Install it (on Debian: apt-get install python3 python3-venv), or name it: make run PYTHON=/path/to/python3" >&2; \
		exit 1; fi
	@if ! $(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
		echo "Setting up in $(VENV), once; this takes a minute or two."; \
		$(PYTHON) -m venv --clear $(VENV) || { \
			echo "Python could not make the folder $(VENV) (see above). On Debian: apt-get install python3-venv" >&2; exit 1; }; fi
	@$(PIP) install --retries 2 --no-compile --require-hashes --no-deps --requirement requirements.lock || { \
		echo "The Python packages could not be installed (see above). The first set-up needs the network;" >&2; \
		echo "when it is there, run the same command again: what was fetched already is kept." >&2; exit 1; }
	@$(BIN)/python -W ignore -c "import $(COMPILED)"
	@touch $@

$(READY): $(PACKAGES) pyproject.toml .ci/tools/cartesian.py $(wildcard dashboard/locale/*/LC_MESSAGES/*.po)
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable . >$(VENV)/.log 2>&1 || { \
		cat $(VENV)/.log >&2; echo "The dashboard itself could not be installed in $(VENV) (see above)." >&2; exit 1; }
	@$(BIN)/python .ci/tools/cartesian.py
	@$(BIN)/python .ci/tools/words.py --compile
	@touch $@
