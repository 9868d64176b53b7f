# Everything is set up by bootstrap.py; this file only finds a Python that is new enough.
# Bare `make` says what there is and changes nothing.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

.DEFAULT_GOAL := help
.PHONY: help demo test check bench soak lock
help demo test check bench soak lock:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed."; exit 1; }
	@$(PYTHON) bootstrap.py $@
