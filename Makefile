# Needs make, and Python 3.12 or later or uv; all else comes from requirements.lock, by hash.

BIN := .venv/bin
MEMBERS := $(patsubst %/pyproject.toml,%,$(wildcard libs/*/pyproject.toml services/*/pyproject.toml web/pyproject.toml))
SERVICES := $(notdir $(patsubst %/pyproject.toml,%,$(wildcard services/*/pyproject.toml)))
EDITABLE := $(addprefix -e ,$(MEMBERS))
INSTALLED := .venv/installed
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 12))
TESTS := $(wildcard libs/*/tests services/*/tests web/tests) \
  $(patsubst %/,%,$(sort $(dir $(wildcard tests-e2e/*.py docs/model/*.py))))
UV := $(BIN)/uv --quiet

.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help install demo up down test check audit unit integration mutants model-small model e2e toolchains chaos isolated bench bench-against measures format permissions catalog new-service release-schemas lock

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(INSTALLED) ## everything into .venv
	@:

$(INSTALLED): requirements.lock pyproject.toml $(addsuffix /pyproject.toml,$(MEMBERS))
	@$(BIN)/python -c '$(NEW_ENOUGH)' 2>/dev/null || sh tools/make_venv.sh "$(PYTHON)"
	@$(BIN)/uv --version >/dev/null 2>&1 || { \
	  awk '/^uv==/ { on = 1 } on { print } on && !/\\$$/ { exit }' requirements.lock >.venv/uv.lock; \
	  $(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
	    --only-binary :all: --require-hashes -r .venv/uv.lock; }
	@echo "Installing what requirements.lock names"
	@$(UV) pip install --python $(BIN)/python --compile-bytecode --require-hashes --no-build -r requirements.lock
	@$(UV) pip install --python $(BIN)/python --no-deps --no-build-isolation --offline $(EDITABLE)
	@touch $@

demo: install ## a shop's day in the terminal (ARGS=...)
	@$(BIN)/zugabe demo $(ARGS)

up: install ## Kafka, MongoDB and the services, until Ctrl-C (ARGS=--detach)
	@$(BIN)/zugabe up $(ARGS)

down: install ## stop what `make up ARGS=--detach` started
	@$(BIN)/zugabe down

test: check audit unit integration model-small e2e ## everything that CI runs

# Test folders are no packages and have files of equal names: types are checked one by one.
check: install ## format, lint, types, imports, catalogs, released schemas, containers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy libs/*/src services/*/src web/src benchmarks tools
	@set -e; for tests in $(TESTS); do echo "mypy $$tests"; MYPYPATH=$$tests $(BIN)/mypy $$tests; done
	$(BIN)/lint-imports
	@set -e; for member in $(MEMBERS); do echo "deptry $$member"; (cd $$member && $(CURDIR)/$(BIN)/deptry src); done
	$(BIN)/python -m zugabe_events.schemas.catalog --check docs/events.md
	$(BIN)/python -m zugabe_events.schemas.release --check
	$(BIN)/zugabe config --markdown | diff docs/settings.md -
	$(BIN)/python -m tools.requirements --check
	$(BIN)/python -m tools.links
	$(BIN)/python -m tools.runbooks
	$(BIN)/python -m tools.evidence
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml deploy/parts.yml
	$(BIN)/hadolint deploy/*.Dockerfile

audit: install ## list what is shipped in report/, and ask for advisories (AUDIT=required)
	@$(BIN)/python -m tools.audit

unit: install ## tests of the libraries and of each service that need no servers
	$(BIN)/pytest -n 2 --dist worksteal --durations 10 -m "not integration" libs services web tools $(ARGS)

integration: install ## tests of the libraries over real Kafka and MongoDB
	$(BIN)/python -m zugabe.testing $(BIN)/pytest -n 3 --dist loadgroup --durations 10 -m integration libs services tools $(ARGS)

model-small: install ## the model of the protocol: small state spaces, and each rule broken
	$(BIN)/pytest --durations 10 docs/model $(ARGS)

model: install ## the same with large state spaces, some minutes (ARGS=NAME...)
	@PYTHONPATH=docs/model $(BIN)/python -m protocol_model.check large $(ARGS)

e2e: install ## stories across the services, over real Kafka and MongoDB
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder --durations 10 --ignore tests-e2e/toolchains tests-e2e $(ARGS)

toolchains: install ## consumers in Node, Go and Java, and generated clients, where these are installed
	$(BIN)/pytest -v --durations 10 tests-e2e/toolchains $(ARGS)

chaos: install ## faults for half an hour while people buy (ARGS='--seed 7 --faults 220 --seconds 1320')
	@PYTHONPATH=tests-e2e $(BIN)/python -m chaos $(ARGS)

isolated: install ## each service's tests with only the dependencies that it declares
	$(BIN)/python -m zugabe.testing $(MAKE) --no-print-directory $(addprefix isolated-,$(SERVICES))

isolated-%:
	@echo "$*, alone"
	@$(UV) venv --clear --python $(BIN)/python .venv/isolated/$*
	@$(UV) pip install --python .venv/isolated/$*/bin/python --constraints requirements.lock --no-build \
	  httpx hypothesis pytest pytest-asyncio schemathesis uv_build
	@$(UV) pip install --python .venv/isolated/$*/bin/python --constraints requirements.lock \
	  --no-build-isolation -e libs/schemas -e libs/events -e libs/testing -e services/$*
	.venv/isolated/$*/bin/python -m pytest services/$*

mutants: install ## change what decides, one token at a time: do tests notice? (ARGS='vouchers --number 20 --seed 3')
	@$(BIN)/python tools/mutants.py $(ARGS)

bench: install ## measure it on this machine (ARGS=...)
	@$(BIN)/python -m benchmarks $(ARGS)

bench-against: install ## the same of this tree and of an older one, in turns (REV=COMMIT ARGS='orders --turns 3')
	@$(BIN)/python -m benchmarks.against $(REV) $(ARGS)

measures: install ## count what the layout is measured by (AT=REVISION)
	@$(BIN)/python -m tools.measures $(AT)

format: install ## format the code and apply safe fixes
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

permissions: install ## write each service's table of permissions by route
	@WRITE_PERMISSIONS=1 $(BIN)/pytest -q services -k test_each_role_may_do_what_the_table_says

catalog: install ## write docs/events.md, docs/settings.md, and the tests in docs/requirements.md
	$(BIN)/python -m zugabe_events.schemas.catalog >.venv/events.md
	mv .venv/events.md docs/events.md
	$(BIN)/zugabe config --markdown >.venv/settings.md
	mv .venv/settings.md docs/settings.md
	$(BIN)/python -m tools.requirements

new-service: install ## a new service that installs, starts and passes its tests (NAME=shipping)
	@$(BIN)/python -m tools.new_service "$(NAME)"
	@$(BIN)/ruff check --quiet --fix services/$(NAME)
	@$(BIN)/ruff format --quiet services/$(NAME)
	@$(MAKE) --no-print-directory install catalog

release-schemas: install ## the contracts become the released schemas in libs/schemas
	$(BIN)/python -m zugabe_events.schemas.release

lock: install ## resolve versions from pyproject.toml and write requirements.lock
	echo uv | $(UV) pip compile --universal --python-version 3.12 --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header $(addprefix --no-emit-package ,zugabe-events zugabe-schemas zugabe-testing zugabe-verify) \
	  --group dev --output-file requirements.lock - $(addsuffix /pyproject.toml,$(MEMBERS))
	@! grep -nE '://|^-' requirements.lock
