// SPDX-License-Identifier: Apache-2.0
#include "gc/throttle.hpp"

#include <doctest/doctest.h>

using gc::backoff;
using gc::pause_after;
using namespace std::chrono_literals;

namespace {

const gc::RetrySettings k_retry{.attempts = 10, .first_delay = 50ms, .longest_delay = 2000ms};

}  // namespace

TEST_CASE("a pause makes work the busy share of the whole") {
    CHECK(pause_after(250ms, {.busy_share = 0.5}) == 250ms);
    CHECK(pause_after(250ms, {.busy_share = 0.25}) == 750ms);
    CHECK(pause_after(300ms, {.busy_share = 0.75}) == 100ms);
    CHECK(pause_after(1ms, {.busy_share = 0.001}) == 999ms);
}

TEST_CASE("there is no pause when all of the time may be used or none was") {
    CHECK(pause_after(1h, {.busy_share = 1.0}) == 0ms);
    CHECK(pause_after(0ms, {.busy_share = 0.1}) == 0ms);
}

TEST_CASE("the wait doubles from failure to failure up to the longest") {
    CHECK(backoff(k_retry, 1, 0.0) == 50ms);
    CHECK(backoff(k_retry, 2, 0.0) == 100ms);
    CHECK(backoff(k_retry, 3, 0.0) == 200ms);
    CHECK(backoff(k_retry, 6, 0.0) == 1600ms);
    CHECK(backoff(k_retry, 7, 0.0) == 2000ms);
}

TEST_CASE("jitter takes away half of the wait at most") {
    CHECK(backoff(k_retry, 3, 0.5) == 150ms);
    CHECK(backoff(k_retry, 3, 1.0) == 100ms);
}

TEST_CASE("the wait stays in its bounds however many failures there were") {
    for (const std::int64_t failures : {20, 21, 32, 64, 1'000'000}) {
        CHECK(backoff(k_retry, failures, 0.0) == 2000ms);
    }
    CHECK(backoff(k_retry, 0, 0.0) == 50ms);
    CHECK(backoff(k_retry, -5, 0.0) == 50ms);
}

TEST_CASE("a first wait above the longest counts as the longest") {
    CHECK(backoff({.first_delay = 5s, .longest_delay = 1s}, 1, 0.0) == 1s);
    CHECK(backoff({.first_delay = 0ms, .longest_delay = 1s}, 5, 0.0) == 0ms);
}
