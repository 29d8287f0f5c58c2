// SPDX-License-Identifier: Apache-2.0
#include "db/expected.hpp"
#include "contract/store_case.hpp"

#include <doctest/doctest.h>

using db::count_expired;
using namespace std::chrono_literals;

namespace {

bool never() {
    return false;
}

}  // namespace

TEST_CASE("expired tokens are counted whole, whatever the slices and however many share a moment") {
    test::on_every_store([](test::StoreCase& c) {
        for (int token = 0; token < 50; ++token) {
            c.iam.access_token({.expiration = test::k_cutoff - std::chrono::seconds{token / 7}});
            c.iam.access_token({.expiration = test::k_cutoff + std::chrono::seconds{1 + token}});
            c.iam.access_token({});
        }
        c.iam.flush();
        for (const std::int64_t slice : {1, 3, 7, 49, 50, 51, 1000}) {
            CAPTURE(slice);
            CHECK(count_expired(*c.connection, test::k_cutoff, 0, never, slice) == 50);
        }
    });
}

TEST_CASE("nothing expired counts as none") {
    test::on_one_store_per_backend([](test::StoreCase& c) {
        c.iam.access_token({.expiration = test::k_live});
        c.iam.flush();
        CHECK(count_expired(*c.connection, test::k_cutoff, 0, never) == 0);
    });
}

TEST_CASE("counting ends without a number when it is enough or goes beyond the bound") {
    test::on_one_store_per_backend([](test::StoreCase& c) {
        for (int token = 0; token < 30; ++token) {
            c.iam.access_token({.expiration = test::k_expired - std::chrono::seconds{token}});
        }
        c.iam.flush();
        CHECK_FALSE(count_expired(*c.connection, test::k_cutoff, 0, [] { return true; }));
        CHECK_FALSE(count_expired(*c.connection, test::k_cutoff, 10, never, 5));
        CHECK(count_expired(*c.connection, test::k_cutoff, 30, never, 5) == 30);
    });
}
