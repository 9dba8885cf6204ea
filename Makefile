# Every target works on a fresh machine: it installs what it needs first.
PYTHON = .venv/bin/python

.PHONY: run demo test check bench soak translations clean

run: .venv/installed
	$(PYTHON) -m demo.serve

demo: .venv/installed
	$(PYTHON) -m demo.straight_line

test: .venv/tested
	.ci/services
	$(MAKE) --no-print-directory check
	$(PYTHON) -m pytest --numprocesses 2 --dist loadfile --cov --cov-report= --cov-branch
	$(PYTHON) -m coverage report --include="$(PURE)" --fail-under=100 --show-missing --skip-covered

check: .venv/tested
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports

bench: .venv/tested
	$(PYTHON) -m benchmarks

soak: .venv/tested
	.ci/services
	SOAK=1 $(PYTHON) -m pytest --hypothesis-profile=soak tests/auctions tests/payments tests/concurrency

translations: .venv/tested
	.venv/bin/pybabel extract --mapping-file .ci/babel.cfg --no-location --sort-output --keyword lazy_gettext --output .cache-messages.pot .
	.venv/bin/pybabel update --input-file .cache-messages.pot --output-dir marketplace/translations --locale zh --no-fuzzy-matching --ignore-obsolete --omit-header
	rm .cache-messages.pot

clean:
	rm -rf .venv .venv-localstripe .mypy_cache .ruff_cache .pytest_cache .hypothesis instance

# The rules whose every branch is tested.
PURE = */rules.py,marketplace/money.py,marketplace/access.py,marketplace/status.py,marketplace/canonical.py,marketplace/rule_packs.py,auctions/formats/*.py,payments/waterfall.py,transactions/log.py,transactions/comparables/*.py

.venv/installed: setup.cfg pyproject.toml .ci/constraints.txt
	.ci/install
	touch $@

.venv/tested: setup.cfg pyproject.toml .ci/constraints.txt
	.ci/install test
	touch .venv/installed $@
