// SPDX-License-Identifier: Apache-2.0
#include "util/process.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace util {

void forbid_core_dumps() noexcept {
    const rlimit none{.rlim_cur = 0, .rlim_max = 0};
    setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__
    // The leak check at the end of a sanitized program has to read its own memory from outside.
    prctl(PR_SET_DUMPABLE, 0);
#endif
}

}  // namespace util
