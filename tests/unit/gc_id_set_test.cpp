// SPDX-License-Identifier: Apache-2.0
#include "gc/id_set.hpp"

#include <doctest/doctest.h>

#include <array>
#include <limits>

TEST_CASE("an id set holds the ids it was given and no neighbour of them") {
    constexpr std::array<gc::Id, 9> ids{0,
                                        1,
                                        63,
                                        65'535,
                                        65'537,
                                        131'072,
                                        1'000'000'007,
                                        -2,
                                        std::numeric_limits<gc::Id>::max() - 5};
    gc::IdSet set;
    for (const gc::Id id : ids) {
        set.insert(id);
    }
    for (const gc::Id id : ids) {
        CAPTURE(id);
        CHECK(set.contains(id));
    }
    for (const gc::Id id : {-1, -3, 2, 62, 64, 65'534, 65'536, 131'071, 131'073}) {
        CAPTURE(id);
        CHECK_FALSE(set.contains(id));
    }
}

TEST_CASE("an empty id set holds nothing, and an id given twice is held once") {
    gc::IdSet set;
    CHECK_FALSE(set.contains(0));
    set.insert(7);
    set.insert(7);
    CHECK(set.contains(7));
    CHECK_FALSE(set.contains(8));
}

TEST_CASE("ids of every block are held from the first to the last") {
    gc::IdSet set;
    for (gc::Id id = 65'000; id < 66'000; ++id) {
        set.insert(id);
    }
    for (gc::Id id = 64'000; id < 67'000; ++id) {
        REQUIRE(set.contains(id) == (id >= 65'000 && id < 66'000));
    }
}
