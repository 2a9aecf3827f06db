# `make help` lists what there is. Nothing need be installed but git, make and Python 3.11 or newer.

# Where there is no uv and it cannot be had, the line that says so is the last one.
UV = $(or $(shell python3 .ci/uv.py),false)

.PHONY: help up migrate demo environment serving
.DEFAULT_GOAL := help

-include .ci/checks.mk

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort -t: -k1,1 | awk -F ':.*## ' '{ printf "  make %-13s %s\n", $$1, $$2 }'

# frontdesk takes the place of the shell, so that it is make's own child: it ends when make does.
up: serving ## set up and run everything here: database, API, worker, demo tenant
	@FRONTDESK_PARENT=$$PPID exec .venv/bin/frontdesk up

migrate: serving ## bring the database to this version
	@exec .venv/bin/frontdesk migrate

demo: serving ## make the demo tenant with its 2,000 customers, and print its login
	@exec .venv/bin/frontdesk demo

serving:
	@$(UV) sync --frozen --no-dev --group embedded --inexact

environment: ## the virtual environment with all that checks and tests need
	@$(UV) sync --frozen --all-groups
