# SPDX-License-Identifier: Apache-2.0
#
# make fuzz FUZZ_SECONDS=600: libFuzzer on the readers of configuration, URL, history and memory. What is worth keeping of what it finds goes
# to tests/fuzz/corpus by hand.

FUZZ_SECONDS ?= 60
FUZZ_TARGETS := config url state idle
FUZZED := $(filter src/config/% src/util/%,$(SOURCES)) \
	$(addprefix src/,gc/target.cpp gc/signal.cpp gc/window.cpp gc/schema.cpp gc/policy.cpp gc/idle.cpp db/address.cpp db/url_parts.cpp db/transport.cpp \
		report/state.cpp report/idle_file.cpp report/forecast.cpp report/json.cpp report/robust.cpp report/text.cpp)
FUZZ_FLAGS := -O1 -g1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
FUZZ_PROGRAMS := $(FUZZ_TARGETS:%=$(BUILD)/fuzz/%)

.PHONY: fuzz
fuzz: $(FUZZ_PROGRAMS) ## run libFuzzer on the configuration, URL and state readers for FUZZ_SECONDS each
	$(Q)for target in $(FUZZ_TARGETS); do \
		mkdir -p $(BUILD)/fuzz/corpus/$$target; \
		$(BUILD)/fuzz/$$target -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 -verbosity=0 \
			-artifact_prefix=$(BUILD)/fuzz/ $(BUILD)/fuzz/corpus/$$target tests/fuzz/corpus/$$target; \
	done

$(BUILD)/fuzz/obj/%.o: %.cpp | $(STAMPS)/deps-full
	$(call say,FUZZ,$<)
	$(Q)mkdir -p $(@D)
	$(Q)clang++ $(STANDARD) $(FUZZ_FLAGS) $(DEFINES) -Isrc -MMD -MP -c -o $@ $<

$(FUZZ_PROGRAMS): $(BUILD)/fuzz/%: $(BUILD)/fuzz/obj/tests/fuzz/%_fuzz.o $(patsubst %.cpp,$(BUILD)/fuzz/obj/%.o,$(FUZZED))
	$(call say,LINK,$@)
	$(Q)clang++ -fsanitize=fuzzer,address,undefined -o $@ $^ -lyaml-cpp -lspdlog -lfmt -lcrypto -lpthread
