# make demo and make test set up what they need, in .venv/.
PYTHON ?= python3
BIN := .venv/bin
LANGUAGES := fr en ar tr uk ru pl ro es fa ps ti so

.PHONY: demo test check words bench

demo: .venv/ready
	$(BIN)/flask demo

test: .venv/ready-dev
	$(BIN)/python -m pytest -n auto

check: .venv/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/flask content check

bench: .venv/ready
	$(BIN)/python -m bench.understanding

# Finds the texts anew and brings every language's catalogue up to date.
words: .venv/ready
	PYTHONPATH=. $(BIN)/pybabel -q extract -F babel.cfg -k N_ -k pgettext:1c,2 --no-location --sort-output -c "Translators:" \
	  --project=Drempelvrij -o locales/messages.pot .
	for language in $(LANGUAGES); do \
	  $(BIN)/pybabel -q update -N --omit-header -i locales/messages.pot -o locales/$$language/LC_MESSAGES/messages.po -l $$language; done

.venv/ready: requirements.txt constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/ready-dev: requirements-dev.txt .venv/ready
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@
