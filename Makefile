# Everything is set up inside .venv/, which `make clean` removes again. POSIX sh, make and Python 3.11+ are enough.
.PHONY: help install demo test bench chaos fuzz check format lint types imports lock clean

# The first of these that is new enough makes .venv; `make PYTHON=/path/to/python install` names one.
PYTHON ?= python3 python3.14 python3.13 python3.12 python3.11
ARGS ?=
# The tests wait more than they compute: three at a time keep two cores busy.
TEST_WORKERS ?= 3
PIP = .venv/bin/python -m pip --disable-pip-version-check --no-input
INSTALL = $(PIP) install --prefer-binary --progress-bar on --constraint constraints.txt --editable

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

install: .venv/.runtime ## Make .venv with all that Switchboard needs to run

demo: .venv/.runtime ## Start everything with stand-ins for Slack and WhatsApp, and print the address to open
	@exec .venv/bin/switchboard demo $(ARGS)

test: .venv/.dev ## Run the tests (ARGS='-k take -x' is passed on to pytest)
	.venv/bin/python -m pytest -n $(TEST_WORKERS) --dist worksteal $(ARGS)

bench: .venv/.bench ## Measure intake, relay latency, start-up, memory and what the AI finds, on this machine
	.venv/bin/python -m tests.bench $(ARGS)

chaos: .venv/.dev ## Kill bots and pull the database under a busy desk, then count what arrived (ARGS='--kills 20 --seed 7')
	.venv/bin/python -m tests.chaos $(ARGS)

fuzz: .venv/.dev ## Post 100,000 mutated webhooks to a whole bot (ARGS='--count 5000 --seed 7')
	.venv/bin/python -m tests.fuzz $(ARGS)

check: format lint types imports ## Formatting, lint, types and the rules of who may import whom

format: .venv/.dev
	.venv/bin/ruff format --check .

lint: .venv/.dev
	.venv/bin/ruff check .

types: .venv/.dev
	.venv/bin/basedpyright --pythonpath .venv/bin/python

imports: .venv/.dev
	.venv/bin/lint-imports

lock: .venv/bin/python ## Write constraints.txt anew from the newest versions that fit pyproject.toml
	rm -rf build/lock
	.venv/bin/python -m venv build/lock
	build/lock/bin/python -m pip --disable-pip-version-check install --prefer-binary --editable '.[dev,bench]'
	{ echo '# Exact versions of everything Switchboard runs, tests and measures with. Written by `make lock`.'; \
	  build/lock/bin/python -m pip freeze --exclude-editable; } > build/constraints.txt
	mv build/constraints.txt constraints.txt
	rm -rf build/lock

clean: ## Remove .venv and what tools leave behind; ./data, where conversations live, stays
	rm -rf .venv build artefacts *.egg-info .pytest_cache .ruff_cache .hypothesis .import_linter_cache

# An interpreter that was upgraded away leaves a dangling link here, which make takes for a missing file.
.venv/bin/python:
	@for each in $(PYTHON); do \
	  if "$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Making .venv with $$("$$each" -V)"; \
	    "$$each" -m venv --clear .venv && exit 0; \
	    echo "$$each cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv" >&2; \
	    exit 1; \
	  fi; \
	done; \
	echo "Switchboard needs Python 3.11 or newer; tried: $(PYTHON). Name one: make PYTHON=/path/to/python3 install" >&2; \
	exit 1

# Each stamp is written only after its packages are in, so an interrupted set-up simply goes on the next time.
.venv/.runtime: .venv/bin/python pyproject.toml constraints.txt
	@echo "Setting up Switchboard in .venv (once; about a minute)"
	$(INSTALL) .
	@touch $@

.venv/.dev: .venv/.runtime
	@echo "Adding the tools for tests and checks (once)"
	$(INSTALL) '.[dev]'
	@touch $@

.venv/.bench: .venv/.dev
	@echo "Adding what the benchmark compares with (once)"
	$(INSTALL) '.[bench]'
	@touch $@
