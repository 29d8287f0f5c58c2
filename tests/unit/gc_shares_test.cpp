// SPDX-License-Identifier: Apache-2.0
// How a batch is cut into lists for several sessions.
#include "gc/workers.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <vector>

using gc::Candidate;
using gc::Id;

namespace {

using Lists = std::vector<std::vector<Candidate>>;

// A batch of a seed: up to 400 tokens with ids anywhere, of some holders or of none.
std::vector<Candidate> random_batch(std::mt19937& random) {
    std::vector<Candidate> batch;
    const std::size_t size = 1 + random() % 400;
    const Id holders = 1 + static_cast<Id>(random() % 50);
    for (std::size_t i = 0; i < size; ++i) {
        Candidate& candidate = batch.emplace_back();
        candidate.id = static_cast<Id>(i * 3 + random() % 3);
        if (random() % 3 != 0) {
            candidate.parent_id = 1 + static_cast<Id>(random()) % holders;
        }
    }
    std::ranges::shuffle(batch, random);
    return batch;
}

std::int64_t heaviest_holder(const std::vector<Candidate>& batch) {
    std::map<Id, std::int64_t> tokens;
    std::int64_t most = 1;
    for (const Candidate& candidate : batch) {
        if (candidate.parent_id) {
            most = std::max(most, ++tokens[*candidate.parent_id]);
        }
    }
    return most;
}

std::multiset<Id> ids_in(const Lists& lists) {
    std::multiset<Id> ids;
    for (const auto& list : lists) {
        for (const Candidate& candidate : list) {
            ids.insert(candidate.id);
        }
    }
    return ids;
}

bool holders_are_together(const Lists& lists) {
    std::map<Id, std::size_t> list_of_holder;
    for (std::size_t i = 0; i < lists.size(); ++i) {
        for (const Candidate& candidate : lists[i]) {
            if (candidate.parent_id &&
                list_of_holder.try_emplace(*candidate.parent_id, i).first->second != i) {
                return false;
            }
        }
    }
    return true;
}

}  // namespace

TEST_CASE("every candidate is in one list, with all others of its holder") {
    for (unsigned seed = 1; seed <= 300; ++seed) {
        CAPTURE(seed);
        std::mt19937 random(seed);
        const std::vector<Candidate> batch = random_batch(random);
        const std::size_t count = 1 + random() % 8;
        const Lists lists = gc::shares_of(batch, count);
        REQUIRE(lists.size() <= count);
        CHECK(ids_in(lists) == ids_in({batch}));
        CHECK(holders_are_together(lists));
    }
}

TEST_CASE("a list differs from an even share by less than the tokens of one holder") {
    for (unsigned seed = 1; seed <= 300; ++seed) {
        CAPTURE(seed);
        std::mt19937 random(seed);
        const std::vector<Candidate> batch = random_batch(random);
        const auto count = static_cast<std::int64_t>(1 + random() % 8);
        const std::int64_t weight = heaviest_holder(batch);
        for (const auto& list : gc::shares_of(batch, static_cast<std::size_t>(count))) {
            CHECK((std::ssize(list) - weight) * count < std::ssize(batch));
            CHECK((std::ssize(list) > 0));
        }
    }
}

TEST_CASE("tokens without a holder are cut into runs of ids of equal length") {
    std::vector<Candidate> batch;
    for (Id id = 90; id >= 1; --id) {
        batch.push_back({.id = id});
    }
    const Lists lists = gc::shares_of(batch, 3);
    REQUIRE(lists.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(lists[i].size() == 30);
        CHECK(lists[i].front().id == static_cast<Id>(30 * i + 1));
        CHECK(lists[i].back().id == static_cast<Id>(30 * i + 30));
    }
}
