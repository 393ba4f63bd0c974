# Every target sets up .venv by itself from the lock. On a fresh machine: `make run`, `make test`.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: setup run test check lock bench review clean

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Jaiza needs Python 3.11 or newer; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "Setting up .venv (a few minutes the first time)"
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

run: $(READY)
	$(BIN)/jaiza run --or-sample

test: $(READY)
	$(BIN)/pytest -n 2 --dist worksteal  # the slow tests come last in the alphabet: whoever is idle takes some over

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# `make bench PDFS=folder` measures on a folder of PDFs of yours, and how faithfully they are read.
bench: $(READY)
	$(BIN)/python -m bench.suggest
	$(BIN)/python -m bench.export
	$(BIN)/python -m bench.record
	$(BIN)/python -m bench.review
	$(BIN)/python -m bench.review durability
	$(BIN)/python -m bench.run $(PDFS)
	$(BIN)/python -m bench.report
	$(if $(PDFS),$(BIN)/python -m bench.extraction $(PDFS))
	$(if $(PDFS),$(BIN)/python -m bench.tables $(PDFS))

review: $(READY)
	$(BIN)/jaiza review

# Pins every dependency with its hashes, for all platforms; uv is used for this only.
lock:
	@$(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip install --quiet --disable-pip-version-check uv
	@.venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--extra dev pyproject.toml --output-file requirements.lock
	@rm -rf .venv-lock

clean:
	rm -rf .venv .venv-lock .mypy_cache .ruff_cache .pytest_cache
