// SPDX-License-Identifier: Apache-2.0
#include "report/units.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using report::readable_bytes;
using report::readable_duration;
using report::readable_rate;
using report::readable_share;

TEST_CASE("bytes are told in the largest unit that leaves a whole part") {
    CHECK(readable_bytes(0) == "0 B");
    CHECK(readable_bytes(999) == "999 B");
    CHECK(readable_bytes(1440) == "1.4 kB");
    CHECK(readable_bytes(1'000'000) == "1 MB");
    CHECK(readable_bytes(23'400'000'000) == "23 GB");
    CHECK(readable_bytes(999'999'999) == "1 GB");
    CHECK(readable_bytes(5'000'000'000'000'000) == "5000 TB");
}

TEST_CASE("durations are told in the largest unit that leaves a whole part") {
    CHECK(readable_duration(0s) == "0 s");
    CHECK(readable_duration(59s) == "59 s");
    CHECK(readable_duration(1h) == "1 h");
    CHECK(readable_duration(90min) == "1.5 h");
    CHECK(readable_duration(24h * 21) == "21 d");
    CHECK(readable_duration(24h * 365 * 4) == "4 years");
    CHECK(readable_duration(-90s) == "-1.5 min");
}

TEST_CASE("small rates keep two digits and large ones are grouped") {
    CHECK(readable_rate(0) == "0");
    CHECK(readable_rate(0.00421) == "0.0042");
    CHECK(readable_rate(1.26) == "1.3");
    CHECK(readable_rate(9.96) == "10");
    CHECK(readable_rate(128.4) == "128");
    CHECK(readable_rate(1280) == "1,280");
}

TEST_CASE("a share that is not nothing is not told as 0 %") {
    CHECK(readable_share(0) == "0.0 %");
    CHECK(readable_share(0.0004) == "< 0.1 %");
    CHECK(readable_share(0.3141) == "31.4 %");
    CHECK(readable_share(1) == "100.0 %");
}
