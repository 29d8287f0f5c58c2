// SPDX-License-Identifier: Apache-2.0
#include "gc/removal_watch.hpp"

#include "unit/fake_run.hpp"

#include <doctest/doctest.h>

using gc::Target;
using namespace std::chrono_literals;
using test::FakeRun;

namespace {

// Removes these tokens through a watch, after a scan that showed them.
struct Watched : FakeRun {
    gc::RemovalWatch watch{store};
    gc::Policy policy{.now = later(0h), .cutoff = ago(1h)};

    Watched() {
        store.tables.add(Target::access_token, 5, {.expiration = ago(2h), .client_id = 3});
        store.tables.add(Target::access_token, 9, {.expiration = ago(2h), .client_id = 3});
        store.tables.add(Target::access_token, 7, {.expiration = ago(2h), .client_id = 4});
    }

    void remove() {
        watch.scan(Target::access_token, {}, policy, 100);
        watch.begin();
        watch.remove(Target::access_token, {5, 7, 9}, policy);
    }
};

}  // namespace

TEST_CASE_FIXTURE(Watched, "a watch counts what was committed, by target and by client") {
    remove();
    CHECK(watch.footprint().targets.empty());
    watch.commit();
    const gc::Footprint& seen = watch.footprint();
    CHECK(seen.targets.at(Target::access_token).rows == 3);
    CHECK(seen.targets.at(Target::access_token).first == 5);
    CHECK(seen.targets.at(Target::access_token).last == 9);
    CHECK(seen.clients.at(3).at(Target::access_token).rows == 2);
    CHECK(seen.clients.at(4).at(Target::access_token).first == 7);
}

TEST_CASE_FIXTURE(Watched, "a watch forgets what was rolled back") {
    remove();
    watch.rollback();
    watch.begin();
    watch.commit();
    CHECK(watch.footprint().targets.empty());
}
