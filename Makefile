# The team's verbs. `make` alone lists them.
# Variables given to make (make run PORT=8123 DATA_DIR=.data/second) reach the programs by themselves.
URL ?=

PYTHON3 := $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v $$python && break; done)
PYTHON := .venv/bin/python
PIP := $(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes

# Tests and checks never see the settings of this shell or of a .env file.
PLAIN := env -u DATABASE_URL -u CACHE_URL -u EMAIL_URL
PRODUCTION := $(PLAIN) DEBUG=off SITE_URL=https://www.example.com TRUSTED_PROXIES=127.0.0.1 \
	SECRET_KEY=only-for-checks-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDE DATA_DIR=.venv/check-data
PYTEST := $(PLAIN) $(PYTHON) -m pytest
WORKERS ?= 2

.PHONY: help
help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

# --- Environment: stamps in .venv say what is installed ---------------------
.venv/.made:
	@test -n "$(PYTHON3)" || { echo "Python 3.11 or newer is needed: install python3 (and python3-venv on Debian)."; exit 1; }
	@$(PYTHON3) -m venv .venv || { echo "python3 -m venv failed; on Debian: apt-get install python3-venv"; exit 1; }
	@touch $@

.venv/.base: requirements/base.txt | .venv/.made
	@echo "Installing the locked packages …"
	@$(PIP) -r requirements/base.txt
	@touch $@

.venv/.dev: requirements/base.txt requirements/scale.txt requirements/dev.txt | .venv/.base
	@echo "Installing the locked packages for development …"
	@$(PIP) -r requirements/scale.txt
	@$(PIP) -r requirements/dev.txt
	@touch $@

.venv/.browser: | .venv/.dev
	@PYTHON=$(PYTHON) scripts/browser.sh
	@touch $@

.PHONY: install
install: .venv/.dev .venv/.browser ## everything for development

# --- Running ----------------------------------------------------------------
.PHONY: run
run: .venv/.base ## the whole site with demo content: PORT=8000 DATA_DIR=.data
	@exec $(PYTHON) scripts/run.py

.PHONY: seed
seed: .venv/.base ## add the demo content to the site in DATA_DIR
	@exec $(PYTHON) scripts/run.py seed

VERSION ?=
.PHONY: upgrade
upgrade: ## bring a server to another version, with a way back (docs/deployment.md): VERSION=
	@exec $(PYTHON3) scripts/upgrade.py $(VERSION)

# --- Checking ---------------------------------------------------------------
.PHONY: check
check: .venv/.dev ## format, lint, types, imports, settings, migrations
	.venv/bin/ruff format --check --quiet .
	.venv/bin/ruff check --quiet .
	@git ls-files -z '*.html' | xargs -0r .venv/bin/djade --target-version 5.2 --check
	$(PLAIN) SECRET_KEY=check DATA_DIR=.venv/check-data .venv/bin/mypy
	.venv/bin/lint-imports --no-cache >.venv/lint-imports.log || { cat .venv/lint-imports.log; exit 1; }
	@$(PRODUCTION) $(PYTHON) manage.py check --deploy --fail-level WARNING
	@$(PRODUCTION) $(PYTHON) manage.py makemigrations --check --dry-run

.PHONY: test
test: .venv/.dev .venv/.browser check ## every test: SQLite with real browser, then PostgreSQL and Redis
	$(PYTEST) -n $(WORKERS)
	$(PLAIN) $(PYTHON) scripts/services.py $(PYTHON) -m pytest -n $(WORKERS) -m "not browser and not plain"

.PHONY: coverage
coverage: .venv/.dev ## which lines and branches the tests without browsers reach; takes half as long again as the tests
	$(PYTEST) -q -n $(WORKERS) -m "not browser and not server" --cov --cov-report=term

.PHONY: test-quick
test-quick: .venv/.dev ## the tests without browsers and servers
	$(PYTEST) -q -n $(WORKERS) -m "not browser and not server"

.PHONY: validate
validate: .venv/.dev node_modules/vnu-jar ## HTML of every kind of page (java, npm): URL= of a running site, or one of its own
	@$(PYTHON) scripts/validate.py $(URL)

.PHONY: lighthouse
lighthouse: .venv/.dev node_modules/lighthouse ## marks of the public pages on a slow phone (npm, Chromium): URL=, RUNS=5
	@$(PYTHON) scripts/lighthouse.py $(URL)

SCHEME ?=
.PHONY: screenshots
screenshots: .venv/.dev .venv/.browser ## pictures of the pages in screenshots/, to compare with the design: URL=, SCHEME=dark, SET=docs
	@$(PYTHON) scripts/screenshots.py $(URL) $(if $(SCHEME),--$(SCHEME)) $(if $(SET),--$(SET))

node_modules/vnu-jar:
	@npm install --no-save --no-audit --no-fund --silent vnu-jar@26

node_modules/lighthouse:
	@npm install --no-save --no-audit --no-fund --silent lighthouse@13

# --- Keeping ----------------------------------------------------------------
.PHONY: messages
messages: .venv/.dev ## collect and compile the interface's texts (gettext)
	@$(PYTHON) manage.py makemessages -v0 -l zh_Hans --no-obsolete --no-location --no-wrap -i .venv -i node_modules -i staticfiles -i tests
	@$(PYTHON) manage.py makemessages -v0 -d djangojs -l zh_Hans --no-obsolete --no-location --no-wrap -i .venv -i node_modules -i staticfiles -i tests
	@$(PYTHON) -m scripts.public_texts --collect
	@$(PYTHON) manage.py compilemessages -v0 -i .venv
	@for file in locale/*/LC_MESSAGES/django.po; do msgfmt --check-format --check-domain --statistics --output-file=/dev/null $$file || exit 1; done

.PHONY: format
format: .venv/.dev ## format code and templates
	.venv/bin/ruff check --quiet --fix .
	.venv/bin/ruff format --quiet .
	@git ls-files -z '*.html' | xargs -0r .venv/bin/djade --target-version 5.2

.PHONY: lock
lock: .venv/.dev ## renew the lock files from pyproject.toml; UPGRADE=1 takes newer versions
	@scripts/lock.sh

.PHONY: clean
clean: ## remove what can be made again (not DATA_DIR)
	rm -rf .venv node_modules staticfiles .mypy_cache .ruff_cache .pytest_cache .coverage* htmlcov

# --- Measuring ----------------------------------------------------------------
ARGS ?=
.PHONY: bench
bench: .venv/.dev ## speed, as a report with ratios: ARGS="hits --runs 3", ARGS=--help (needs wrk)
	@$(PLAIN) $(PYTHON) -m scripts.bench $(ARGS)

.PHONY: bench-inbox
bench-inbox: .venv/.dev ## the inbox on a million enquiries, on SQLite and PostgreSQL: ROWS=1000000
	@env -u CACHE_URL -u EMAIL_URL -u DATABASE_URL $(PYTHON) scripts/bench_inbox.py
	@env -u CACHE_URL -u EMAIL_URL -u DATABASE_URL $(PYTHON) scripts/services.py $(PYTHON) scripts/bench_inbox.py

.PHONY: bench-search
bench-search: .venv/.dev ## the search on 100,000 articles, on SQLite and PostgreSQL: ARTICLES=… PRODUCTS=… KEEP=/folder
	@env -u CACHE_URL -u EMAIL_URL -u DATABASE_URL KEEP=$(KEEP) $(PYTHON) scripts/bench_search.py
	@env -u CACHE_URL -u EMAIL_URL -u DATABASE_URL KEEP_SERVICES=$(KEEP) $(PYTHON) scripts/services.py $(PYTHON) scripts/bench_search.py

.PHONY: bench-catalogue
bench-catalogue: .venv/.dev ## the filter on ten thousand products: ROWS=10000, DATABASE_URL=…
	@env -u CACHE_URL -u EMAIL_URL $(PYTHON) scripts/bench_catalogue.py

.PHONY: bench-spam
bench-spam: .venv/.dev ## the spam filter on a labelled file it has not seen: FILE=labelled.tsv (label, tab, text)
	@env -u CACHE_URL -u EMAIL_URL $(PYTHON) scripts/bench_spam.py $(FILE)
