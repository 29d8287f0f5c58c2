# SPDX-License-Identifier: Apache-2.0
#
# Sources are found by their folder: a new file needs no line here.
#   make V=1                              shows the full commands
#   make test ONLY=unit                   one kind of tests (unit, contract, property, system, ...)
#   make test TEST_ARGS='--test-case=*'   options for the doctest programs

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

# Only the first make chooses the number of jobs; its children share them.
ifeq ($(MAKELEVEL),0)
JOBS ?= $(shell nproc)
MAKEFLAGS += --jobs=$(JOBS)
endif

BUILD ?= build
STAMPS := build/.stamps

# ---- packages (Debian 12) -------------------------------------------------------------------------

BUILD_PACKAGES := g++ libpqxx-dev libpq-dev libmysqlcppconn-dev libsqlitecpp-dev libsqlite3-dev \
	libfmt-dev libcli11-dev libyaml-cpp-dev libspdlog-dev nlohmann-json3-dev doctest-dev libjs-chart.js \
	libssl-dev libzstd-dev
TEST_PACKAGES := mariadb-server-core mariadb-client-core postgresql-15 sqlite3 openssl jq zstd
FULL_PACKAGES := chromium chromium-driver curl galera-4 rsync lsof socat buildah debootstrap debhelper dpkg-dev fakeroot \
	lintian cron faketime systemd man-db zsh clang $(if $(shell command -v npm),,npm)
BENCH_PACKAGES := percona-toolkit time gawk
CHECK_PACKAGES := clang-format clang-tidy shellcheck

# ---- compiler -------------------------------------------------------------------------------------

CXX := g++
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
INCLUDES := -Isrc -I$(BUILD)/generated
# The shared spdlog of Debian is built against the external fmt; its headers must know.
DEFINES := -DSPDLOG_SHARED_LIB -DSPDLOG_COMPILED_LIB -DSPDLOG_FMT_EXTERNAL
STANDARD := -std=c++20
# The program waits for its database: -O2 would make the build a fifth longer and nothing quicker.
OPTIMISE := -O1 -g1
SANITIZE ?=
ifneq ($(SANITIZE),)
# g++ 12 sees uninitialized members in <regex> when it adds its own checks.
OPTIMISE := -O1 -g1 -fno-omit-frame-pointer -fsanitize=$(SANITIZE) -fno-sanitize-recover=all \
	-Wno-maybe-uninitialized
endif
CXXFLAGS ?=
LDFLAGS ?=
# What Debian compiles its packages with; the package is made of this same build.
HARDEN := $(if $(SANITIZE),,-fstack-protector-strong -D_FORTIFY_SOURCE=2)
HARDEN_LINK := -Wl,-z,relro,-z,now
LIBS := -lpqxx -lpq -lmysqlcppconn -lSQLiteCpp -lsqlite3 -lyaml-cpp -lspdlog -lfmt -lzstd -lcrypto -lpthread

COMPILE = $(CXX) $(STANDARD) $(OPTIMISE) $(HARDEN) $(WARNINGS) $(DEFINES) $(INCLUDES) -Itests $(CXXFLAGS)
LINK = $(CXX) $(OPTIMISE) $(HARDEN_LINK) $(if $(shell command -v ld.lld),-fuse-ld=lld) $(CXXFLAGS) $(LDFLAGS)
CCACHE := $(shell command -v ccache)

# Read once and not by every file: a quarter of the time of a build. The sanitizer build goes without,
# so that an #include that is missing shows; so does 'make PRECOMPILED='.
# g++ 12 forgets that std::string comes from a system header when it is precompiled, and then gives three
# warnings about it that are wrong.
PRECOMPILED := $(if $(SANITIZE),,$(BUILD)/obj/precompiled.hpp)
USE_PRECOMPILED := $(PRECOMPILED:%=-include % -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow)
# Up to so many files of a folder are compiled as one: what each of them reads again of the
# libraries is half of the time of a build. 'make TOGETHER=1' compiles each alone, for who changes one file
# after the other; the sanitizer build does so as well.
TOGETHER ?= $(if $(SANITIZE),1,20)
PRECOMPILED_HEADERS := fmt/format.h algorithm array chrono cstdint fstream functional iostream map memory \
	optional set span stdexcept string string_view utility vector

