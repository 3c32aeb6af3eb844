# Everything that a person or CI runs. "make" alone lists it.
#
# The repository holds several Go modules (go list ./... does not see nested
# ones), so every target goes through all of them. tools/ is none of them: it
# only pins the linter and the formatter, so that no user inherits those.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

MODULES := . $(filter-out tools,$(patsubst %/go.mod,%,$(sort $(wildcard */go.mod))))

# -count=1, because the cache of go test sees neither DynamoDB Local nor what
# the tests build. -p 2, because each package may start a DynamoDB Local. The tag
# is that of the sample's program on Redis.
TESTFLAGS ?= -race -shuffle=on -count=1 -p 2 -timeout=30m -tags=redis
FUZZTIME  ?= 2m
DURATION  ?= 10m
ARGS      ?=
STORE     ?=
# Not from the environment, where ENV is what some shells read when they start.
ENV       := default

tool := go tool -modfile=$(CURDIR)/tools/go.mod

# $(call each,title,command) runs the command in the folder of each module and
# stops at the first that fails.
each = @for module in $(MODULES); do \
	printf '\n== %s: %s\n' '$(1)' "$$module"; \
	( cd "$$module" && $(2) ) || exit 1; \
done

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: ## Run the sample shop on http://localhost:3000 (STORE=dynamodb|redis|cookie|memory, flags in ARGS)
	@go build -o bin/ ./cmd/lambdasession
	@store='$(STORE)'; \
	case "$$store" in \
	'') \
		store=dynamodb; \
		scripts/setup dynamodb || { \
			store=memory; \
			echo 'Going on with sessions in memory: they live as long as the function process.'; \
		};; \
	dynamodb) scripts/setup dynamodb;; \
	redis) [ -n "$${REDIS_URL:-}" ] || scripts/setup redis;; \
	esac; \
	exec bin/lambdasession local --store "$$store" $(ARGS)

.PHONY: test
test: setup ## Run every test of every module under the race detector
	@rm -f bin/stores.txt && mkdir -p bin
	$(call each,test,STORES_TABLE=$(CURDIR)/bin/stores.txt go test $(TESTFLAGS) ./...)
	@printf '\n== test: the contract on every store\n'; cat bin/stores.txt

.PHONY: lint
lint: ## Run the linters over every module
	$(call each,lint,$(tool) golangci-lint run ./...)

.PHONY: fmt
fmt: ## Format all Go files
	@$(tool) gofumpt -w .

.PHONY: fmt-check
fmt-check: ## Fail if a Go file is not formatted
	@printf '\n== format\n'
	@files=$$($(tool) gofumpt -l .); \
	[ -z "$$files" ] || { printf 'not formatted (make fmt):\n%s\n' "$$files"; exit 1; }

.PHONY: vet
vet: ## Run go vet over every module
	$(call each,vet,go vet ./...)

.PHONY: tidy
tidy: ## Tidy every go.mod
	$(call each,tidy,go mod tidy)
	@go -C tools mod tidy

.PHONY: tidy-check
tidy-check: ## Fail if a go.mod is not tidy
	$(call each,tidy,go mod tidy -diff)
	@printf '\n== tidy: tools\n'; go -C tools mod tidy -diff

.PHONY: compile
compile: ## Compile every module, and the command into bin/
	$(call each,build,go build ./...)
	@go build -o bin/ ./cmd/lambdasession

.PHONY: build
build: compile ## Compile all, and have sam build the functions for Lambda (ENV as for deploy)
	@command -v sam >/dev/null || scripts/setup sam
	@scripts/sam-build --config-env $(ENV)

.PHONY: deploy
deploy: build ## Deploy the sample to AWS (ENV is an environment of samconfig.toml: default or production)
	@scripts/sam deploy --config-env $(ENV)

.PHONY: deploy-test
deploy-test: setup ## Prove the template and the built functions without an AWS account
	@go -C e2e test $(TESTFLAGS) ./deploy
	@go -C e2e test $(TESTFLAGS) -run='^TestWhatSamBuiltServesTheShop$$' .

.PHONY: cross
cross: ## Compile what users import for the other systems they have
	@for target in linux/arm64 darwin/arm64 windows/amd64; do \
		printf '\n== cross: %s\n' "$$target"; \
		CGO_ENABLED=0 GOOS=$${target%/*} GOARCH=$${target#*/} go vet ./...; \
		CGO_ENABLED=0 GOOS=$${target%/*} GOARCH=$${target#*/} go -C redisstore vet ./...; \
	done

.PHONY: bench
bench: setup ## Run the benchmarks and print their tables
	@scripts/bench

.PHONY: cost
cost: ## Print what a month costs at 1, 100 and 10,000 requests a second
	@scripts/setup dynamodb
	@scripts/bench cost

.PHONY: fuzz
fuzz: ## Run every fuzz target for FUZZTIME (2m)
	@scripts/fuzz $(FUZZTIME) $(MODULES)

.PHONY: soak
soak: setup ## Check histories of concurrent sessions for DURATION (10m)
	@go -C e2e test -race -count=1 -timeout=0 -run='^TestHistory$$' ./history -soak=$(DURATION)

.PHONY: ci
ci: ## Run all that CI runs
ci: setup fmt-check vet lint tidy-check build cross test bench
	@scripts/fuzz 20000x $(MODULES) # by count: go test now and then fails when a fuzzing time of its own runs out
	@printf '\nci: all of it passed\n'

.PHONY: setup
setup: ## Install what the tests need on Debian as root; elsewhere name it
	@scripts/setup race dynamodb redis curl chromium web sam

.PHONY: clean
clean: ## Remove what was built
	@rm -rf bin .aws-sam functions/*/bootstrap
