# Plain venv + pip: a fresh machine needs git, make and Python 3.11 or newer, nothing else.
# What is installed is exactly what requirements/*.txt name, checked by hash.

.DEFAULT_GOAL := help
.PHONY: help run year test test-hard test-tools check bench lock
.DELETE_ON_ERROR:
# One environment: two installs at a time would break it.
.NOTPARALLEL:

VENV := .venv
BIN  := $(VENV)/bin
# Twice quiet: a mirror or an index of the machine that lacks a package is no news; what fails is still said.
PIP  := $(BIN)/python -m pip install -qq --disable-pip-version-check

# A shim may exist and yet fail (pyenv), and Debian's python3 comes without ensurepip: so each candidate is run, not looked up.
PYTHON ?=
CANDIDATES := $(PYTHON) python3.13 python3.12 python3.11 python3
SUITABLE := import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))

# A new layer must be known to the editable install, hence its __init__.py among the reasons to install again.
LAYERS := $(wildcard */__init__.py)

# Containers often forbid Python to keep what it compiled: each process of the suite, hundreds, would compile everything anew.
SUITE := env -u PYTHONDONTWRITEBYTECODE $(BIN)/pytest

FOR_RUNS  := $(VENV)/thidua.stamp
FOR_TESTS := $(VENV)/thidua.stamp $(VENV)/test-packages.stamp
FOR_TOOLS := $(FOR_TESTS) $(VENV)/tools-packages.stamp

# Whether any test carries a marker yet: pytest would call "none collected" a failure, and hide a misspelt marker if we forgave that.
marked = grep -rqE --include='*.py' 'mark\.$(1)\b' tests

help:  ## In bảng này · This list
	@echo "make …"
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)$$/  \1|\2/p' $(firstword $(MAKEFILE_LIST)) | awk -F'|' '{ printf "%-12s %s\n", $$1, $$2 }'

# Goes on until Ctrl-C where somebody sits at a terminal; without one it ends, so that no script hangs. UP=0 and UP=1 decide by hand.
UP ?=

run: $(FOR_RUNS)  ## Chạy Thidua với dữ liệu mẫu · Run Thidua with its sample, then let it run by itself (UP=0: only the sample)
	@$(BIN)/thidua run
	@case "$(UP)" in 0) ;; 1) exec $(BIN)/thidua up ;; *) if [ -t 0 ] && [ -t 1 ]; then exec $(BIN)/thidua up; fi ;; esac

year: $(FOR_RUNS)  ## Chạy trọn năm học mẫu · Play the whole sample year in a throw-away home
	@$(BIN)/thidua year

# The journeys drive a browser with packages that `make test-tools` alone installs.
WITHOUT_TOOLS := --ignore=tests/journeys

# Whole files to a process, in the order of tests/conftest.py: what a file's tests share is made once.
test: $(FOR_TESTS)  ## Kiểm thử trên SQLite và PostgreSQL · The test suite, on SQLite and PostgreSQL
	@$(SUITE) -n 2 --dist loadfile --no-loadscope-reorder $(WITHOUT_TOOLS) -m "not hard and not tools"

# A part has little time and takes both cores; the whole tells as it goes what it counted, which only one process can.
HOW_HARD := $(if $(THIDUA_HARD_PART),-n 2 --dist load,-s)

test-hard: $(FOR_TESTS)  ## Kiểm thử nặng, không giới hạn giờ · Crashes, races, scale: no time limit
	@if $(call marked,hard); then $(SUITE) $(WITHOUT_TOOLS) -m hard $(HOW_HARD); \
	else echo "No test carries the marker 'hard' yet: nothing to run."; fi

test-tools: $(FOR_TOOLS)  ## Kiểm thử cần trình duyệt · Tests that need a browser
	@command -v chromium >/dev/null || { echo "Missing on this machine: chromium (Debian: apt-get install chromium)" >&2; exit 1; }
	@if $(call marked,tools); then $(SUITE) -n 2 --dist loadfile --no-loadscope-reorder -m tools tests/journeys; \
	else echo "No test carries the marker 'tools' yet: nothing to run."; fi

check: $(FOR_TESTS)  ## Kiểm mã nguồn: ruff, kiểu, ranh giới · Style, strict types, import contracts
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(FOR_TESTS)  ## Đo tốc độ · Measure, each beside its raw-SQL floor
	@$(BIN)/python -m bench

# Keeps the pins that still fit; UPGRADE=1 looks for newer ones. uv is used here only, from an environment of its own: it alone
# resolves for several Pythons and systems at once. No file may tell where its author's packages came from: other people have other
# indexes, and an address would override theirs.
LOCK := .venv-lock/bin/uv pip compile --no-config --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links --quiet $(if $(UPGRADE),--upgrade)

lock: $(VENV)/made.stamp  ## Khoá phiên bản · Pin every package anew (UPGRADE=1: to newer versions)
	@test -x .venv-lock/bin/uv || { $(BIN)/python -m venv --clear .venv-lock && .venv-lock/bin/python -m pip install -qq --disable-pip-version-check uv==0.13.9; }
	@env -u UV_FIND_LINKS $(LOCK) requirements/run.in -o requirements/run.txt >/dev/null
	@env -u UV_FIND_LINKS $(LOCK) requirements/test.in -c requirements/run.txt -o requirements/test.txt >/dev/null
	@env -u UV_FIND_LINKS $(LOCK) requirements/tools.in -c requirements/test.txt -o requirements/tools.txt >/dev/null
	@if grep -nE '://|^--|^ *(file|/)|find-links|index-url' requirements/*.txt; then echo "An address in a lock." >&2; exit 1; fi


# Stamps: what is there is not made again. A stamp is written last, so that a broken-off step is repeated.

$(VENV)/made.stamp:
	@for python in $(CANDIDATES); do \
	  if "$$python" -c '$(SUITABLE)' >/dev/null 2>&1; then \
	    echo "Making $(VENV) with $$("$$python" --version) ($$python)"; \
	    "$$python" -m venv --clear $(VENV) && touch $@; exit; \
	  fi; \
	done; \
	echo "Thidua needs Python 3.11 or newer with its venv module (Debian: apt-get install python3-venv)." >&2; \
	echo "None of these is one: $(CANDIDATES). Name another with: make PYTHON=/path/to/python $(MAKECMDGOALS)" >&2; \
	exit 1

# setuptools first, taken out of the lock by name: dkimpy and the project itself are built with it, and without isolation, because an
# isolated build would download a setuptools that nobody pinned.
define install
	@awk '/^[^ #]/ { keep = /^setuptools==/ } keep' $(1) > $(VENV)/setuptools.txt
	@$(PIP) --require-hashes -r $(VENV)/setuptools.txt
	@$(PIP) --no-build-isolation --require-hashes -r $(1)
endef

$(VENV)/run-packages.stamp: requirements/run.txt $(VENV)/made.stamp
	@echo "Installing what Thidua needs (half a minute or so) …"
	$(call install,$<)
	@touch $@

$(VENV)/test-packages.stamp: requirements/test.txt $(VENV)/run-packages.stamp
	@echo "Installing what the tests and checks need …"
	$(call install,$<)
	@touch $@

$(VENV)/tools-packages.stamp: requirements/tools.txt $(VENV)/test-packages.stamp
	@echo "Installing what drives a browser …"
	$(call install,$<)
	@touch $@

$(VENV)/thidua.stamp: $(VENV)/run-packages.stamp pyproject.toml $(LAYERS)
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@
