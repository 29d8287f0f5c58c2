// SPDX-License-Identifier: Apache-2.0
#include "util/closest.hpp"

#include <doctest/doctest.h>

#include <string>

using util::did_you_mean;

TEST_CASE("one typing error away is close") {
    for (const std::string text : {"chek", "chcek", "checkk", "xheck"}) {
        CAPTURE(text);
        CHECK(did_you_mean(text, {"plan", "check", "run"}) == " (did you mean check?)");
    }
}

TEST_CASE("a word with another meaning is not close") {
    CHECK(did_you_mean("delete", {"plan", "check", "run"}).empty());
    CHECK(did_you_mean("", {"plan"}).empty());
    CHECK(did_you_mean("check", {}).empty());
    CHECK(did_you_mean(std::string(100'000, 'x'), {"plan"}).empty());
}

TEST_CASE("a key is found by its last part") {
    CHECK(did_you_mean("batch_size", {"limits.batch_rows", "limits.batch_size"}) ==
          " (did you mean limits.batch_size?)");
    CHECK(did_you_mean("limit.batch_sise", {"limits.batch_size"}) ==
          " (did you mean limits.batch_size?)");
}
