// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/signal.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gc {

// One value of a signal; its unit is that of the signal.
struct Reading {
    Signal signal{};
    std::string of{};               // whose value it is: a replica; empty for the server itself
    std::optional<double> value{};  // nothing: it could not be read
    std::string detail{};           // why it could not be read, or words for a value that is a flag
};

// Where readings come from. Asked between batches only, with no transaction open.
class HealthSource {
public:
    virtual ~HealthSource() = default;

    // Every signal that is wanted and that this server has; a replica each where there are several.
    // Never throws for what cannot be read: that is a reading without a value.
    virtual std::vector<Reading> read() = 0;
};

}  // namespace gc
