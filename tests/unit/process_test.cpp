// SPDX-License-Identifier: Apache-2.0
#include "util/process.hpp"

#include "support/child.hpp"

#include <doctest/doctest.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#ifndef __SANITIZE_ADDRESS__
TEST_CASE("a process that forbids core dumps leaves none and lets nobody read its memory") {
    REQUIRE(prctl(PR_GET_DUMPABLE) == 1);
    CHECK(test::in_child([] {
              util::forbid_core_dumps();
              rlimit limit{.rlim_cur = 1, .rlim_max = 1};
              getrlimit(RLIMIT_CORE, &limit);
              return prctl(PR_GET_DUMPABLE) == 0 && limit.rlim_cur == 0 && limit.rlim_max == 0 ? 0
                                                                                               : 1;
          }) == 0);
}
#endif
