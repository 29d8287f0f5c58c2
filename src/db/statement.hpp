// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace db {

enum class Dialect { mysql, postgresql, sqlite };

// One named statement of sql/queries in every dialect; portable text stands in all three.
struct Statement {
    std::string_view name;
    std::string_view mysql;
    std::string_view postgresql;
    std::string_view sqlite;

    // The text for a dialect; empty where the statement exists only for others.
    constexpr std::string_view text(Dialect dialect) const {
        switch (dialect) {
        case Dialect::mysql:
            return mysql;
        case Dialect::postgresql:
            return postgresql;
        case Dialect::sqlite:
            return sqlite;
        }
        return {};
    }
};

}  // namespace db
