# Everything a user or developer types. Each target does all of its own set-up.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
READY := $(VENV)/.ready
WORKERS ?= 2

.PHONY: demo test lint bench soak coverage constraints contract pictures system browser clean

demo: $(READY)  ## the main job on embedded defaults (DEMO_ONCE=1 ends it instead of opening the pages)
	$(VENV)/bin/closing demo

test: $(READY) browser  ## all tests
	$(RUN) -m pytest -n $(WORKERS) --dist worksteal

lint: $(READY)  ## style, types and the direction of imports
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

bench: $(READY)  ## measurements side by side, see benchmarks/README.md
	$(RUN) -m benchmarks

pictures: $(READY) browser  ## the pictures of every page in docs/images
	PYTHONPATH=tests $(RUN) -m e2e.pictures docs/images

soak: $(READY)  ## what takes longer than the ten-minute budget; stops after SOAK_MINUTES (default 60)
	$(RUN) -m pytest -m soak -o addopts="-ra --strict-markers --import-mode=importlib"

coverage: $(READY)  ## tests with branch coverage
	$(RUN) -m coverage erase
	COVERAGE_PROCESS_START=pyproject.toml $(RUN) -m coverage run -m pytest
	$(RUN) -m coverage combine -q
	$(RUN) -m coverage report --skip-covered

constraints:  ## compile requirements/constraints.txt anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --upgrade \
		--extra simulator --group dev pyproject.toml -o requirements/constraints.txt

contract: $(READY)  ## write the contract as text and its reference, when a version is released (tests compare with them)
	$(RUN) tests/contract_stub.py
	$(RUN) tests/authors_reference.py

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .hypothesis .import_linter_cache .demo

# Debian splits venv from python3: install it when we may, else say what to do.
system:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: set PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -q && apt-get install -y -q --no-install-recommends python3-venv; \
		else echo "Install the system package python3-venv, then run make again."; exit 1; fi; }

# The browser of the tests; without it they say that they are skipped.
browser:
	@command -v chromium >/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -q && apt-get install -y -q --no-install-recommends chromium fonts-dejavu-core; \
		else echo "Install the system package chromium for the browser tests."; fi; }

CATALOGUES := $(wildcard src/*/locale/*/*.po)

$(READY): requirements/constraints.txt pyproject.toml hatch_build.py $(CATALOGUES) | system
	test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/constraints.txt
	$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@
