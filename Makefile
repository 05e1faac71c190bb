# The commands of the house. Everything a command needs and the machine lacks is put into .venv and var/.
.DEFAULT_GOAL := help
.PHONY: help run vision test check bench soak assets lock migrations clean

PY      ?= python3
BIN     := .venv/bin
export npm_config_cache := $(CURDIR)/var/cache/npm
export PYTHONUNBUFFERED := 1

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' $(MAKEFILE_LIST)

run: ## open the demo shop and print its address; Ctrl-C stops it, data stay in var/
	@$(PY) tools/bootstrap.py base
	@$(BIN)/python tools/build_assets.py
	@exec $(BIN)/shopkeeper up --demo $(ARGS)

vision: ## add what reads text and watermarks off pictures
	@$(PY) tools/bootstrap.py vision

test: ## run every test, a real browser included
	@$(PY) tools/bootstrap.py dev
	@$(BIN)/python tools/build_assets.py
	@exec $(BIN)/python tools/run_tests.py $(ARGS)

check: ## format, lint, types, import contracts, migrations, templates, languages, sizes
	@$(PY) tools/bootstrap.py dev
	@exec $(BIN)/python tools/run_checks.py $(ARGS)

bench: ## measure the promised rates
	@$(PY) tools/bootstrap.py base
	@exec $(BIN)/shopkeeper bench --scratch $(ARGS)

soak: ## the long proofs: many seeds, many kills
	@$(PY) tools/bootstrap.py dev
	@$(BIN)/python tools/build_assets.py
	@exec $(BIN)/python tools/run_tests.py --soak $(ARGS)

assets: ## build the browser side
	@$(PY) tools/bootstrap.py base
	@$(BIN)/python tools/build_assets.py

migrations: ## write the migrations that the models ask for
	@$(PY) tools/bootstrap.py dev
	@$(BIN)/python tools/manage.py makemigrations

lock: ## resolve requirements/*.in anew into *.txt, with hashes and without addresses
	@$(PY) tools/bootstrap.py dev
	@$(BIN)/python tools/lock_requirements.py

clean: ## remove what can be made again (not the data in var/)
	rm -rf .venv node_modules build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis var/cache
