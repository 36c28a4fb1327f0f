# relukit: `make` prints what can be made.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# JupyterLab refuses to run as root unless told to; only a container's root needs that.
ALLOW_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
# Lessons run on one thread a kernel, unless it is set otherwise (relukit/processors.py).
ONE_THREAD = OMP_NUM_THREADS=$${OMP_NUM_THREADS:-1}
# all of them, or the one that is named, as in make notebooks LESSON=03_variants
ONE        := $(or $(LESSON),*)
LESSONS    := $(notdir $(patsubst %/,%,$(wildcard solutions/$(ONE)/)))
EXECUTE    := RELUKIT_BARS=off RELUKIT_KEPT=off $(BIN)/jupyter nbconvert --to notebook --execute --inplace --log-level=WARN \
              --ExecutePreprocessor.record_timing=False --ExecutePreprocessor.store_widget_state=False
# Whatever the tests do, the learner's own record of progress stays as it is, and all is measured.
OWN_PROGRESS = RELUKIT_KEPT=off RELUKIT_PROGRESS="$$(mktemp -d)/progress.json"

# Two processes share the tests; with more cores: make test PROCESSES=8
PROCESSES ?= 2
PYTEST = OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses $(PROCESSES)

# Every stored output is compared, measured numbers within their intervals; the lessons run on one
# processor and in 2 GiB, as on Binder.
NBVAL = $(BIN)/python -m pytest --nbval --nbval-current-env --nbval-cell-timeout 120 --nbval-sanitize-with tests/material/masks.cfg -p tests.material.stored_numbers

# What docs/jupyterhub.md installs in /opt/relukit, for make hub
HUB := .venv-hub

# Which notebooks make hosted runs; some, as in make hosted HOSTED=notebooks/00_start_here.ipynb
HOSTED ?= notebooks solutions

# What authors run may use what the tests are made of.
TOOL = PYTHONPATH=tests/material $(BIN)/python tools

# A commit needs a name; a learner may have told git none.
NAMELESS = -c user.name="$${USER:-learner}" -c user.email=learner@localhost

.PHONY: help
help:                   ## print this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

.PHONY: lab
lab: $(VENV)/course     ## open the course in JupyterLab (creates .venv the first time)
	@echo "JupyterLab opens in your browser; the first time that can take a minute. Where no browser opens,"
	@echo "copy the address below into one. Control-C, twice, ends it."
	$(ONE_THREAD) $(BIN)/jupyter lab $(ALLOW_ROOT) --log-level=WARN --LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb

.PHONY: update
update:                 ## get the newest release; a notebook that you changed stays as it is
	git fetch --quiet
	-git ls-files -z --deleted | xargs -0 -r -n 1 git checkout --quiet '@{upstream}' --
	git $(NAMELESS) commit --quiet --all --allow-empty --message "My work"
	git $(NAMELESS) pull --no-rebase --no-edit --strategy-option=ours

.PHONY: test
test: $(VENV)/tests     ## unit tests, doctests, the browser test, and every notebook against its stored outputs
	$(OWN_PROGRESS) $(PYTEST) -m "not browser and not hub" --durations 30
	$(OWN_PROGRESS) $(ONE_THREAD) $(BIN)/python -m pytest -m browser tests
	@mkdir -p build
	$(OWN_PROGRESS) OMP_NUM_THREADS=1 $(NBVAL) exercises solutions >build/exercises.txt 2>&1 & beside=$$!; \
	    trap "kill $$beside; exit 130" INT TERM; \
	    $(OWN_PROGRESS) $(BIN)/python tools/room.py $(NBVAL) notebooks; lessons=$$?; \
	    wait $$beside; exercises=$$?; cat build/exercises.txt; exit $$((lessons + exercises))

.PHONY: test-fast
test-fast: $(VENV)/tests ## what to run while working: the tests that are not marked slow, in three minutes
	$(OWN_PROGRESS) $(PYTEST) -m "not slow"

.PHONY: hub
hub: $(VENV)/tests $(HUB)/installed ## a JupyterHub with ten real users through a school day; root's alone, PYTHON=/usr/bin/python3
	rm -rf build/lib
	$(HUB)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall .
	$(OWN_PROGRESS) OMP_NUM_THREADS=1 $(BIN)/python -m pytest -m hub tests/course/test_hub.py

.PHONY: hosted
hosted:                 ## run lessons and solutions with the older versions of hosted notebooks; PYTHON=python3.12
	$(PYTHON) -m venv --clear .venv-hosted
	.venv-hosted/bin/python -m pip install --quiet --requirement tools/hosted.txt --editable .
	$(OWN_PROGRESS) OMP_NUM_THREADS=1 $(subst $(BIN),.venv-hosted/bin,$(NBVAL)) -W default $(HOSTED)

.PHONY: lint
lint: $(VENV)/tests     ## style of the code, and its types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

.PHONY: pages
pages: $(VENV)/tests    ## for authors: write titles, minutes, points and tables wherever they are repeated
	$(TOOL)/pages.py

.PHONY: picture
picture: $(VENV)/tests  ## for authors: draw the pictures of the README anew (docs/race*.png, docs/cards/)
	$(TOOL)/picture.py

