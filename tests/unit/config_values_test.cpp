// SPDX-License-Identifier: Apache-2.0
// What a value of each kind of key may be.
#include "support/settings.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

using test::load_failure;

TEST_CASE("values just inside a range are taken and those just outside are refused") {
    struct Range {
        std::string path{};
        std::vector<std::string> inside{};
        std::vector<std::string> outside{};
    };
    const std::vector<Range> ranges{
        {"database.connect_timeout", {"1s", "5min"}, {"999ms", "301s", "0"}},
        {"database.statement_timeout", {"1s", "1h"}, {"999ms", "3601s"}},
        {"grace", {"0", "0s", "3650d"}, {"3651d", "-1s"}},
        {"orphans.margin", {"1min", "3650d"}, {"59s", "3651d", "0"}},
        {"limits.batch_size", {"1", "100000"}, {"0", "100001", "-1"}},
        {"limits.batch_rows", {"100", "1000000"}, {"99", "1000001"}},
        {"limits.batch_time", {"10ms", "10s"}, {"9ms", "10001ms"}},
        {"limits.workers", {"1", "8"}, {"0", "9"}},
        {"limits.scan_rows", {"0", "9223372036854775807"}, {"-1", "9223372036854775808"}},
        {"limits.max_rows", {"0", "9223372036854775807"}, {"-1", "9223372036854775808"}},
        {"limits.max_time", {"0", "365d"}, {"366d"}},
        {"limits.lock_wait", {"0", "30s"}, {"30001ms"}},
        {"retry.attempts", {"1", "1000"}, {"0", "1001"}},
        {"retry.first_delay", {"1ms", "2s"}, {"0", "61s"}},
        {"retry.longest_delay", {"50ms", "10min"}, {"0", "601s"}},
        {"throttle.busy_share",
         {"0.01", "1", "1.0", "1e-2"},
         {"0", "0.009", "1.01", "nan", "inf", "-0.5"}},
        {"throttle.rows_per_second", {"0", "9223372036854775807"}, {"-1"}},
        {"throttle.interval", {"100ms", "1min"}, {"99ms", "61s"}},
        {"throttle.max_wait", {"0", "30d"}, {"31d"}},
        {"safety.max_unexpired_rows", {"0", "9223372036854775807"}, {"-1"}},
        {"safety.max_unexpired_share", {"0", "1"}, {"-0.1", "1.01", "nan"}},
        {"safety.tolerance", {"0", "100"}, {"-0.1", "101"}},
        {"clock.tolerance", {"1s", "14min"}, {"999ms", "15min"}},
        {"clock.host_tolerance", {"1s", "1d"}, {"999ms", "86401s"}},
    };
    for (const Range& range : ranges) {
        CAPTURE(range.path);
        for (const std::string& text : range.inside) {
            CAPTURE(text);
            CHECK(load_failure({.overrides = {{.path = range.path, .value = text}}}).empty());
        }
        for (const std::string& text : range.outside) {
            CAPTURE(text);
            CHECK(load_failure({.overrides = {{.path = range.path, .value = text}}})
                      .starts_with("usage: "));
        }
    }
}

TEST_CASE("a value of the wrong kind is refused for every type of key") {
    const std::map<std::string, std::vector<std::string>> wrong{
        {"limits.batch_size", {"", "many", "1.5", "1e3", "0x10", "2 000", " 1", "1 "}},
        {"throttle.busy_share", {"", "half", "0,5", "50%", "0.5x"}},
        {"grace", {"", "1", "3600", "1 h", "1.5h", "1hour", "forever"}},
        {"targets.permission", {"", "yes", "1", "True", "off"}},
        {"log.level", {"", "INFO", "trace", "warn"}},
        {"report.format", {"", "yaml", "JSON"}},
        {"database.url", {"localhost", "host=localhost dbname=iam", "mysql:/a"}},
        {"database.time_zone", {"", "Europe/Rome'", "a b", "UTC;", "UTC\n"}},
        {"throttle.window", {"1:00-5:00", "01:00", "night"}},
        {"throttle.watch_blocking", {"", "off"}},
        {"report.file", {"a\nb"}},
        {"metrics.file", {"a\nb"}},
    };
    for (const auto& [path, texts] : wrong) {
        for (const std::string& text : texts) {
            CAPTURE(path);
            CAPTURE(text);
            CHECK(load_failure({.overrides = {{.path = path, .value = text}}})
                      .starts_with("usage: --") != (path == "targets.permission"));
            CHECK_FALSE(load_failure({.overrides = {{.path = path, .value = text}}}).empty());
        }
    }
}
