// SPDX-License-Identifier: Apache-2.0
#include "gc/batch_size.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>

using gc::BatchSize;
using namespace std::chrono_literals;

namespace {

const gc::LimitSettings k_limits{.batch_size = 2000, .batch_rows = 40'000, .batch_time = 250ms};

}  // namespace

TEST_CASE("the first batch is small, and never above the limit") {
    CHECK(BatchSize(k_limits).current() == 200);
    CHECK(BatchSize({.batch_size = 30}).current() == 30);
    CHECK(BatchSize({.batch_size = 1}).current() == 1);
}

TEST_CASE("the first batch keeps to its time on a server that takes 0.4 ms for each candidate") {
    CHECK(BatchSize({.batch_time = 20ms}).current() == 50);
    CHECK(BatchSize({.batch_time = 10ms}).current() == 25);
    CHECK(BatchSize({.batch_time = 0ms}).current() == 1);
}

TEST_CASE("quick batches let the size grow, twofold at most, up to the limit") {
    BatchSize size(k_limits);
    size.finished(200, 1000, 1ms);
    CHECK(size.current() == 400);
    size.finished(400, 2000, 200ms);
    CHECK(size.current() == 500);
    for (int i = 0; i < 10; ++i) {
        size.finished(size.current(), size.current(), 1ms);
    }
    CHECK(size.current() == 2000);
}

TEST_CASE("a batch that took twice its time halves the next") {
    BatchSize size(k_limits);
    size.finished(200, 1000, 500ms);
    CHECK(size.current() == 100);
}

TEST_CASE("a batch that took exactly its time keeps the size") {
    BatchSize size(k_limits);
    size.finished(200, 1000, 250ms);
    CHECK(size.current() == 200);
}

TEST_CASE("one batch that is quick by chance does not make the next one long") {
    BatchSize size(k_limits);
    for (int i = 0; i < 20; ++i) {
        size.finished(size.current(), 1, std::chrono::milliseconds(size.current() / 2));
    }
    CHECK(size.current() == 500);
    size.finished(500, 1, 100ms);
    CHECK(size.current() > 500);
    CHECK(size.current() < 750);
}

TEST_CASE("a server that becomes quicker gets larger batches within a few of them") {
    BatchSize size(k_limits);
    for (int i = 0; i < 20; ++i) {
        size.finished(size.current(), 1, std::chrono::milliseconds(size.current() / 2));
    }
    for (int i = 0; i < 10; ++i) {
        size.finished(size.current(), 1, std::chrono::milliseconds(size.current() / 5));
    }
    CHECK(size.current() > 1100);
}

TEST_CASE("at full speed a batch takes 100 ms, or its own time if that is longer") {
    const auto settled = [](std::chrono::milliseconds batch_time) {
        BatchSize size({.batch_size = 2000, .batch_time = batch_time}, true);
        for (int i = 0; i < 20; ++i) {
            size.finished(size.current(), 1, std::chrono::milliseconds(size.current()));
        }
        return size.current();
    };
    CHECK(settled(20ms) == 100);
    CHECK(settled(250ms) == 250);
}

TEST_CASE("a slow commit does not make batches so small that there is little but commits") {
    BatchSize size({.batch_size = 2000, .batch_rows = 40'000, .batch_time = 20ms});
    std::int64_t longest = 0;
    for (int i = 0; i < 30; ++i) {
        const std::int64_t took = 40 + size.current() / 5;
        longest = std::max(longest, took);
        size.finished(size.current(), size.current() * 14, std::chrono::milliseconds{took});
    }
    CHECK(size.current() > 150);
    CHECK(longest < 100);
}

TEST_CASE("rows that are slow themselves make the batch as small as it has to be") {
    BatchSize size({.batch_size = 2000, .batch_rows = 40'000, .batch_time = 20ms});
    for (int i = 0; i < 30; ++i) {
        size.finished(size.current(), size.current() * 14,
                      std::chrono::milliseconds{2 + 3 * size.current()});
    }
    CHECK(size.current() <= 6);
    CHECK(size.current() >= 5);
}

TEST_CASE("however slow commits are, they make no batch longer than a quarter of a second") {
    BatchSize size({.batch_size = 2000, .batch_rows = 40'000, .batch_time = 20ms});
    for (int i = 0; i < 30; ++i) {
        size.finished(size.current(), size.current() * 14,
                      std::chrono::milliseconds{200 + size.current()});
    }
    CHECK(size.current() <= 130);
    CHECK(size.current() >= 20);
}

TEST_CASE("rows with many satellites make the batch small, however quick it was") {
    BatchSize size(k_limits);
    size.finished(200, 200'000, 1ms);
    CHECK(size.current() == 40);
    size.finished(40, 4'000'000, 1ms);
    CHECK(size.current() == 1);
}

TEST_CASE("a batch smaller than it might have been says nothing against the size") {
    BatchSize size(k_limits);
    size.finished(1, 5, 200ms);
    CHECK(size.current() == 200);
    size.finished(1, 10'000, 200ms);
    CHECK(size.current() == 4);
}

TEST_CASE("a batch of half the size tells as much as a whole one") {
    BatchSize size(k_limits);
    size.finished(100, 500, 250ms);
    CHECK(size.current() == 100);
}

TEST_CASE("what is left of a page goes in batches of the same size") {
    CHECK(gc::even_part(2000, 3000) == 2000);
    CHECK(gc::even_part(2000, 2000) == 2000);
    CHECK(gc::even_part(2000, 1400) == 1000);
    CHECK(gc::even_part(2000, 700) == 667);
    CHECK(gc::even_part(1333, 700) == 667);
    CHECK(gc::even_part(3, 1) == 1);
}

TEST_CASE("a conflict halves the size, and one row is the least") {
    BatchSize size(k_limits);
    size.conflict();
    CHECK(size.current() == 100);
    for (int i = 0; i < 20; ++i) {
        size.conflict();
    }
    CHECK(size.current() == 1);
}

TEST_CASE("the size recovers after conflicts") {
    BatchSize size(k_limits);
    for (int i = 0; i < 20; ++i) {
        size.conflict();
    }
    for (int i = 0; i < 20; ++i) {
        size.finished(size.current(), size.current(), 1ms);
    }
    CHECK(size.current() == 2000);
}

TEST_CASE("a batch of nothing teaches nothing") {
    BatchSize size(k_limits);
    size.finished(0, 0, 10s);
    CHECK(size.current() == 200);
}

TEST_CASE("a batch that took no measurable time is no division by nothing") {
    BatchSize size(k_limits);
    size.finished(200, 0, 0ms);
    CHECK(size.current() == 400);
}