.PHONY: exercises
exercises: $(VENV)/tests ## for authors: make exercises/ anew from solutions/; FORCE=1 also over uncommitted changes
	@test -n "$(FORCE)" || git diff --quiet HEAD -- exercises || { echo "Expected no uncommitted changes in" \
	    "exercises/, got some: they may be answers. What to do: commit them, or make exercises FORCE=1" >&2; exit 1; }
	$(foreach lesson,$(LESSONS),$(BIN)/nbgrader generate_assignment $(lesson) --no-db --force --log-level=WARN &&) true
	$(OWN_PROGRESS) $(EXECUTE) exercises/$(ONE)/*.ipynb

.PHONY: notebooks
notebooks: $(VENV)/tests ## run the lessons and the solutions and store their outputs, or of one, LESSON=03_variants
	$(OWN_PROGRESS) $(EXECUTE) $(wildcard notebooks/$(ONE).ipynb notebooks/deeper/$(ONE).ipynb)
	$(if $(wildcard solutions/$(ONE)),$(OWN_PROGRESS) $(EXECUTE) solutions/$(ONE)/*.ipynb)

.PHONY: html
html: $(VENV)/tests     ## write the lessons as pages that need neither Jupyter nor network (html/)
	$(BIN)/jupyter nbconvert --to html --config docs/nbconvert_config.py --output-dir html \
	    --log-level=WARN notebooks/*.ipynb notebooks/deeper/*.ipynb

.PHONY: slides
slides: $(VENV)/tests   ## write the lessons as slides that need no network (build/slides/)
	$(BIN)/jupyter nbconvert --to slides --config docs/slides_config.py --output-dir build/slides \
	    --log-level=WARN notebooks/*.ipynb notebooks/deeper/*.ipynb

.PHONY: posters
posters: $(VENV)/tests ## print a poster of each lesson, A2, for the wall (build/posters/); needs Chromium
	$(TOOL)/posters.py

.PHONY: site
site: $(VENV)/tests     ## write the course's web site (build/site/); it needs no server
	$(OWN_PROGRESS) $(BIN)/python site/build.py

.PHONY: lesson
lesson: $(VENV)/tests   ## for authors: say which steps to a lesson are done; NAME=02_definitions
	$(TOOL)/steps.py lesson "$(NAME)"

.PHONY: exercise
exercise: $(VENV)/tests ## for authors: begin an exercise, or say what is open; NAME=hard_swish LESSON=03_variants
	$(TOOL)/skeleton.py "$(NAME)" "$(LESSON)"

.PHONY: claim
claim: $(VENV)/tests    ## for authors: begin a claim, or say what is open; ID=swish-cheaper LESSON=03_variants
	$(TOOL)/claim.py "$(ID)" "$(LESSON)" "$(MODULE)"

.PHONY: checks
checks: $(VENV)/tests   ## print, for each task, how many wrong answers its check rejects and how long it takes
	$(OWN_PROGRESS) $(TOOL)/kill_rates.py $(NAME)

.PHONY: attacks
attacks: $(VENV)/tests  ## print what each attack on the grader comes to, with the jail and without
	$(OWN_PROGRESS) $(TOOL)/attack_table.py

.PHONY: handins
handins: $(VENV)/tests  ## print, for each layout in which classes hand in, how many students are found
	$(TOOL)/handin_table.py

.PHONY: bench
bench: $(VENV)/tests    ## measure speed and memory and write benchmarks/RESULTS.md
	$(OWN_PROGRESS) PYTHONPATH=tests/material $(BIN)/python -m benchmarks

.PHONY: constraints
constraints:            ## pin the newest packages that fit this Python (use the oldest) and this torch
	$(PYTHON) -m venv --clear .venv-resolve
	.venv-resolve/bin/python -m pip install --quiet "$$(grep ^torch== constraints.txt)" --editable '.[lab,instructor,dev,room,site]'
	{ sed -n '/^#/p' constraints.txt; .venv-resolve/bin/python -m pip freeze --exclude-editable \
	    | sed 's/+cpu$$//'; } > constraints.new
	mv constraints.new constraints.txt
	rm -rf .venv-resolve

$(VENV)/course: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else \
	    "Expected Python 3.11 or newer, got " + sys.version.split()[0] + ". What to do: make lab PYTHON=python3.11")'
	@echo "Creating $(VENV); the first time this takes some minutes, and 1.5 GB on the disk (5.5 GB where pip takes"
	@echo "torch's build for NVIDIA cards; docs/how_to_run.md says how not to). Below, pip says what it is at."
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --constraint constraints.txt --editable '.[lab]'
	$(BIN)/jupyter labextension disable --level=sys_prefix @jupyterlab/apputils-extension:announcements
	@touch $@

$(VENV)/tests: $(VENV)/course
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt \
	    --editable '.[lab,instructor,dev,room,site]'
	@touch $@

$(HUB)/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv --clear $(HUB)
	$(HUB)/bin/python -m pip install --constraint constraints.txt '.[lab,instructor,room]' 'jupyterhub>=5.2,<6' 'nbgitpuller>=1.2.1'
	$(HUB)/bin/jupyter labextension disable --level=sys_prefix @jupyterlab/apputils-extension:announcements
	$(HUB)/bin/jupyter labextension disable --level=sys_prefix @jupyter/nbgrader:create-assignment
	$(HUB)/bin/jupyter labextension disable --level=sys_prefix @jupyter/nbgrader:formgrader
	npm install --prefix $(HUB) configurable-http-proxy@5
	@touch $@
