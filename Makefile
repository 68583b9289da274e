# Bare `make` prints what there is.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
export CGO_ENABLED := 1
# Without the count of its memory, which nobody reads, SQLite takes no lock for it. With stable plans it keeps a statement as it was
# planned: else it plans anew, several times dearer than the statement, whenever another number is asked for. A commit waits for the
# data of the log (fdatasync(2)), and not for when its file was written, too.
export CGO_CFLAGS := -O2 -g -DSQLITE_DEFAULT_MEMSTATUS=0 -DSQLITE_ENABLE_QPSG -DHAVE_FDATASYNC=1

# SQLite loads no foreign code, and names and users are looked up without the C library.
TAGS    := sqlite_omit_load_extension,netgo,osusergo
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unreleased)
LDFLAGS := -s -w -X main.version=$(VERSION)
ifdef STATIC # nothing has to be found where the program runs, not even the C library
LDFLAGS += -linkmode external -extldflags "-static"
endif

LINTER_VERSION := v2.15.0
LINTER         := bin/golangci-lint-$(LINTER_VERSION)
FUZZTIME       := 20s
BENCH          := .
KILLS          := 100
READERS        := 20000
ROUNDS         := 5
LARGE          := 1000000
LETTERS        := 20000

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: build ## build, then tell the whole story on sample articles and keep serving until Ctrl-C
	bin/facteur demo

.PHONY: demo
demo: build ## the same without serving
	bin/facteur demo --once

.PHONY: build
build: compiler ## build bin/facteur; STATIC=1 makes it run on any Linux of the same processor
	go build -trimpath -buildvcs=false -tags '$(TAGS)' -ldflags '$(LDFLAGS)' -o bin/facteur ./cmd/facteur

.PHONY: test
test: compiler browser ## all tests, with the race detector; what this machine lacks is skipped aloud (CI=true: fails)
	go test -timeout 60m -json -race -tags '$(TAGS)' ./... ./.ci/testreport | go run ./.ci/testreport

.PHONY: check
check: format vet lint tidy test ## everything that must hold before a commit: format, vet, lint, modules, tests (stale documents fail)

.PHONY: format
format: ## fail when a Go file is not as gofmt writes it
	@files=$$(gofmt -l .); [ -z "$$files" ] || { echo "gofmt -w these files:"; echo "$$files"; exit 1; }

.PHONY: vet
vet: compiler ## go vet
	go vet -tags '$(TAGS)' ./... ./.ci/testreport

.PHONY: lint
lint: compiler $(LINTER) ## golangci-lint, at the version pinned here
	$(LINTER) run ./... ./.ci/testreport

$(LINTER):
	@echo "building golangci-lint $(LINTER_VERSION); the first time takes some minutes"
	GOBIN=$(CURDIR)/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINTER_VERSION)
	mv bin/golangci-lint $@

.PHONY: tidy
tidy: ## fail when go.mod or go.sum are not as `go mod tidy` writes them
	go mod tidy -diff

# A document written from code is a test named Test…Document, which fails when it is stale and writes it under -update.
.PHONY: generate
generate: ## write the documents that come from code anew
	@grep -rlE --include='*_test.go' '^func Test[A-Za-z]+Document\(' . | xargs -n 1 dirname | sort -u | \
	while read -r dir; do go test -tags '$(TAGS)' "./$$dir" -run 'Document$$' -count=1 -update </dev/null; done

.PHONY: fuzz
fuzz: ## run each fuzz test for FUZZTIME, 20s by default
	@grep -roE --include='*_test.go' '^func Fuzz[A-Za-z0-9]+' . | sort | while IFS=: read -r file name; do \
	echo "== $$(dirname "$$file") $${name#func }"; \
	go test -tags '$(TAGS)' "./$$(dirname "$$file")" -run '^$$' -fuzz "^$${name#func }$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1s </dev/null; done

.PHONY: crash
crash: compiler ## kill the program KILLS times (100) while it writes to READERS readers (20000), and print what came of it
	go test -timeout 3h -tags '$(TAGS)' ./cmd/facteur -run '^TestKills$$' -count=1 -v -kills $(KILLS) -kills.readers $(READERS) -kills.table

.PHONY: bench
bench: build ## compare with smtp-source (Debian: postfix) in ROUNDS rounds (5), and write what came of it into docs/performance.md; then what composing and signing take
	go test -timeout 3h -tags '$(TAGS)' ./cmd/facteur -run '^$$' -bench '^BenchmarkSending$$' -benchtime 1x -facteur $(CURDIR)/bin/facteur \
	  -rounds $(ROUNDS) -rounds.large $(LARGE) -rounds.document $(CURDIR)/docs/performance.md
	go test -tags '$(TAGS)' ./internal/letter -run '^$$' -bench '^Benchmark(New|SignedCopy)$$' -count $(ROUNDS)

.PHONY: microbench
microbench: compiler ## the benchmarks that BENCH matches, all by default, as benchstat reads them; ROUNDS times
	go test -tags '$(TAGS)' -run '^$$' -bench '$(BENCH)' -benchmem -count $(ROUNDS) ./...

.PHONY: profile
profile: compiler ## what the processor does while LETTERS (20000) leave over 16 connections: bin/send.prof, for go tool pprof
	@mkdir -p bin
	go test -tags '$(TAGS)' ./cmd/facteur -run '^$$' -bench '^BenchmarkSending$$' -benchtime 1x -rounds 1 -rounds.letters $(LETTERS) -rounds.only '^16 connections$$' -rounds.profile $(CURDIR)/bin/send.prof
	go tool pprof -top -cum bin/send.prof 2>/dev/null | head -40

.PHONY: gallery
gallery: browser ## every letter, or LETTER, as pictures, in the light, the dark, on phones, without styles: bin/gallery/index.html
	go test -tags '$(TAGS),gallery' ./internal/letter -run '^TestGallery$$' -count=1 -v -letter '$(LETTER)'

.PHONY: clean
clean: ## remove what was built and the demonstration's data
	rm -rf bin dist data/demo

.PHONY: compiler
compiler:
	@command -v "$$(go env CC | cut -d ' ' -f 1)" >/dev/null || { echo 'SQLite is C and needs a compiler: apt-get install gcc libc6-dev'; exit 1; }

.PHONY: browser
browser:
	@.ci/browser
	@.ci/axe
