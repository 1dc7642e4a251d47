# Each target is a thin wrapper over `python -m tools.X`, and sets itself up: build/venv gets what the target's group in
# pyproject.toml has, as requirements/GROUP.lock says, and is made again whenever that changes. Paths here are relative, so that the project's folder may have any name.

VENV := build/venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
READY := $(VENV)/ready
FLASHING := $(VENV)/ready-flash
DOCS := $(VENV)/ready-docs
WORLD := $(VENV)/ready-world
CAMPAIGN := $(VENV)/ready-campaign
TESTS := $(VENV)/ready-test
LABGRID := build/labgrid/ready
LOCK = $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--custom-compile-command "make lock" --group $(1) --output-file requirements/$(1).lock
SPEED ?= 1
RADIO ?= gprs-10-cs2
MODEM ?= sim800
PROXY ?= http

# PyPI has MicroPython for CPython 3.11 to 3.13.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& echo $$python && break; done)

.PHONY: help venv run phone world lab labgrid check test long full bench fuzz powercut soak lock flash docs firmware settings hil repl logs size wheel release clean campaign

help: ## this list
	@echo "make TARGET, with what may be said behind it:"
	@sed -n 's/^\([a-z]*\):.* ## \(.*\)/  \1: \2/p' Makefile
	@echo "./mms lists the tools below them, and runs one from any folder."

run: $(READY) ## a picture crosses the network: SPEED=10 times as fast, RADIO=gprs-8-cs2, MODEM=sim800,sim7600, PROXY=wsp, BREAK=apn
	@$(BIN)/python -m tools.journey --speed "$(SPEED)" --radio "$(RADIO)" --modem "$(MODEM)" --proxy "$(PROXY)" $(if $(BREAK),--break "$(BREAK)")

phone: $(READY) ## two phones in two browser windows, until Ctrl-C: SPEED, RADIO, MODEM, PORT=8001 of the first
	@$(BIN)/python -m tools.phone --speed "$(SPEED)" --radio "$(RADIO)" --modem "$(MODEM)" --port "$(or $(PORT),8001)"

world: $(WORLD) ## seven operators, and one picture to all kinds of recipients: SPEED=10, RADIO, DATE="2003-01-27 09:00"
	@$(BIN)/python -m tools.world --speed "$(SPEED)" --radio "$(RADIO)" $(if $(DATE),--date "$(DATE)")

campaign: $(CAMPAIGN) ## test cases over networks and pairs of handsets, with a journal: PLAN=file.toml, SPEED, RESUME=1
	@$(BIN)/python -m tools.campaign run "$(or $(PLAN),assets/campaigns/small.toml)" $(if $(filter command line environment,$(origin SPEED)),--speed "$(SPEED)",$(if $(PLAN),,--speed 10)) $(if $(RESUME),--resume)

lab: $(if $(NAMES),$(WORLD),$(READY)) ## the network alone, until Ctrl-C, for handsets in other terminals: SPEED, RADIO, MODEM, PROXY, NAMES=all, DATE="2003-01-27 09:00", SCRIPT=file of coverage
	@$(BIN)/python -m tools.lab --speed "$(SPEED)" --radio "$(RADIO)" --modem "$(MODEM)" --proxy "$(PROXY)" $(if $(NAMES),--names "$(NAMES)") $(if $(DATE),--date "$(DATE)") $(if $(SCRIPT),--script "$(SCRIPT)")

labgrid: $(READY) $(LABGRID) ## racks of simulated boards, two exporters and a coordinator, until Ctrl-C: PAIRS=2 SPEED, MODEM
	@$(BIN)/python -m tools.labgrid --pairs "$(or $(PAIRS),1)" --speed "$(SPEED)" --modem "$(MODEM)"

check: $(TESTS) $(LABGRID) ## lint, format, types and the tests of single rooms, in two to three minutes
	@$(BIN)/python -m tools.check check

test: $(TESTS) $(LABGRID) ## everything that can be tested on this machine, once, in thirteen to twenty-one minutes
	@$(BIN)/python -m tools.check test

long: $(TESTS) $(LABGRID) ## more of the same, as CI does it: sessions, power cuts, attacks, fuzzing, speed, coverage
	@$(BIN)/python -m tools.check long

full: $(TESTS) $(LABGRID) ## hours of it, before a release
	@$(BIN)/python -m tools.check full

bench: $(TESTS) ## how fast the codec is, beside others, and messages by each modem and radio, beside the bound of physics
	@$(BIN)/python -m tools.bench

fuzz: $(TESTS) ## look for octets that nobody thought of, guided by coverage: SECONDS=60; finds are kept in build/
	@$(BIN)/python tests/hostile/fuzz.py -max_total_time="$(or $(SECONDS),60)"

powercut: $(READY) ## cut the power at every flash operation of a workload: FULL=1 cuts every recovery, too
	@$(BIN)/python -m tools.power $(if $(FULL),--full)

soak: $(CAMPAIGN) ## whole sessions with faults by chance, in virtual time: SEEDS=1000, FIRST=1, FAULT, MODEM=bg95, SCHEDULER=tcp://127.0.0.1:8786
	@$(BIN)/python -m tools.soak --seeds "$(or $(SEEDS),1000)" --first "$(or $(FIRST),1)" $(if $(FAULT),--fault "$(FAULT)") $(if $(MODEM),--modem "$(MODEM)") $(if $(SCHEDULER),--scheduler "$(SCHEDULER)")

