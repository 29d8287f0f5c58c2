// SPDX-License-Identifier: Apache-2.0
#include "util/error.hpp"

namespace util {

int exit_code(ErrorKind kind) noexcept {
    switch (kind) {
    case ErrorKind::usage:
        return 64;
    case ErrorKind::data:
        return 65;
    case ErrorKind::connection:
        return 69;
    case ErrorKind::software:
        return 70;
    case ErrorKind::io:
        return 74;
    case ErrorKind::transient:
    case ErrorKind::busy:
        return 75;
    case ErrorKind::permission:
        return 77;
    case ErrorKind::config:
        return 78;
    }
    return 70;
}

}  // namespace util
