# Two commands for everyone: `make run` and `make test`. CONTRIBUTING.md names the others.
PYTHON ?= python3
ARGS ?=

.PHONY: run test check messages lock screenshots bench fuzz faults load

run:
	@$(PYTHON) bootstrap.py run $(ARGS)

test:
	@$(PYTHON) bootstrap.py test $(ARGS)

check:
	@$(PYTHON) bootstrap.py check $(ARGS)

messages:
	@$(PYTHON) bootstrap.py messages $(ARGS)

lock:
	@$(PYTHON) bootstrap.py lock $(ARGS)

fuzz:
	@$(PYTHON) bootstrap.py fuzz $(ARGS)

screenshots:
	@$(PYTHON) bootstrap.py screenshots $(ARGS)

bench:
	@$(PYTHON) bootstrap.py bench $(ARGS)

faults:
	@$(PYTHON) bootstrap.py faults $(ARGS)

load:
	@$(PYTHON) bootstrap.py load $(ARGS)
