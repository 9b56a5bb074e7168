# The two commands for everybody: make run, make test. `make` alone lists the rest.
.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/messages.po))

help:           ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/.runtime $(CATALOGUES)  ## serve the portal with its demonstration village on http://127.0.0.1:8000
	@PORT=$(PORT) exec $(BIN)/python deploy/serve.py

test: check     ## everything: style, types, layers, templates, tests on both databases, journeys in Chromium
	@bash deploy/ensure_system.sh
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not alone"
	$(BIN)/python -m pytest -m alone

check: .venv/.tests $(CATALOGUES)  ## the quick part of make test: style, types, layers, templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint portal

fix: .venv/.tests  ## put style right where a machine can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

migration: .venv/.tests  ## write the next migration: make migration m="add ballots"
	$(BIN)/flask --app wsgi db migrate --rev-id $$(printf '%04d' $$(($$(ls migrations/versions/*.py | wc -l) + 1))) -m "$(m)"

words: .venv/.tests  ## gather the words to translate
	$(BIN)/pybabel -q extract -F translations/babel.cfg -k _l --no-location -o translations/messages.pot portal
	$(BIN)/pybabel -q update -i translations/messages.pot -d translations --no-fuzzy-matching

lock: .venv/.tests  ## resolve the requirements again: make lock [upgrade=1]
	bash deploy/lock.sh $(if $(upgrade),--upgrade)

demo: .venv/.runtime $(CATALOGUES)  ## load the demonstration village into the configured database
	$(BIN)/flask --app wsgi start

bench: .venv/.tests $(CATALOGUES)  ## measure pages and deeds beside bare floors, a county's evening, a county's roster, guessed codes, a large map, a long document, wicked photos, word lists: make bench [rounds=3]
	$(BIN)/python -m bench.run $(if $(rounds),--rounds $(rounds))
	$(BIN)/python -m bench.run $(if $(rounds),--rounds $(rounds)) --on postgresql --votes-only
	$(BIN)/python -m bench.evening
	$(BIN)/python -m bench.county
	$(BIN)/python -m bench.reading
	$(BIN)/python -m bench.record
	$(BIN)/python -m bench.codes
	$(BIN)/python -m bench.cuts
	$(BIN)/python -m bench.cuts --on postgresql
	$(BIN)/python -m bench.fanout
	$(BIN)/python -m bench.maps
	$(BIN)/python -m bench.disclosure
	$(BIN)/python -m bench.documents
	$(BIN)/python -m bench.media
	$(BIN)/python -m bench.words

storm: .venv/.tests $(CATALOGUES)  ## kill what runs while everybody votes: nothing lost, nothing double; two choices are answered alike; every page is crawled as everybody
	$(BIN)/python -m bench.storm
	$(BIN)/python -m bench.alike
	RACES=20 $(BIN)/python -m pytest -n auto -m last_judge
	TAMPER=200 $(BIN)/python -m pytest -n auto tests/ballots/test_archive.py
	CRAWL=50 $(BIN)/python -m pytest -n auto tests/house/test_canaries.py
	WALKS=all $(BIN)/python -m pytest -n auto tests/journeys/test_main_job.py -k accessible

pictures: .venv/.tests $(CATALOGUES)  ## take the pictures of docs/pictures again
	PICTURES=docs/pictures $(BIN)/python -m pytest tests/journeys tests/disclosure/test_demonstration.py -k 'not accessible'

vendor:         ## fetch and build portal/static/vendor again (needs Node)
	bash portal/frontend/vendor.sh

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make run PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv --clear .venv

.venv/.runtime: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes -r requirements.txt
	@touch $@

.venv/.tests: tests/requirements.txt .venv/.runtime
	$(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes -r tests/requirements.txt
	@touch $@

%.mo: %.po | .venv/.runtime
	@$(BIN)/pybabel -q compile -i $< -o $@

.PHONY: help run test check fix migration words lock demo bench storm pictures vendor
