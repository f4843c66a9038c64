# The project's commands. Each installs its missing tools first.

export PATH := $(CURDIR)/end2end/node_modules/.bin:$(or $(CARGO_HOME),$(HOME)/.cargo)/bin:$(PATH)
# cargo's build products; CI and a checkout can share them.
TARGET := $(or $(CARGO_TARGET_DIR),target)
SOJOURN := target/release/sojourn
# The commit whose program `make bench` measures for comparison.
BEFORE ?= HEAD^
# Random programmes of `make model`; about five run in a second.
PROGRAMMES ?= 3000

.PHONY: run test model build watch bench format setup setup-browser

run: build                 ## a cluster with demo data; prints the console's address
	$(SOJOURN) lab --data-dir target/lab

build: setup               ## target/release/sojourn: one file, site embedded
	cargo leptos build --release --frontend-only --precompress --split
	cargo build --release --locked -p server
	@mkdir -p target/release
	@test "$(abspath $(TARGET))" = "$(abspath target)" || install -m 755 "$(TARGET)/release/sojourn" $(SOJOURN)

test: build setup-browser  ## every check: format, lints, licences, advisories, unit, integration, browser
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cargo clippy -p app --features hydrate --target wasm32-unknown-unknown --locked -- -D warnings
	cargo deny --all-features check licenses bans sources
	script/advisories
	cargo test --workspace --locked
	cd end2end && npx playwright test

model:                     ## many more random programmes on SQLite and in memory; more states of two clusters (EMCC)
	PROPTEST_CASES=$(PROGRAMMES) cargo test --locked -p store --test contract a_database_and_the_model
	SOJOURN_MODEL=large cargo test --locked -p engine --test emcc

bench: build setup-browser             ## rates and times, each beside a yardstick of the same run, and the login rate beside that of BEFORE
	@# Every benchmark runs, also after a missed target.
	@failed=0; \
	SOJOURN_BEFORE=$$(script/program-before $(BEFORE)) || exit 1; export SOJOURN_BEFORE; \
	cargo bench --locked -p server --bench logins || failed=1; \
	cargo bench --locked -p server --bench lists || failed=1; \
	(cd end2end && npx playwright test --config bench.config.ts) || failed=1; \
	(cd end2end && npx playwright test first-load lists -g "first load|shows 14 rows") || failed=1; \
	exit $$failed

watch: setup               ## rebuilds and restarts on each change
	cargo leptos watch --split -- lab --data-dir target/lab

format:                    ## formats all code
	cargo fmt --all

setup:
	@script/setup

setup-browser:
	@script/setup browser
