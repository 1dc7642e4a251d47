# Everything sets itself up: build/venv is made from requirements.lock, and again whenever that changes.
# Each target is a thin wrapper over `python -m tools.X`.

VENV := build/venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
READY := $(VENV)/ready
SPEED ?= 1
RADIO ?= gprs-10-cs2

# PyPI has MicroPython for CPython 3.11 to 3.13.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& echo $$python && break; done)

.PHONY: run lab test check bench fuzz powercut soak lock clean

run: $(READY)
	@$(BIN)/python -m tools.run --speed $(SPEED) --radio $(RADIO) $(if $(FAULT),--fault $(FAULT))

lab: $(READY)
	@$(BIN)/python -m tools.network --speed $(SPEED) --radio $(RADIO)

test: $(READY)
	@$(BIN)/python -m tools.check --all

check: $(READY)
	@$(BIN)/python -m tools.check

# How fast the codec is, beside python-messaging and PyPI's construct.
bench: $(READY)
	@$(BIN)/python -m tools.bench

# Coverage-guided, for so many seconds; what it finds is kept in build/.
fuzz: $(READY)
	@$(BIN)/python tests/hostile/fuzz.py -max_total_time=$(or $(SECONDS),60)

powercut: $(READY)
	@$(BIN)/python -m tools.powercut $(if $(FULL),--full)

soak: $(READY)
	@$(BIN)/python -m tools.soak --seeds $(or $(SEEDS),1000) --first $(or $(FIRST),1) $(if $(FAULT),--fault $(FAULT))

# After a change of pyproject.toml: every version and its hash, for all machines.
lock: $(READY)
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
		--custom-compile-command "make lock" pyproject.toml --output-file requirements.lock

clean:
	rm -rf build

$(READY): requirements.lock
	@test -n "$(PYTHON)" || { echo "This needs Python 3.11, 3.12 or 3.13."; exit 1; }
	@echo "Setting up $(VENV) with $(PYTHON)"
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		-r requirements.lock
	@touch $@