Q := $(if $(V),,@)
COMMA := ,
say = $(if $(V),,@printf '  %-5s %s\n' '$(1)' '$(2)')

# ---- sources --------------------------------------------------------------------------------------

# Each object once: that of the file, or of the part that holds it.
objects = $(sort $(foreach source,$(1),$(or $(patsubst %.cpp:$(source),%.o,$(filter %:$(source),$(PARTS))),$(source:%.cpp=$(BUILD)/obj/%.o))))
found = $(if $(wildcard $(1)),$(sort $(shell find $(1) -name '*.cpp')))

SOURCES := $(filter-out src/main.cpp,$(call found,src))
# What fills the database of the demo; the rest of tests/support is about servers and doctest.
DEMO_SUPPORT := $(patsubst %,tests/support/%.cpp,catalog edge_cases edge_cases_orphans edge_cases_others \
	edge_cases_tokens iam_writer population population_flows population_strays snapshot table_writer)
# "build/together/src/gc/1.cpp:src/gc/batch.cpp" and so on, one word a file; the parts of a folder are of one size.
PARTS := $(if $(filter-out 1,$(TOGETHER)),$(shell printf '%s\n' $(SOURCES) $(DEMO_SUPPORT) | awk -v most=$(TOGETHER) -v to=$(BUILD)/together \
	'{ name[NR] = $$0; sub("/[^/]*$$", ""); folder[NR] = $$0; ++files[$$0] } \
	END { for (i = 1; i in name; ++i) { here = folder[i]; parts = int((files[here] - 1) / most) + 1; \
		print to "/" here "/" int(seen[here]++ * parts / files[here]) + 1 ".cpp:" name[i] } }'))
