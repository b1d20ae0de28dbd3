# The short command list. Needs make (GNU, 3.81 or newer), Python 3.11 or newer, and nothing else.
# Windows: see README.md, the same in plain pip.

PYTHON ?= python3
VENV = .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check --no-input -q
STUDY ?= params/demo.yaml
WORKERS ?= 2

# Two stamps: the lock is installed once (minutes), the project again when its metadata change (a second).
LOCKED = $(VENV)/.locked
READY = $(VENV)/.ready

.PHONY: help run test study lint bench lab docs lock clean

help:
	@echo "make run     run a study ($(STUDY); another: make run STUDY=params/x.yaml)"
	@echo "make test    every test except the Monte Carlo studies; what was skipped is listed"
	@echo "make study   the Monte Carlo studies of the estimators"
	@echo "make lint    style, types and layers"
	@echo "make bench   the ratios of the benchmarks"
	@echo "make lab     JupyterLab on the notebooks"
	@echo "make docs    reference of the package, in docs/api"
	@echo "make lock    requirements.lock anew from pyproject.toml (UPGRADE=--upgrade for newer versions)"
	@echo "make clean   remove the environment and every cache; outputs/ and .backtorule/ stay"

run: $(READY)
	$(BIN)/backtorule run $(STUDY)
	@echo "Ready: open outputs/$$(sed -n 's/^cohort: *\([^ #]*\).*/\1/p' $(STUDY))/index.html"

test: $(READY)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -rs

study: $(READY)
	$(BIN)/python -m pytest -n $(WORKERS) -m study -rs

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: $(READY)
	$(BIN)/python -m benchmarks

lab: $(READY)
	$(BIN)/jupyter lab --notebook-dir=.

docs: $(READY)
	$(BIN)/pdoc --docformat numpy --output-directory docs/api backtorule_eval

# axe-core comes in a wrapper for another browser driver: installed without it (--no-deps), so in a lock of its own.
LOCKS = requirements.lock axe.lock

# The stamp is a copy of the locks, so that a fresh checkout of the same ones costs nothing.
# compileall: what pip would do on one core only.
# --clear: an environment without its stamp is half-made, or holds another lock; neither is worth repairing.
$(LOCKED): $(LOCKS)
	@if cat $(LOCKS) | cmp -s - $@; then touch $@; else $(MAKE) -s environment; fi

.PHONY: check-python environment
environment: check-python
	@echo "Installing into $(VENV): once, one to three minutes."
	@"$(PYTHON)" -m venv --clear $(VENV)
	@$(PIP) install --no-compile --require-hashes -r requirements.lock
	@$(PIP) install --no-compile --no-deps --require-hashes -r axe.lock
	@$(BIN)/python -W ignore -m compileall -q -j 0 $(VENV)/lib || true
	@cat $(LOCKS) > $(LOCKED)

# What is missing is told in one line, before anything is written.
check-python:
	@command -v "$(PYTHON)" >/dev/null 2>&1 || { \
	  echo "Python 3.11 or newer is needed; '$(PYTHON)' is not on this machine. Name yours: make PYTHON=python3.12" >&2; \
	  exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed; '$(PYTHON)' is older. Name a newer one: make PYTHON=python3.12" >&2; \
	  exit 1; }
	@for module in ensurepip venv; do \
	  "$(PYTHON)" -c "import $$module" 2>/dev/null || { \
	    echo "Python's module '$$module' is missing. On Debian and Ubuntu: apt install python3-venv" >&2; \
	    exit 1; }; \
	done

$(READY): $(LOCKED) pyproject.toml
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

# Universal (Linux, macOS, Windows), every file's hash, no registry named, what builds the project included.
# Extras stay in the names (coverage[toml]==...): without them pip looks past the pinned version to a newer one on
# the registry, for which the lock has no hash, and stops. The tool that makes it is thrown away again.
UV = uv==0.13.9
UPGRADE =
lock:
	tool=$$(mktemp -d) && trap 'rm -rf "$$tool"' EXIT && \
	"$(PYTHON)" -m venv "$$tool" && \
	"$$tool/bin/python" -m pip --disable-pip-version-check -q install $(UV) && \
	"$$tool/bin/uv" pip compile --quiet --no-config --universal --python-version 3.11 --fork-strategy fewest \
	  --all-extras --no-strip-extras --group build --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  $(UPGRADE) --output-file requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) build dist docs/api htmlcov .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find backtorule_eval tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
