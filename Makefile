# make setup   everything that the hotline needs, into .venv and a per-user cache; safe to repeat
# make run     the hotline, in the foreground: make run ARGS="--sip 192.0.2.10:5060"
# make test    every test, on a real Asterisk and with real phones too: make test ARGS="-k transfer"
# make demo    a hotline, phones, and one call of each kind
# make check   the code's style and types, the rooms' walls, the registry

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := setup
.PHONY: setup packages run test demo check clean

VENV := .venv
# Made anew when what is to be installed changes, or when the checkout was moved.
INSTALLED := $(VENV)/installed-$(shell { cat pyproject.toml constraints.txt; pwd; } | sha256sum | cut -c1-16)
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard ivr/texts/locale/*/LC_MESSAGES/*.po))

setup: packages
	@$(VENV)/bin/ivr setup

packages: $(INSTALLED) $(CATALOGUES)

$(INSTALLED):
	@ivr/runtime/packages.sh
	@rm -f $(VENV)/installed-*; touch $@

%.mo: %.po $(INSTALLED)
	@umask 022; $(VENV)/bin/pybabel --quiet compile --input-file $< --output-file $@

run: setup
	@exec $(VENV)/bin/ivr up $(ARGS)

test: setup
	@$(VENV)/bin/ivr setup --tests
	@exec $(VENV)/bin/python -m pytest -n 4 --dist loadgroup $(ARGS)

demo: setup
	@exec $(VENV)/bin/python -m tests.demo

check: packages
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/ivr check

# Not var/: the calls are in it.
clean:
	rm -rf $(VENV) *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis $(CATALOGUES)
	find ivr agi_scripts tests -name __pycache__ -prune -exec rm -rf {} +
