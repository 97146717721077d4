# The two commands: `make serve` and `make test`. Everything is installed into .venv, from hashed locks.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet

.PHONY: serve test check bench format lock clean

serve: .venv/.serve ## install, migrate, load the reference catalogue, serve on 127.0.0.1
	$(BIN)/matters serve --port $(PORT)

test: check ## install and run everything that is checked
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

check: .venv/.test ## format, lint, types, import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/.test ## ratios against named rivals, in one run
	$(BIN)/python -m benchmarks

format: .venv/.test ## put the code in the house's form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: ## resolve the locks anew (needs uv on PATH)
	uv pip compile $(LOCKING) --extra postgres --extra rates --group build -o requirements.txt pyproject.toml
	uv pip compile $(LOCKING) --extra postgres --extra rates --extra spark --group test -o requirements-test.txt pyproject.toml
LOCKING := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade

clean: ## remove what was installed; var/ with your data stays
	rm -rf .venv build dist

.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "需要 Python 3.11 或更新版本 / Python 3.11 or newer is needed: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.serve: .venv/.python requirements.txt pyproject.toml
	@echo "安装运行所需的包，约一分钟 / installing what is needed to run, about a minute"
	$(PIP) --require-hashes -r requirements.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.test: .venv/.python requirements-test.txt pyproject.toml
	@echo "安装测试所需的包，约两分钟 / installing what is needed to test, about two minutes"
	$(PIP) --require-hashes -r requirements-test.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@
