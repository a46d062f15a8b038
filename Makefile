# Consult. `make run` tries it, `make test` checks it; `make help` lists the rest.

PYTHON ?= python3
UV ?= uv
BIN := .venv/bin
OLD := Consult needs Python 3.11 or later: install it, then say for example: make $(MAKECMDGOALS) PYTHON=python3.12
NO_VENV := Python cannot make virtual environments here: on Debian and Ubuntu, apt install python3-venv
SOURCES := consult migrations tests bench config.py wsgi.py
CATALOGUES := consult/translations
LANGUAGES := ar es fr ru zh

.PHONY: help env dev run test lint types browser lock messages screenshots routes audit sbom bench soak clean

help: ## list what can be made
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 14

env: .venv/env.stamp ## build .venv with the command consult in it

.venv/env.stamp: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(OLD)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(NO_VENV)" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what Consult needs into .venv"
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

dev: .venv/dev.stamp ## add what the tests need

.venv/dev.stamp: requirements-dev.lock .venv/env.stamp
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

run: env ## load the demonstration once, serve it until Ctrl-C
	@$(BIN)/consult demo --if-empty
	@exec $(BIN)/consult serve --worker

test: lint types ## everything that CI checks
	$(BIN)/pytest -q -n 2 --dist loadgroup --ignore tests/browser
	$(BIN)/pytest -q -n 2 tests/browser

lint: dev ## format, lint, import contracts, templates, known weaknesses
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/bandit -q -c pyproject.toml -r consult

types: dev ## types
	$(BIN)/mypy

browser: dev ## the journeys in a real browser alone
	$(BIN)/pytest -q tests/browser

lock: ## write both lock files anew from pyproject.toml (needs uv)
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--group build pyproject.toml -o requirements.lock
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--all-extras --group dev pyproject.toml -o requirements-dev.lock

messages: dev ## gather the marked strings into the catalogues
	$(BIN)/pybabel -q extract -F babel.cfg -k _l -k _lp:1c,2 -k lazy_gettext -k lazy_pgettext:1c,2 \
		-k lazy_ngettext:1,2 --no-location --sort-output --no-wrap \
		-o $(CATALOGUES)/messages.pot .
	@for language in $(LANGUAGES); do \
		test -f $(CATALOGUES)/$$language/LC_MESSAGES/messages.po || \
			$(BIN)/pybabel -q init -D messages -i $(CATALOGUES)/messages.pot -d $(CATALOGUES) \
				-l $$language --no-wrap; done
	$(BIN)/pybabel -q update -D messages -i $(CATALOGUES)/messages.pot -d $(CATALOGUES) \
		--no-wrap --no-fuzzy-matching --ignore-pot-creation-date

screenshots: dev ## the pictures of the guide, from a demonstration of their own
	$(BIN)/python -m tests.screenshots docs/screenshots

routes: env ## write the table of routes in the documentation anew
	@$(BIN)/consult routes --markdown > docs/routes.md

audit: dev ## ask for known holes in what is installed (needs the network)
	$(BIN)/pip-audit --strict --disable-pip --require-hashes -r requirements.lock

sbom: dev ## write sbom.json, the list of what is shipped (CycloneDX)
	$(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml \
		--output-reproducible --of JSON -o sbom.json

bench: dev ## how fast replies are taken, beside the floor
	$(BIN)/python bench/reply.py

soak: dev ## kill the service 500 times on each database while members reply
	$(BIN)/python -m tests.soak

clean: ## remove the environment and caches; never the instance
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist
