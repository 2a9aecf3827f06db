# What `make check` runs, and CI with it: each check is a target of its own, the tests come last.
# UV and the target `environment` (the virtual environment with all groups) come from the Makefile.

TOOLS := .venv/bin
PYTEST_WORKERS ?= 3
# What takes longer has hung, and its process is ended (tests/plugins/hung.py): the slowest test takes a third of it.
PYTEST_SECONDS ?= 180

.PHONY: check test lint types imports dependencies audit faults soak soak-bookings soak-faults soak-fuzz soak-memory soak-numbers soak-payments soak-sums soak-workers soak-year

check: lint types imports dependencies audit test ## everything that CI checks

test: environment ## the whole suite, against a real Postgres
	$(TOOLS)/pytest -n $(PYTEST_WORKERS) --dist worksteal -o faulthandler_timeout=$(PYTEST_SECONDS) $(PYTEST_ARGS)

lint: environment
	$(TOOLS)/ruff check .
	$(TOOLS)/ruff format --check .

types: environment
	$(TOOLS)/mypy

imports: environment
	$(TOOLS)/lint-imports --no-logo

dependencies: environment
	$(TOOLS)/deptry .

audit: environment
	$(UV) export --frozen --quiet --no-emit-project --no-hashes --all-groups | $(TOOLS)/python .ci/audit.py

faults: environment ## plant faults on purpose: each must be found by a test (minutes)
	$(TOOLS)/python -m tests.faults.plant

soak: environment ## 100,000 transactions of two tenants over a small pool (minutes)
	$(TOOLS)/python -m bench.soak_tenants

soak-bookings: environment ## 200 times that 20 racers each want, by every way
	$(TOOLS)/python -m bench.soak_bookings

soak-faults: environment ## rolling restarts, restarts of Postgres, killed backups and restores (minutes)
	$(TOOLS)/python -m bench.soak_faults

soak-fuzz: environment ## more than 10,000 requests of a fuzzer that knows the document (minutes)
	$(TOOLS)/python -m bench.soak_fuzz

soak-memory: environment ## an hour of mixed requests: what the API process holds does not grow (an hour)
	$(TOOLS)/python -m bench.soak_memory

soak-numbers: environment ## 2,000 documents of each kind numbered at once, processes killed meanwhile
	$(TOOLS)/python -m bench.soak_numbers

soak-payments: environment ## 10,000 webhooks of payments in any order, workers and Postgres killed (minutes)
	$(TOOLS)/python -m bench.soak_payments

soak-sums: environment ## 100,000 documents, summed by the engine and by a model in decimals (minutes)
	$(TOOLS)/python -m bench.soak_sums

soak-workers: environment ## 10,000 envelopes, workers killed 50 times at random (minutes)
	$(TOOLS)/python -m bench.soak_workers

soak-year: environment ## a year of weekly visits where clocks are odd (minutes)
	$(TOOLS)/python -m bench.soak_year
