# Every target sets up .venv by itself from the lock. On a fresh machine: `make run`, `make test`.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
DEV := .venv/.ready-for-tests

.DEFAULT_GOAL := help
.PHONY: help setup run test fuzz faults check format findings lock bench bench-against audit open demo screenshots tutorial reference site review clean

help:  ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY)  ## .venv from the lock

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Jaiza needs Python 3.11 or newer; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@[ ! -L .venv ] || { echo ".venv is a link, and setting it up would empty what it points to: rm .venv, then again"; exit 1; }
	@# Not compiled: that is 240 of 1,240 MB and most of it is never imported; Python compiles what is.
	@echo "Setting up .venv (a few minutes the first time)"
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m flows.server.database_template > /dev/null  # Prefect's database, made once instead of in every workspace
	@touch $(READY)

# The tools of tests and developers come on top, in the versions that were resolved together with the others.
$(DEV): $(READY) requirements-dev.lock
	@echo "Setting up the tools for tests"
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes -r requirements-dev.lock
	@touch $(DEV)

run: $(READY)  ## the main job: the review in ./workspace, or the sample where no PDF can be had
	$(BIN)/jaiza run --or-sample

test: $(DEV)  ## the tests
	@# Three on two cores, for some tests wait for servers; the slow ones come last in the alphabet: who is idle takes some over.
	$(BIN)/pytest -n 3 --dist worksteal

# What is found stays in .hypothesis, and is tried first the next time; an input that hurts becomes a row of CASES.
fuzz: $(DEV)  ## odd input for every reader, for as long as you like: TIMES=100 times what the tests try
	JAIZA_FUZZ=$(or $(TIMES),100) $(BIN)/pytest tests/fuzz tests/annotations/test_log_machine.py

faults: $(DEV)  ## kills, full disks, clocks, lost databases, odd requests, changed files: one table
	$(BIN)/python -m bench.faults

check: $(DEV)  ## linter, formatter and types, as continuous integration runs them
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(DEV)  ## put the code into the formatter's shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# `make bench PDFS=folder` measures on a folder of PDFs of yours, and how faithfully they are read.
bench: $(DEV)  ## speed and memory; PDFS=folder measures on PDFs of yours
	$(BIN)/python -m bench.suggest
	$(BIN)/python -m bench.export
	$(BIN)/python -m bench.imports
	$(BIN)/python -m bench.record
	$(BIN)/python -m bench.review
	$(BIN)/python -m bench.coding_felt
	$(BIN)/python -m bench.review durability
	$(BIN)/python -m bench.run $(PDFS)
	$(BIN)/python -m bench.report
	$(if $(PDFS),$(BIN)/python -m bench.extraction $(PDFS))
	$(if $(PDFS),$(BIN)/python -m bench.tables $(PDFS))

bench-against: $(DEV)  ## what people wait for, against an earlier revision: REV=... ROUNDS=5 QUICK=1
	$(BIN)/python -m bench.against $(REV) $(ROUNDS) $(if $(QUICK),--quick)

audit: $(DEV)  ## packages with their licences, a bill of materials (sbom.json), known faults
	$(BIN)/python -m bench.audit

open: $(READY)  ## everything in the browser: your reviews, a new one, the sample
	$(BIN)/jaiza open

# Everything in it is invented, and says so; no network is needed. Beginning anew: rm -r workspace-demo
demo: $(READY)  ## the sample: six invented reports read, coded and counted, then in the browser
	$(BIN)/jaiza run --sample --without-prefect --workspace workspace-demo
	$(BIN)/jaiza open workspace-demo/sample

screenshots: $(DEV)  ## the pictures of the handbook anew, from the sample
	$(BIN)/python -m docs.make_screenshots

tutorial: $(DEV)  ## walk through the tutorial in a browser, and make its pictures anew
	$(BIN)/python -m docs.make_tutorial

reference: $(READY)  ## the reference pages of the handbook anew, from the code
	$(BIN)/python -m docs.make_reference

site: $(DEV)  ## the handbook as a site, in site/; every link and anchor is followed
	$(BIN)/python -m docs.make_site

review: $(READY)  ## the page on which people decide
	$(BIN)/jaiza review

# Pins every dependency with its hashes, for all platforms; uv is used for this only. What a run needs is in
# requirements.lock; requirements-dev.lock has the same versions, and the tools of tests and developers on top.
COMPILE := .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header
lock:  ## requirements.lock and requirements-dev.lock anew from pyproject.toml
	@$(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip install --quiet --disable-pip-version-check uv
	@$(COMPILE) --extra setup --extra dev pyproject.toml --output-file requirements-dev.lock
	@$(COMPILE) --extra setup --constraint requirements-dev.lock pyproject.toml --output-file requirements.lock
	@rm -rf .venv-lock

findings:  ## what libraries do that one would not expect; needs a package index
	@for script in findings/*.sh; do echo "$$script"; bash "$$script" || exit 1; done

clean:  ## remove .venv and caches
	rm -rf .venv .venv-lock .mypy_cache .ruff_cache .pytest_cache
