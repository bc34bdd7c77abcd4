# One command per wish. `make help` lists them; each works from a fresh clone with Python 3.11+ and make alone.
.DEFAULT_GOAL := help
BIN := .venv/bin
PYTEST := $(BIN)/pytest -n auto --maxprocesses 8 --dist worksteal
unexport MAKEFLAGS

.PHONY: help up test check bench races faults docs lock tools run-env dev-env

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: run-env ## run everything on this machine until Ctrl-C (ARGS=--no-demo: empty)
	@exec $(BIN)/activkode up --end-with-parent $(ARGS)

test: dev-env tools ## the tests (ARGS='-k refund': some of them)
	@$(PYTEST) -m "not races and not faults" $(ARGS)

check: dev-env tools ## all that CI runs, as named steps (ARGS='lint types': some of them)
	@$(BIN)/python scripts/check.py $(ARGS)

bench: dev-env tools ## every figure beside its baseline, and bench/out.json
	@$(BIN)/python -m bench $(ARGS)

races: dev-env ## code, cancel and expiry released together, the long form
	@ACTIVKODE_LONG=1 $(BIN)/pytest -m races $(ARGS)

faults: dev-env ## processes killed under load, the long form
	@ACTIVKODE_LONG=1 $(BIN)/pytest -m faults $(ARGS)

docs: dev-env ## write the generated documents
	@$(BIN)/python scripts/documents.py

lock: ## choose newer versions: rewrites requirements/*.txt
	@sh scripts/lock

tools: dev-env
	@$(BIN)/python tests/tools.py

run-env:
	@sh scripts/environment run

dev-env:
	@sh scripts/environment dev
