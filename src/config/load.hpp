// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"
#include "config/setting.hpp"

#include <map>
#include <string>
#include <vector>

namespace config {

// Where the configuration comes from; a later member wins over an earlier one.
struct Sources {
    std::string default_file =
        "/etc/iam-token-gc/iam-token-gc.yaml";  // read if it exists and no other is named
    std::string file{};  // --config; empty: IAM_TOKEN_GC_CONFIG, then default_file
    std::vector<std::string> environment{};  // "NAME=value"
    std::vector<Override> overrides{};       // the command line
};

// The effective configuration and where each value comes from.
struct Loaded {
    Config config{};
    std::map<std::string, Origin> origins{};  // by path, for every key
    std::string file{};                       // the configuration file that was read; empty: none
};

// Reads all sources. Throws Error(config), or Error(usage) where the command line is to blame,
// naming the place, the key and what to write instead. A missing database.url is no error here.
Loaded load(const Sources& sources);

// Throws Error(config) when no database is named; every command but `config show` needs one.
void require_database(const Config& config);

}  // namespace config
