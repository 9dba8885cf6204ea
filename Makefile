# Every target works on a fresh machine: it installs what it needs first.
PYTHON = .venv/bin/python
# The Chinese, compiled from the catalogue beside it.
CATALOGUE = marketplace/translations/zh/LC_MESSAGES/messages.mo

# What was compiled once is not compiled again by the next of many processes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run demo test check bench soak translations clean

run: .venv/installed $(CATALOGUE)
	$(PYTHON) -m demo.serve

demo: .venv/installed $(CATALOGUE)
	$(PYTHON) -m demo.straight_line

# Everything. Only tests that need nothing but Python are traced, and they alone reach every branch of the pure rules.
test: .venv/tested $(CATALOGUE)
	.ci/services
	$(MAKE) --no-print-directory check
	$(PYTHON) -m pytest --numprocesses 2 --dist loadfile -m pure --cov --cov-report= --durations 25
	$(PYTHON) -m coverage report --fail-under=100 --show-missing --skip-covered
	$(PYTHON) -m pytest --numprocesses 2 --dist loadfile -m "not pure" --durations 25

check: .venv/tested $(CATALOGUE)
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports

bench: .venv/tested $(CATALOGUE)
	$(PYTHON) -m benchmarks

soak: .venv/tested $(CATALOGUE)
	.ci/services
	SOAK=20 $(PYTHON) -m pytest tests/auctions/test_english_properties.py tests/auctions/test_format_properties.py tests/payments/test_ledger_life.py tests/concurrency
	SOAK=70 $(PYTHON) -m pytest tests/payments/test_random_settlements.py
	SOAK=20 $(PYTHON) -m pytest tests/search/test_differential.py tests/search/test_concurrent_commits.py

# Extracts the English from the sources; what is new comes into the catalogue without a translation, which
# tests/shape/test_translations.py then asks for. `translations/zh/LC_MESSAGES/messages.po` is edited by hand.
translations: .venv/tested
	.venv/bin/pybabel --quiet extract --mapping-file .ci/babel.cfg --no-location --sort-output --no-wrap \
	    --keyword lazy_gettext --keyword lazy_ngettext:1,2 --output build-messages.pot .
	.venv/bin/pybabel --quiet update --input-file build-messages.pot --output-dir marketplace/translations --locale zh \
	    --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap
	rm build-messages.pot
	.venv/bin/pybabel --quiet compile --directory marketplace/translations --domain messages

$(CATALOGUE): marketplace/translations/zh/LC_MESSAGES/messages.po | .venv/installed
	.venv/bin/pybabel --quiet compile --directory marketplace/translations --domain messages
	touch $@

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis instance

.venv/installed: setup.cfg pyproject.toml .ci/constraints.txt
	.ci/install
	touch $@

.venv/tested: setup.cfg pyproject.toml .ci/constraints.txt
	.ci/install test
	touch .venv/installed $@
