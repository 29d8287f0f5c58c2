// SPDX-License-Identifier: Apache-2.0
#include "cli/target_options.hpp"

#include "util/closest.hpp"
#include "util/error.hpp"
#include "util/escape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

namespace cli {

namespace {

gc::Target known_target(std::string_view option, const std::string& name) {
    if (const auto target = gc::target_of(name)) {
        return *target;
    }
    std::vector<std::string> names;
    names.reserve(gc::k_targets.size());
    for (const gc::Target target : gc::k_targets) {
        names.emplace_back(gc::name(target));
    }
    throw util::Error(util::ErrorKind::usage,
                      fmt::format("{}: \"{}\" is no target{}; the targets are {}", option,
                                  util::escape_controls(name), util::did_you_mean(name, names),
                                  fmt::join(names, ", ")));
}

std::set<gc::Target> targets_in(std::string_view option, const std::vector<std::string>& lists) {
    std::set<gc::Target> targets;
    for (const std::string& list : lists) {
        std::size_t first = 0;
        while (first <= list.size()) {
            const auto end = std::min(list.find(',', first), list.size());
            targets.insert(known_target(option, list.substr(first, end - first)));
            first = end + 1;
        }
    }
    return targets;
}

}  // namespace

std::vector<config::Override> target_overrides(const std::vector<std::string>& skip,
                                               const std::vector<std::string>& only) {
    if (!skip.empty() && !only.empty()) {
        throw util::Error(util::ErrorKind::usage,
                          "--skip and --only exclude each other; give one of them");
    }
    const std::set<gc::Target> skipped = targets_in("--skip", skip);
    const std::set<gc::Target> chosen = targets_in("--only", only);
    std::vector<config::Override> changes;
    for (const gc::Target target : gc::k_targets) {
        if (!only.empty() || skipped.contains(target)) {
            changes.push_back({.path = fmt::format("targets.{}", gc::name(target)),
                               .value = chosen.contains(target) ? "true" : "false"});
        }
    }
    return changes;
}

gc::Target why_target(const std::optional<std::string>& name) {
    if (!name) {
        return gc::Target::access_token;
    }
    const gc::Target target = known_target("--target", *name);
    if (target == gc::Target::satellite || target == gc::Target::iam_revoked_at ||
        target == gc::Target::spring_session) {
        throw util::Error(
            util::ErrorKind::usage,
            fmt::format("--target: rows of {} have no number that why could look up", *name));
    }
    return target;
}

}  // namespace cli
