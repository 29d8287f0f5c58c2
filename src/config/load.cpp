// SPDX-License-Identifier: Apache-2.0
#include "config/load.hpp"

#include "config/environment.hpp"
#include "config/file.hpp"
#include "config/keys.hpp"
#include "config/signal_limits.hpp"
#include "config/yaml.hpp"
#include "util/error.hpp"
#include "util/time.hpp"
#include "util/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace config {

namespace {

util::ErrorKind blame(const Origin& origin) {
    return origin.source == Source::command_line ? util::ErrorKind::usage : util::ErrorKind::config;
}

// "FILE:3: limits.batch_size", "IAM_TOKEN_GC_LIMITS_BATCH_SIZE" or "--batch-size".
std::string where(const Setting& setting) {
    return setting.origin.source == Source::file
               ? fmt::format("{}: {}", setting.origin.place, setting.path)
               : setting.origin.place;
}

[[noreturn]] void reject(const Setting& setting, const std::string& why) {
    throw util::Error(blame(setting.origin), fmt::format("{}: {}", where(setting), why));
}

void check_type(const Setting& setting, const Key& key) {
    const bool is_text = key.type == ValueType::text || key.type == ValueType::duration;
    if (setting.quoted && !is_text) {
        reject(setting, "the value is a text, write it without quotes");
    }
}

bool holds_password(const Config& config, const std::string& path) {
    if (path == "throttle.replicas") {
        return std::ranges::any_of(config.database.replicas, [](const std::string& replica) {
            return replica != k_discover && util::has_password(replica);
        });
    }
    if (path == "report.database_url") {
        return util::has_password(config.report.database_url);
    }
    return path == "database.url" && util::has_password(config.database.url);
}

// Everybody on the machine can read a process's command line.
void check_secret(const Config& config, const Setting& setting) {
    if (setting.origin.source == Source::command_line && holds_password(config, setting.path)) {
        reject(setting,
               fmt::format("a password on the command line can be read by every user of this "
                           "machine; put the URL into the configuration file or the environment "
                           "variable {}, or the password into a file for database.password_file, "
                           "~/.pgpass or ~/.my.cnf",
                           environment_name(*find_key(setting.path))));
    }
}

void apply(Loaded& loaded, const Setting& setting) {
    const Key* const key = find_key(setting.path);
    if (key == nullptr) {
        reject(setting, unknown_key(setting.path));
    }
    check_type(setting, *key);
    try {
        key->parse(loaded.config, setting.value);
    } catch (const util::Error& error) {
        reject(setting, error.what());
    }
    check_secret(loaded.config, setting);
    loaded.origins[key->path] = setting.origin;
}

// The file that is named, with its text, or the one in the usual place if there is one.
std::optional<std::string> read_chosen_file(const Sources& sources, const Environment& environment,
                                            std::string& chosen) {
    const bool named = !sources.file.empty() || environment.config_file.has_value();
    chosen = sources.default_file;
    if (named) {
        chosen = sources.file.empty() ? *environment.config_file : sources.file;
    }
    if (named && chosen.empty()) {
        throw util::Error(
            util::ErrorKind::config,
            "Environment variable IAM_TOKEN_GC_CONFIG is empty; set it to a file or unset it");
    }
    std::optional<std::string> text = chosen.empty() ? std::nullopt : read_file(chosen);
    if (named && !text) {
        throw util::Error(util::ErrorKind::config,
                          fmt::format("The configuration file {} does not exist", chosen));
    }
    return text;
}

std::vector<Setting> command_line_settings(const std::vector<Override>& overrides) {
    std::vector<Setting> settings;
    for (const Override& change : overrides) {
        const Key* const key = find_key(change.path);
        const bool has_option = key != nullptr && !key->option.empty();
        settings.push_back({.path = change.path,
                            .value = change.value,
                            .origin = {.source = Source::command_line,
                                       .place = has_option ? key->option : change.path}});
    }
    return settings;
}

bool is_utc(const std::string& zone) {
    return zone == "UTC" || zone == "Etc/UTC" || zone == "+00:00" || zone == "-00:00";
}

[[noreturn]] void reject_pair(const Loaded& loaded, const std::string& one,
                              const std::string& other, const std::string& why) {
    const bool usage = loaded.origins.at(one).source == Source::command_line ||
                       loaded.origins.at(other).source == Source::command_line;
    throw util::Error(
        usage ? util::ErrorKind::usage : util::ErrorKind::config,
        fmt::format("{} = {} ({}) and {} = {} ({}) do not go together: {}", one,
                    find_key(one)->print(loaded.config), to_string(loaded.origins.at(one)), other,
                    find_key(other)->print(loaded.config), to_string(loaded.origins.at(other)),
                    why));
}

void check_together(const Loaded& loaded) {
    const gc::Settings& gc = loaded.config.gc;
    // A wall clock shows one hour twice when summer time ends; a row of the second would seem an
    // hour older.
    if (!is_utc(loaded.config.database.time_zone) && gc.policy.grace < std::chrono::hours{1}) {
        reject_pair(loaded, "database.time_zone", "grace",
                    "in a time zone other than UTC an hour repeats when summer time ends, so grace "
                    "must be at "
                    "least 1h");
    }
    if (gc.retry.first_delay > gc.retry.longest_delay) {
        reject_pair(loaded, "retry.first_delay", "retry.longest_delay",
                    "the first delay must not be longer than the longest");
    }
}

}  // namespace

std::string to_string(const Origin& origin) {
    switch (origin.source) {
    case Source::default_value:
        return "default";
    case Source::file:
        return origin.place;
    case Source::environment:
        return "environment";
    case Source::command_line:
        return "command line";
    }
    return {};
}

Loaded load(const Sources& sources) {
    Loaded loaded;
    for (const Key& key : keys()) {
        loaded.origins[key.path] = {};
    }
    const Environment environment = read_environment(sources.environment);
    std::string chosen;
    if (const auto text = read_chosen_file(sources, environment, chosen)) {
        loaded.file = chosen;
        for (const Setting& setting : parse_yaml(*text, chosen)) {
            apply(loaded, setting);
        }
    }
    for (const Setting& setting : environment.settings) {
        apply(loaded, setting);
    }
    for (const Setting& setting : command_line_settings(sources.overrides)) {
        apply(loaded, setting);
    }
    loaded.config.database.password = environment.password;
    check_together(loaded);
    return loaded;
}

void require_database(const Config& config) {
    if (config.database.url.empty()) {
        throw util::Error(util::ErrorKind::config,
                          "No database is named; set IAM_TOKEN_GC_DATABASE_URL, database.url in "
                          "the configuration "
                          "file, or --database-url");
    }
}

}  // namespace config
