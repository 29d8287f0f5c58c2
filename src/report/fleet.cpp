// SPDX-License-Identifier: Apache-2.0
#include "report/fleet.hpp"

namespace report {

std::string_view name(FlagName flag) {
    switch (flag) {
    case FlagName::flood:
        return "flood";
    case FlagName::share:
        return "share";
    case FlagName::burst:
        return "burst";
    case FlagName::hoarder:
        return "hoarder";
    case FlagName::no_reuse:
        return "no_reuse";
    case FlagName::long_lived:
        return "long_lived";
    case FlagName::never_expires:
        return "never_expires";
    case FlagName::refresh_pileup:
        return "refresh_pileup";
    case FlagName::unknown_client:
        return "unknown_client";
    case FlagName::inactive_client:
        return "inactive_client";
    }
    return {};
}

}  // namespace report