JOINED := $(sort $(foreach part,$(PARTS),$(firstword $(subst :, ,$(part)))))
part_of = $(foreach part,$(filter $(1):%,$(PARTS)),$(lastword $(subst :, ,$(part))))
HEADERS := $(sort $(shell find src -name '*.hpp'))
TIDY_PARTS := $(patsubst %/,%,$(sort $(dir $(SOURCES) $(wildcard src/main.cpp))))
SUPPORT_SOURCES := $(call found,tests/support)
SIM_SOURCES := $(call found,tests/sim)
DEMO_SOURCES := $(call found,tests/demo)
TEST_SOURCES := $(call found,tests)
QUERIES := $(sort $(wildcard sql/queries/*.sql))

GENERATED_QUERIES := $(BUILD)/generated/db/queries.hpp
GENERATED_PAGE := $(BUILD)/generated/report/page.hpp
GENERATED_GRANTS := $(BUILD)/generated/db/grants.hpp
GENERATED := $(GENERATED_QUERIES) $(GENERATED_PAGE) $(GENERATED_GRANTS)
# What the page of a report carries with it: its own files, and the chart library as Debian has it.
CHART_LIBRARY ?= /usr/share/javascript/chart.js/chart.min.js
PAGE_ASSETS := style=src/report/page/page.css script=src/report/page/page.js charts=$(CHART_LIBRARY)
LIBRARY := $(BUILD)/libiam-token-gc.a
SUPPORT := $(if $(SUPPORT_SOURCES),$(BUILD)/tests/libsupport.a)
PROGRAM := $(BUILD)/iam-token-gc
SIM := $(if $(SIM_SOURCES),$(BUILD)/iam-sim)
DEMO_SEED := $(if $(DEMO_SOURCES),$(BUILD)/demo-seed)

# ---- tests ----------------------------------------------------------------------------------------

# A kind is a folder of tests/ that becomes one doctest program.
KINDS := unit contract property system
KINDS_PRESENT := $(foreach kind,$(KINDS),$(if $(call found,tests/$(kind)),$(kind)))
TEST_PROGRAMS := $(KINDS_PRESENT:%=$(BUILD)/tests/%)
# Any folder of tests/ may also hold scripts: *.test.sh are part of 'make test', *.full.sh of 'make test-full'.
TEST_SCRIPTS := $(sort $(wildcard tests/*/*.test.sh))
FULL_TESTS ?= $(sort $(wildcard tests/*/*.full.sh))

TEST_ARGS ?=
SECONDS ?= 60
SCALE ?= small
ONLY ?=
# A selection of doctest cases says nothing about scripts, so it leaves them out.
chosen = $(if $(ONLY),$(foreach kind,$(ONLY),$(filter $(BUILD)/tests/$(kind) tests/$(kind)/%,$(1))),$(1))
TESTS_TO_RUN = $(call chosen,$(TEST_PROGRAMS) $(if $(TEST_ARGS),,$(TEST_SCRIPTS)))
# The longest come first, so that no lane is left with one of them at the end.
FULL_TESTS_TO_RUN = $(call chosen,$(if $(TEST_ARGS),,$(FULL_TESTS))) $(TESTS_TO_RUN)
RUN_TESTS = tests/in-lanes

# For tests that start the programs or read fixtures.
export ITGC_TEST_PROGRAM := $(CURDIR)/$(PROGRAM)
export ITGC_TEST_SIM := $(CURDIR)/$(BUILD)/iam-sim
export ITGC_TEST_SOURCE_DIR := $(CURDIR)
export ITGC_TEST_PROMTOOL := $(CURDIR)/$(BUILD)/tools/promtool
export ITGC_TEST_GALERA_TOOLS := $(CURDIR)/$(BUILD)/tools
export TEST_ARGS
FULL_TOOLS := $(addprefix $(BUILD)/tools/,promtool wsrep_sst_rsync wsrep_sst_common)

# ---- targets --------------------------------------------------------------------------------------

.DEFAULT_GOAL := all
.PHONY: all demo picture soak test-clusters test-image test-mysql report-cost latency-table bench bench-table test test-full test-programs sanitize check-static check-format \
	check-tidy check-alone check-shell check-layers format deps deps-test deps-full deps-bench deps-check clean help FORCE
FORCE:

all: $(PROGRAM) ## build the program, build/iam-token-gc (the default)

demo: $(PROGRAM) $(BUILD)/demo-seed ## show the program at work on a small SQLite database
	$(Q)tests/demo/demo.sh $(BUILD)

picture: $(PROGRAM) $(BUILD)/demo-seed $(STAMPS)/deps-full ## make tests/demo/report.png, the picture in the README, anew
	$(Q)tests/demo/picture.sh $(BUILD)

test: test-programs ## run the tests a contributor runs before every commit
	$(Q)$(RUN_TESTS) $(TESTS_TO_RUN)

test-full: test-programs $(STAMPS)/deps-full $(STAMPS)/deps-bench $(FULL_TOOLS) ## 'test' and the heavy extras
	$(Q)$(RUN_TESTS) $(FULL_TESTS_TO_RUN)

soak: test-programs ## run the concurrent tests for long, each turn of the simulator SECONDS=60
	$(Q)ITGC_TEST_TIME_LIMIT=20000 ITGC_TEST_SERVER_LIFETIME=20000 ITGC_CONCURRENT_BOUNDS=1 ITGC_CONCURRENT_SECONDS=$(SECONDS) ITGC_CONCURRENT_RESULTS=$(BUILD)/latency tests/run-tests tests/concurrent/concurrent.test.sh

test-clusters: test-programs $(STAMPS)/deps-full $(FULL_TOOLS) ## only the part of test-full that starts clusters
	$(Q)$(RUN_TESTS) tests/clusters/*.full.sh

test-image: test-programs $(STAMPS)/deps-full ## only the part of test-full that builds the image of cron/kubernetes and runs it
	$(Q)$(RUN_TESTS) tests/install/kubernetes.full.sh

# The server is ITGC_TEST_MYSQL_SOCKET, or one from a newer Debian. MySQL makes tables slowly, so the levels are few.
export ITGC_TEST_MYSQL_ROOT ?= $(CURDIR)/$(BUILD)/tools/mysql
test-mysql: test-programs $(if $(ITGC_TEST_MYSQL_SOCKET),,$(ITGC_TEST_MYSQL_ROOT)/usr/sbin/mysqld) ## the contract, concurrent and fault tests with MySQL in the place of MariaDB
	$(Q)ITGC_CONCURRENT_SHAPES='V108 V121' ITGC_FAULT_SHAPES=V121 tests/with-mysql tests/with-postgresql tests/run-tests \
		$(BUILD)/tests/contract tests/concurrent/concurrent.test.sh tests/faults/kill.test.sh tests/system/rights.test.sh

$(ITGC_TEST_MYSQL_ROOT)/usr/sbin/mysqld: | $(STAMPS)/deps-full
	$(Q)tests/make-mysql-root $(ITGC_TEST_MYSQL_ROOT)

report-cost: test-programs ## measure the report over a million tokens on MariaDB and PostgreSQL
	$(Q)ITGC_REPORT_TOKENS=1000000 $(RUN_TESTS) tests/system/report_cost.full.sh

latency-table: ## print the table of latencies in the README, after 'make soak'
	$(Q)mkdir -p $(BUILD)/latency && tests/concurrent/latency-table $(BUILD)/latency/results.json | tee $(BUILD)/latency/table.md

bench: test-programs $(STAMPS)/deps-bench ## compare with what a DBA would do; SCALE=tiny, small, medium or full
	$(Q)tests/bench/bench $(SCALE) $(BUILD)/bench

bench-table: ## put the tables of 'make bench' into the README; SCALE as there
	$(Q)tests/bench/bench-table $(BUILD)/bench/$(SCALE)/bench.json README.md

sanitize: ## run the tests of 'test' with AddressSanitizer and UndefinedBehaviorSanitizer
	$(Q)LSAN_OPTIONS=suppressions=$(CURDIR)/tests/support/leaks.supp:print_suppressions=0 \
		$(MAKE) BUILD=build/sanitize SANITIZE=address,undefined test

check-static: check-format check-shell check-layers check-alone check-tidy ## clang-format, shellcheck, layers, clang-tidy

check-format: $(STAMPS)/deps-check
	$(call say,CHECK,clang-format)
	$(Q)git ls-files -z '*.cpp' '*.hpp' | xargs -0 -r clang-format --dry-run -Werror

check-shell: $(STAMPS)/deps-check
	$(call say,CHECK,shellcheck)
	$(Q)git ls-files -z | xargs -0 -r awk 'FNR == 1 && /^#!.*[\/ ](ba)?sh( |$$)/ { printf "%s%c", FILENAME, 0 }' \
		| xargs -0 -r shellcheck --external-sources

check-layers:
	$(call say,CHECK,layers)
	$(Q)tests/check-layers

check-tidy: $(TIDY_PARTS:%=$(BUILD)/tidy/%.ok)

check-alone: $(patsubst %.cpp,$(BUILD)/alone/%.ok,$(SOURCES) $(wildcard src/main.cpp))

format: $(STAMPS)/deps-check ## let clang-format rewrite the C++ files
	$(Q)git ls-files -z '*.cpp' '*.hpp' | xargs -0 -r clang-format -i

deps: ## install the packages the build needs, if any is missing
	$(Q).ci/install-packages $(BUILD_PACKAGES)

deps-test: ## install the packages the tests need, if any is missing
	$(Q).ci/install-packages $(BUILD_PACKAGES) $(TEST_PACKAGES)

deps-full: deps-test ## install the packages that only the heavy extras need, if any is missing
	$(Q).ci/install-packages $(FULL_PACKAGES)

deps-bench: deps-test ## install the packages that only the benchmark needs, if any is missing
	$(Q).ci/install-packages $(BENCH_PACKAGES)

deps-check: ## install the packages the static checks need, if any is missing
	$(Q).ci/install-packages $(BUILD_PACKAGES) $(CHECK_PACKAGES)

clean: ## remove everything that was built
	rm -rf build

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# ---- rules ----------------------------------------------------------------------------------------

# Packages are looked at once, and again when the lists may have changed. One after the other: apt has one lock.
$(STAMPS)/deps: Makefile
	$(Q).ci/install-packages $(BUILD_PACKAGES)
	$(Q)mkdir -p $(@D) && touch $@

$(STAMPS)/deps-test: Makefile | $(STAMPS)/deps
	$(Q).ci/install-packages $(TEST_PACKAGES)
	$(Q)mkdir -p $(@D) && touch $@

$(STAMPS)/deps-full: Makefile | $(STAMPS)/deps-test
	$(Q).ci/install-packages $(FULL_PACKAGES)
	$(Q)mkdir -p $(@D) && touch $@

$(STAMPS)/deps-bench: Makefile | $(STAMPS)/deps-test
	$(Q).ci/install-packages $(BENCH_PACKAGES)
	$(Q)mkdir -p $(@D) && touch $@

# Only this program of the package: installed, it would start a server.
$(BUILD)/tools/promtool: | $(STAMPS)/deps-full
	$(Q).ci/unpack-program prometheus usr/bin/promtool $@

# The same of a server with a service of its own.
$(BUILD)/tools/wsrep_sst_%: | $(STAMPS)/deps-full
	$(Q).ci/unpack-program mariadb-server usr/bin/$(@F) $@

$(STAMPS)/deps-check: Makefile | $(STAMPS)/deps
	$(Q).ci/install-packages $(CHECK_PACKAGES)
	$(Q)mkdir -p $(@D) && touch $@

# These files change only when what they say changes; then what depends on them is made again.
remember = mkdir -p $(@D) && if ! cmp -s $@ <(printf '%s\n' $(1)); then printf '%s\n' $(1) > $@; fi

$(BUILD)/obj/compile-command: FORCE
	@$(call remember,'$(COMPILE) $(USE_PRECOMPILED)')

$(BUILD)/obj/sources: FORCE
	@$(call remember,$(SOURCES) $(TEST_SOURCES))

$(GENERATED_QUERIES): src/db/embed_queries.awk $(QUERIES) $(wildcard sql/queries)
	$(call say,SQL,$@)
	$(Q)mkdir -p $(@D)
	$(Q)LC_ALL=C awk -f $< $(QUERIES) /dev/null > $@.new
	$(Q)mv $@.new $@

$(GENERATED_GRANTS): src/db/embed_grants $(wildcard sql/admin/grants.*.sql)
	$(call say,SQL,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$< sql/admin/grants.*.sql > $@.new
	$(Q)mv $@.new $@

$(GENERATED_PAGE): src/report/page/embed $(wildcard src/report/page/*.*) | $(STAMPS)/deps
	$(call say,PAGE,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$< $(PAGE_ASSETS) > $@.new
	$(Q)mv $@.new $@

$(BUILD)/obj/precompiled.hpp: FORCE
	@$(call remember,$(PRECOMPILED_HEADERS:%='#include <%>'))

$(BUILD)/obj/precompiled.hpp.gch: $(BUILD)/obj/precompiled.hpp $(BUILD)/obj/compile-command | $(STAMPS)/deps
	$(call say,CXX,$<)
	$(Q)$(COMPILE) -x c++-header -o $@ $<

$(BUILD)/obj/%.o: %.cpp $(BUILD)/obj/compile-command $(PRECOMPILED:=.gch) | $(STAMPS)/deps $(GENERATED)
	$(call say,CXX,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CCACHE) $(COMPILE) $(USE_PRECOMPILED) -MMD -MP -c -o $@ $<

$(JOINED): FORCE
	@$(call remember,$(patsubst %,'#include "%"',$(call part_of,$@)))

$(JOINED:.cpp=.o): %.o: %.cpp $(BUILD)/obj/compile-command $(PRECOMPILED:=.gch) | $(STAMPS)/deps $(GENERATED)
	$(call say,CXX,$(dir $(patsubst $(BUILD)/together/%,%,$<))*.cpp$(COMMA) part $(notdir $(basename $<)))
	$(Q)$(CCACHE) $(COMPILE) -I. $(USE_PRECOMPILED) -MMD -MP -c -o $@ $<

# Archives and programs depend on the list of sources, so that nothing of a source that is gone stays behind.
define archive
	$(call say,AR,$@)
	$(Q)mkdir -p $(@D) && rm -f $@ && ar rcs $@ $(filter %.o,$^)
endef

define link
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LIBS)
endef

$(LIBRARY): $(call objects,$(SOURCES)) $(BUILD)/obj/sources
	$(archive)

$(BUILD)/tests/libsupport.a: $(call objects,$(SUPPORT_SOURCES)) $(BUILD)/obj/sources
	$(archive)

$(PROGRAM): $(call objects,src/main.cpp) $(LIBRARY)
	$(link)

$(BUILD)/iam-sim: $(call objects,$(SIM_SOURCES)) $(SUPPORT) $(LIBRARY) $(BUILD)/obj/sources
	$(link)

$(BUILD)/demo-seed: $(call objects,$(DEMO_SOURCES) $(DEMO_SUPPORT)) $(LIBRARY) $(BUILD)/obj/sources
	$(link)

define test_program
$(BUILD)/tests/$(1): $(call objects,$(call found,tests/$(1))) $(SUPPORT) $(LIBRARY) $(BUILD)/obj/sources
	$$(link)
endef
$(foreach kind,$(KINDS_PRESENT),$(eval $(call test_program,$(kind))))

test-programs: $(call chosen,$(TEST_PROGRAMS)) $(PROGRAM) $(SIM) $(DEMO_SEED) $(STAMPS)/deps-test

include cron/install.mk
# Not part of the sources that the image is built from.
-include tests/fuzz/fuzz.mk

# clang-tidy takes five seconds for what the libraries declare, so it looks at all sources of a folder at once, and again
# only when one of them, a header or the rules changed. In its deep mode the analyzer takes as long as everything
# else together.
TIDY_FLAGS := $(STANDARD) $(DEFINES) $(INCLUDES) -Xclang -analyzer-config -Xclang mode=shallow

define tidy_part
$(BUILD)/tidy/$(1).ok: $(wildcard $(1)/*.cpp) $(HEADERS) .clang-tidy .ci/tidy-together | $(GENERATED) $(STAMPS)/deps-check
	$$(call say,TIDY,$(1))
	$$(Q).ci/tidy-together $(BUILD)/tidy/$(1).cpp '$(wildcard $(1)/*.cpp)' $(TIDY_FLAGS)
	$$(Q)touch $$@
endef
$(foreach part,$(TIDY_PARTS),$(eval $(call tidy_part,$(part))))

# Files that are compiled together can hide that one of them lacks an #include.
$(BUILD)/alone/%.ok: %.cpp $(HEADERS) $(BUILD)/obj/compile-command $(PRECOMPILED:=.gch) | $(GENERATED) $(STAMPS)/deps
	$(call say,ALONE,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(COMPILE) $(USE_PRECOMPILED) -fsyntax-only $<
	$(Q)touch $@

-include $(shell find $(BUILD)/obj $(BUILD)/together -name '*.d' 2>/dev/null)