lock: $(TESTS) ## after a change of pyproject.toml: every version and its hash, for all machines, a file for each group
	@$(call LOCK,test)
	@$(call LOCK,flash) --constraints requirements/test.lock
	@$(call LOCK,docs) --constraints requirements/test.lock
	@$(call LOCK,world) --constraints requirements/test.lock
	@$(call LOCK,campaign) --constraints requirements/test.lock
	@$(call LOCK,run) --constraints requirements/test.lock
	@$(call LOCK,labgrid)

flash: $(FLASHING) ## the handset onto a board, or without BOARD a list of what is plugged in: BOARD=lilygo_tcall PORT=/dev/ttyUSB0 FIRMWARE=file BAUD=115200 WITH=page WITHOUT=links SETTINGS=file
	@$(BIN)/python -m tools.board.flash $(BOARD) $(if $(PORT),--port "$(PORT)") $(if $(FIRMWARE),--firmware "$(FIRMWARE)") $(if $(BAUD),--baud "$(BAUD)") $(if $(WITH),--with "$(WITH)") $(if $(WITHOUT),--without "$(WITHOUT)") $(if $(SETTINGS),--settings "$(SETTINGS)")

firmware: $(FLASHING) ## which MicroPython a board wants, or a build of one with the handset in it, untried: BOARD=pico_sim800 MICROPYTHON=checkout
	@$(BIN)/python -m tools.board.firmware $(or $(BOARD),--help) $(if $(MICROPYTHON),--micropython "$(MICROPYTHON)")

settings: $(FLASHING) ## questions, whose answers become the settings of a handset on a board: PORT=/dev/ttyUSB0
	@$(BIN)/python -m tools.board.settings --port "$(PORT)"

hil: $(FLASHING) ## hardware in the loop, a walk through all that met simulators only: PORT=/dev/ttyUSB0 NUMBER=+44... ONLY=way,trap RESTART=1 YES_TO_COSTS="1.00 GBP", FLASH=1 BOARD=lilygo_tcall SETTINGS=file, and for two boards FULL=1 PORT2=/dev/ttyUSB1 NUMBER2=+44...
	@$(BIN)/python -m tools.hil --port "$(PORT)" $(if $(NUMBER),--number "$(NUMBER)") $(if $(ONLY),--only "$(ONLY)") $(if $(RESTART),--restart) $(if $(YES_TO_COSTS),--yes-to-costs "$(YES_TO_COSTS)") $(if $(FLASH),--flash "$(BOARD)") $(if $(SETTINGS),--settings "$(SETTINGS)") $(if $(FULL),--full) $(if $(PORT2),--port2 "$(PORT2)") $(if $(NUMBER2),--number2 "$(NUMBER2)")

repl: $(FLASHING) ## the prompt or the console of a board, Ctrl-] ends it: PORT=/dev/ttyUSB0 BAUD=115200
	@$(BIN)/python -m tools.board.repl --port "$(PORT)" $(if $(BAUD),--baud "$(BAUD)")

logs: $(FLASHING) ## what a handset on a board says, with the time, until Ctrl-C: PORT=/dev/ttyUSB0 BAUD=115200
	@$(BIN)/python -m tools.board.logs --port "$(PORT)" $(if $(BAUD),--baud "$(BAUD)")

size: $(READY) ## octets of the handset on a board, a line a room, and what each feature costs: BOARD=pico_sim800
	@$(BIN)/python -m tools.board.flash.sizes $(BOARD)

docs: $(DOCS) ## the documents as a site of pages in build/site
	@$(BIN)/python -m tools.site

wheel: $(TESTS) ## the package micropython-mms, which pip installs with its command mms: in build/wheel
	@$(BIN)/python -m build --no-isolation --outdir build/wheel .

release: $(TESTS) ## the tag of this version, when CHANGELOG.md has it and nothing is uncommitted
	@$(BIN)/python -m tools.release

venv: $(READY) ## build/venv, which every other target makes by itself

clean: ## take build/ away
	rm -rf build

$(READY): requirements/run.lock
	@test -n "$(PYTHON)" || { echo "This needs Python 3.11, 3.12 or 3.13."; exit 1; }
	@$(PYTHON) -I tools/setup.py run

$(DOCS): requirements/run.lock requirements/docs.lock
	@test -n "$(PYTHON)" || { echo "This needs Python 3.11, 3.12 or 3.13."; exit 1; }
	@$(PYTHON) -I tools/setup.py docs

$(FLASHING): requirements/run.lock requirements/flash.lock
	@test -n "$(PYTHON)" || { echo "This needs Python 3.11, 3.12 or 3.13."; exit 1; }
	@$(PYTHON) -I tools/setup.py flash

$(WORLD): requirements/run.lock requirements/world.lock
	@test -n "$(PYTHON)" || { echo "This needs Python 3.11, 3.12 or 3.13."; exit 1; }
	@$(PYTHON) -I tools/setup.py world

$(CAMPAIGN): requirements/run.lock requirements/campaign.lock
	@test -n "$(PYTHON)" || { echo "This needs Python 3.11, 3.12 or 3.13."; exit 1; }
	@$(PYTHON) -I tools/setup.py campaign

$(TESTS): requirements/run.lock requirements/test.lock
	@test -n "$(PYTHON)" || { echo "This needs Python 3.11, 3.12 or 3.13."; exit 1; }
	@$(PYTHON) -I tools/setup.py test

$(LABGRID): requirements/labgrid.lock
	@test -n "$(PYTHON)" || { echo "This needs Python 3.11, 3.12 or 3.13."; exit 1; }
	@$(PYTHON) -I tools/setup.py labgrid
