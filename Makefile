# Guanxi. `make run` starts the product, `make test` proves it; the other
# targets are parts of these two or tools of the trade. Everything a target
# needs beyond Go, Node and a POSIX system is installed by the target itself.

SHELL       := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS   += --no-print-directory

GO      ?= go
# Everything but the race detector and the floor of the benchmarks is compiled in
# one way, that of the program: what the linter or a test needed compiled is there
# for the next.
export CGO_ENABLED := 0
export GOFLAGS     += -trimpath
DATA    ?= ./data
LISTEN  ?= 127.0.0.1:8080
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

# Real data that `make test-data` reads in place; it is never copied in here.
GUANXI_TEST_DATA ?= ../shared/data

LDFLAGS := -s -w -X main.version=$(VERSION)
DIST    := internal/server/webui/dist
FONT    := internal/core/paper/face/builtin
MODULES := web/node_modules/.installed
PAGE    := $(DIST)/index.html
SOURCES := $(shell find web -path web/node_modules -prune -o -path web/dist -prune -o -type f -print 2>/dev/null)
LINTER  := bin/golangci-lint

.PHONY: help run fresh build web test test-data setup-test unit lint lint-go lint-web lint-api bench soak shots clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: build ## build and serve on http://localhost:8080, data in ./data
	@echo "Guanxi 关系: http://localhost:$(lastword $(subst :, ,$(LISTEN)))  (data in $(DATA), Ctrl-C stops)"
	@exec bin/guanxi serve --data $(DATA) --listen $(LISTEN)

fresh: ## delete ./data after asking, then run
	@scripts/fresh.sh $(DATA)
	@$(MAKE) run

build: $(PAGE) ## bin/guanxi: one static binary with the page inside
	@scripts/toolchain.sh go
	@scripts/font.sh $(FONT)
	@mkdir -p bin
	$(GO) build -ldflags '$(LDFLAGS)' -o bin/guanxi ./cmd/guanxi

web: $(PAGE) ## the page alone, into the folder that the binary embeds

$(MODULES): web/package.json web/package-lock.json
	scripts/page-modules.sh

$(PAGE): $(MODULES) $(SOURCES)
	npm --prefix web run build
	@test -s $@ && touch $@

test: ## lint, Go tests on both databases, web and browser tests
	@scripts/test.sh

test-data: ## the tests that read real data in place (GUANXI_TEST_DATA)
	@GUANXI_TEST_DATA='$(GUANXI_TEST_DATA)' scripts/test-data.sh

setup-test: ## PostgreSQL, Chromium, fonts and the like for the tests
	@scripts/setup-test.sh

unit: $(MODULES) ## the unit tests of the page
	npm --prefix web test

lint: lint-go lint-web lint-api ## golangci-lint (with vet), gofmt, Biome, tsc, Redocly, Spectral

lint-go: $(LINTER)
	@scripts/lint-go.sh

lint-web: $(MODULES)
	npm --prefix web run lint

lint-api:
	@scripts/spec-lint.sh

$(LINTER): tools/go.mod tools/go.sum
	@mkdir -p bin
	$(GO) build -C tools -o ../$(LINTER) github.com/golangci/golangci-lint/v2/cmd/golangci-lint

bench: build ## W1 to W8 against our own floor; BENCH='-rows 1000000' for the large size, BENCH=-sales for sales pages
	@scripts/bench.sh $(BENCH)

soak: ## the long loops: full counts of the property, race and kill tests
	@GUANXI_SOAK=1 scripts/soak.sh

shots: build ## screenshots of every page into ./shots
	@scripts/setup-test.sh
	npm --prefix web run shots

clean: ## what the other targets made, not ./data
	rm -rf bin web/node_modules web/dist shots
	find $(DIST) $(FONT) -mindepth 1 ! -name .keep -delete 2>/dev/null || true
