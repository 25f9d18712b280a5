# What there is to do here. `make` alone lists it.
#
# Works in the virtual environment that is active, else in .venv, which it makes. Packages are installed only when
# a requirements file changed. ARGS goes to the command behind a target: make test ARGS="-k clock".

SHELL := /bin/bash
# The system's own Python, if new enough: what a server has, and built for speed; one built by hand costs a fifth more.
SYSTEM := /usr/bin/python3
PYTHON ?= $(shell $(SYSTEM) -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $(SYSTEM) || echo python3)
VENV := $(or $(VIRTUAL_ENV),.venv)
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
FLASK := $(BIN)/python -m flask --app app
READY := $(VENV)/.requirements
DEV_READY := $(VENV)/.requirements-dev
VNU := build/vnu/node_modules/vnu-jar/package.json
STORES := build/stores/.requirements
SBOM := build/sbom.json
AUDIT := build/audit/.requirements
BENCH_READY := $(VENV)/.requirements-bench
PEERS := $(patsubst bench/peers/%.txt,build/peers/%/.requirements,$(wildcard bench/peers/*.txt))
ARGS :=

# A run of the tests starts some hundred processes: what one has compiled must be there for the next.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run start ready upgrade downgrade as-root intact quick test cover check fix docs demo pdf soak night trust sbom release deb audit bench bench-categories bench-databases bench-exports bench-imported bench-lists bench-papers bench-peers bench-scans bench-seals bench-start screens panduan corpus tools clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(READY) ## serve the demo (its own database) on http://127.0.0.1:8000; PORT, HOST and others by environment
	@exec $(BIN)/python app.py $(ARGS)

start: $(READY) ## serve the office's own database; the first time asks for the first administrator
	@exec $(BIN)/python app.py start $(ARGS)

ready: | intact $(READY) ## packages and compiled code, for a server that runs from this folder
	@umask 022 && $(BIN)/python -m compileall -q sop models papers admin app.py

upgrade: | as-root intact ready ## on a server, in the new version's folder: take the place of the one that serves, or leave it as it was
	@deploy/upgrade

downgrade: | as-root ## on a server, in the present version's folder: back to the version of before, with its data where those were changed
	@deploy/downgrade

intact:
	@deploy/intact "$(CURDIR)" >&2

as-root:
	@[ "$$(id -u)" -eq 0 ] || { echo "Jalankan sebagai root." >&2; exit 1; }

quick: $(DEV_READY) ## what answers within two minutes: sop, models, admin on SQLite; tests/cost.py says what it leaves out
	$(BIN)/python -m pytest --quick -n auto --dist loadfile $(ARGS)

test: $(DEV_READY) tools ## run every test but the soak; installs Chromium and PostgreSQL when missing
	$(BIN)/python -m pytest -n auto --dist loadfile --durations 10 $(ARGS)

cover: $(DEV_READY) tools ## the same with branch coverage, which takes half as long again
	$(BIN)/python -m pytest -n auto --dist loadfile --cov --cov-report term $(ARGS)

check: $(DEV_READY) ## lint, format, types, that imports run downwards, the bounds of the house, and how far an act goes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m bench.house
	$(BIN)/python -m bench.hops

fix: $(DEV_READY) ## mend what ruff can mend, and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(READY) ## write anew what documents repeat of the tables: README's SOP, docs/access.md, times in the guide
	$(BIN)/python -m sop.documents

demo: $(READY) ## fill the demo's database; ARGS="--complaints 500 --seed 7"
	$(FLASK) demo $(ARGS)

pdf: $(DEV_READY) tools ## every paper in every variant into build/pdf, with pictures; touches no database of the office
	$(BIN)/python -m bench.sheets $(ARGS)

soak: $(DEV_READY) night ## the long tests (marker soak), which make test leaves out
	$(BIN)/python -m pytest -m soak $(ARGS)

night: tools $(VNU) $(STORES) $(AUDIT)
	@.ci/apt firefox-esr:firefox-esr WebKitWebDriver:webkitgtk-webdriver Xvfb:xvfb
	@.ci/apt pgbackrest:pgbackrest nginx:nginx openssl:openssl curl:curl sshd:openssh-server ssh-keygen:openssh-client
	@.ci/apt $(addprefix /usr/share/java/,preflight.jar:libpdfbox2-java javax.activation.jar:libactivation-java jaxb-api.jar:libjaxb-api-java)

trust: $(DEV_READY) tools $(if $(findstring soak,$(ARGS)),night) ## what is promised, the tests that show it, what they find; ARGS="-m soak --record" by night
	$(BIN)/python -m tests.trust $(ARGS)

sbom: $(DEV_READY) ## what runs in production, as CycloneDX, into build/sbom.json
	@mkdir -p build
	$(BIN)/cyclonedx-py requirements requirements.txt --output-reproducible --output-format JSON --output-file $(SBOM)

release: $(DEV_READY) sbom ## the archive that an office downloads, into build/release; signed: MINISIGN_KEY=file or GPG_KEY=who, else UNSIGNED=1
	@$(BIN)/python -m bench.release --python $(PYTHON) --sbom $(SBOM)

deb: release ## the same as a package for apt beside it, whose upgrades go through deploy/upgrade
	@$(BIN)/python -m bench.release.deb

audit: $(AUDIT) ## known holes in what requirements.txt pins, as OSV or PyPI knows them; ends with 2 where neither can be asked
	@$(BIN)/python -m bench.release.audit $(ARGS)

bench: $(DEV_READY) ## 500 approvals, by hand and on their page; receipt to closing; what every list costs, into docs/performance.md
	$(BIN)/python -m bench.advance $(ARGS)
	-$(BIN)/python -m bench.approvals
	$(BIN)/python -m bench.pages

bench-lists: $(DEV_READY) ## what lists cost the server at ten and a hundred thousand cases; ARGS="--cases 10000"
	$(BIN)/python -m bench.lists $(ARGS)

bench-imported: $(DEV_READY) ## what every page costs after a file of 12,500 rows came in; ARGS="--people kadis --all"
	$(BIN)/python -m bench.imported $(ARGS)

bench-categories: $(DEV_READY) ## how often the right category is among the three that a story suggests; ARGS="--misses"
	$(BIN)/python -m bench.categories $(ARGS)

bench-databases: $(DEV_READY) ## what pages take on PostgreSQL beside SQLite, into docs/performance.md; ARGS="--cases 10000"
	@.ci/apt pg_ctlcluster:postgresql
	$(BIN)/python -m bench.databases $(ARGS)

bench-exports: $(DEV_READY) ## what exports cost beside stock Flask-Admin's, into docs/performance.md; ARGS="--rows 10000"
	$(BIN)/python -m bench.exports $(ARGS)

bench-papers: $(BENCH_READY) ## what printing costs, against xhtml2pdf and WeasyPrint, and the press, into docs/performance.md; ARGS="--press"
	@.ci/apt pango-view:pango1.0-tools hb-subset:libharfbuzz-bin
	$(BIN)/python -m bench.papers $(ARGS)

bench-peers: $(DEV_READY) $(PEERS) ## lists beside Flask-Admin, Django admin and Flask-AppBuilder, into docs/performance.md; ARGS="--cases 10000"
	$(BIN)/python -m bench.peers $(ARGS)

bench-scans: $(DEV_READY) ## how many pages of a scanned stack are matched with their papers, and what that takes
	$(BIN)/python -m bench.scans $(ARGS)

bench-seals: $(BENCH_READY) ## what a complaint takes through the whole SOP and what sealing costs, into docs/performance.md
	@.ci/apt pg_ctlcluster:postgresql
	$(BIN)/python -m bench.seals $(ARGS)

bench-start: $(DEV_READY) ## what a start costs until the first page, its memory, and a panel that nobody uses, into docs/performance.md
	$(BIN)/python -m bench.start $(ARGS)

screens: $(DEV_READY) tools ## every screen of the demo at both widths into build/screens; ARGS="--people kadis"
	$(BIN)/python -m tests.browser.screens $(ARGS)

panduan: $(DEV_READY) tools ## the pictures of the guide and of README, made anew from the demo
	$(BIN)/python -m tests.browser.screens --panduan $(ARGS)

corpus: $(DEV_READY) tools ## keep the present version in tests/corpus, for every later one to open; ARGS=<name>, else the date
	$(BIN)/python -m tests.corpus.make $(ARGS)

clean: ## remove .venv, caches and reports; never var/, where the data is
	rm -rf .venv .pytest_cache .hypothesis .ruff_cache .mypy_cache .import_linter_cache .coverage .coverage.* htmlcov
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +

# What the targets stand on.

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed, found: $$($(PYTHON) --version 2>&1). Try make PYTHON=python3.12."; exit 1; }
	@umask 022 && $(PYTHON) -m venv $(VENV) \
		|| { rm -rf .venv; echo "No virtual environment could be made; on Debian: apt-get install python3-venv."; exit 1; }

$(READY): requirements.txt $(wildcard requirements.lock) | $(BIN)/python
	@deploy/packages $(BIN)/python
	@umask 022 && touch $@

$(DEV_READY): requirements.txt requirements-dev.txt | $(BIN)/python
	@echo "Installing what requirements-dev.txt names …"
	@$(PIP) -r requirements-dev.txt
	@touch $(READY) $@

$(BENCH_READY): requirements.txt requirements-dev.txt requirements-bench.txt | $(BIN)/python
	@echo "Installing what requirements-bench.txt names …"
	@$(PIP) -r requirements-bench.txt
	@touch $(READY) $(DEV_READY) $@

# The W3C's HTML checker, which comes as a jar in a package of npm's; where it lies is told by tests/browser/looks/vnu.py, too.
$(VNU):
	@.ci/apt java:default-jre-headless npm:npm
	@npm install --silent --no-audit --no-fund --ignore-scripts --prefix build/vnu vnu-jar@26.9.27
	@touch $@

# Stores far away and what speaks to them, in a folder that tests/models/operations/stores.py alone puts on a path.
$(STORES): requirements-stores.txt requirements.txt | $(BIN)/python
	@echo "Installing what requirements-stores.txt names …"
	@rm -rf $(dir $@)
	@$(PIP) --no-deps --target $(dir $@) -r requirements-stores.txt
	@touch $@

# What looks for known holes, apart from what it looks at.
$(AUDIT): requirements-audit.txt
	@rm -rf $(dir $@)
	@$(PYTHON) -m venv $(dir $@)
	@$(dir $@)bin/python -m pip --disable-pip-version-check install --quiet -r requirements-audit.txt
	@touch $@

# Other list applications beside the panel, each with what it needs and nothing else.
$(PEERS): build/peers/%/.requirements: bench/peers/%.txt
	@echo "Installing what $< names …"
	@rm -rf $(dir $@)
	@$(PYTHON) -m venv $(dir $@)
	@$(dir $@)bin/python -m pip --disable-pip-version-check install --quiet -r $<
	@touch $@

# Chromium clicks through the panel, pdftoppm makes pictures of papers, PostgreSQL is the other database of the tests
# (a server of their own; the system's is left alone): Debian's own, fetched when missing.
tools:
	@.ci/apt chromium-headless-shell:chromium-headless-shell pdftoppm:poppler-utils pg_ctlcluster:postgresql
