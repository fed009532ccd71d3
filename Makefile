# Every target first runs tools/setup.sh, which returns at once when there is nothing to do.
# PYTHON=python3.12 make run    uses that interpreter
# make run ARGS='too-timid'     passes arguments on; so do test, fuzz, soak and bench

# the tests start hundreds of processes; without bytecode each would recompile the package
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
SCREEN := $(BIN)/python tools/screen.py
# each test worker gets its own virtual screen from tools/screen.py; keep the pytest plugin from starting another
PYTEST := $(SCREEN) $(BIN)/python -m pytest -p no:xvfb
MINUTES := 30
BENCHMARKS := $(sort $(wildcard tests/benchmarks/bench_*.py))

.PHONY: help run test fuzz soak lint bench clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-6s %s\n", $$1, $$2}' Makefile

run: ## open the window; without a display, render an animation instead
	@tools/setup.sh run
	@if [ "$$(uname -s)" != Linux ] || [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
	  $(BIN)/gdviz $(ARGS); \
	else \
	  echo 'There is no display here (DISPLAY and WAYLAND_DISPLAY are not set), so gdviz renders an animation instead.'; \
	  $(BIN)/gdviz render point-nine -o point-nine.mp4 --force && echo "The animation is $$PWD/point-nine.mp4"; \
	fi

test: ## run the tests on a virtual screen; ARGS='tests/core -k trace' selects some, without the coverage threshold
	@tools/setup.sh test
ifeq ($(strip $(ARGS)),)
	@$(PYTEST) -n 2 --dist worksteal --cov --cov-report=
	@echo 'Coverage of the code that needs no display:'
	@$(BIN)/coverage report --fail-under=95
else
	@$(PYTEST) $(ARGS)
endif

fuzz: ## test 10,000 random inputs of each kind; ARGS='command_lines --seed 7 --case 123' repeats one
	@tools/setup.sh test
	@$(BIN)/python -m tests.fuzz $(ARGS)

soak: ## use the window at random, MINUTES=30, and see what it holds on to; ARGS='--seed 7' repeats a run
	@tools/setup.sh test
	@$(SCREEN) $(BIN)/python -m tests.soak --minutes $(MINUTES) $(ARGS)

lint: ## check style, types and import directions
	@tools/setup.sh lint
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

bench: ## run the benchmarks one after another
	@tools/setup.sh bench
	@status=0; for script in $(BENCHMARKS); do \
	  echo "== $$script"; $(SCREEN) $(BIN)/python "$$script" $(ARGS) || status=1; \
	done; exit $$status

clean: ## remove generated files, except .venv
	@rm -rf build dist htmlcov .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache point-nine.mp4
	@find . -path ./.venv -prune -o -name __pycache__ -type d -exec rm -rf {} +
