// SPDX-License-Identifier: Apache-2.0
#include "report/idle_file.hpp"

#include "report/kept.hpp"
#include "util/error.hpp"
#include "util/escape.hpp"
#include "util/kept_file.hpp"
#include "util/runs.hpp"
#include "util/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <system_error>
#include <utility>

namespace report {

namespace {

constexpr int k_idle_version = 1;
constexpr std::size_t k_tokens = 10'000'000;
constexpr std::size_t k_witnesses = 1000;
constexpr std::uintmax_t k_largest_memory = std::uintmax_t{1} << 28U;

// "5 7-9": ids in ascending order, and ranges of those that follow each other.
std::string id_text(std::vector<gc::Id> ids) {
    std::string text;
    for (const auto& [first, last] : util::runs_of(std::move(ids))) {
        text += text.empty() ? "" : " ";
        text += first == last ? fmt::format("{}", first) : fmt::format("{}-{}", first, last);
    }
    return text;
}

// By the moment since when they are idle.
Json tokens_json(const std::vector<gc::IdleToken>& tokens) {
    std::map<util::TimePoint, std::vector<gc::Id>> idle;
    for (const gc::IdleToken& token : tokens) {
        idle[token.since].push_back(token.id);
    }
    Json json = Json::array();
    for (auto& [since, ids] : idle) {
        json.push_back({{"since", util::format_time(since)}, {"ids", id_text(std::move(ids))}});
    }
    return json;
}

Json memory_json(const gc::IdleMemory& memory) {
    Json json{{"top", memory.top}};
    if (memory.proved) {
        json["proved"] = util::format_time(*memory.proved);
    }
    json["tokens"] = tokens_json(memory.tokens);
    json["witnesses"] = Json::array();
    for (const gc::IdleWitness& witness : memory.witnesses) {
        json["witnesses"].push_back({{"access_token", witness.access_token},
                                     {"refresh_token", witness.refresh_token},
                                     {"expiration", util::format_time(witness.expiration)}});
    }
    return json;
}

void require(bool fine) {
    if (!fine) {
        throw util::Error(util::ErrorKind::data, "a figure is out of range");
    }
}

// Takes a number off the front.
gc::Id take_id(std::string_view& text) {
    gc::Id id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    require(error == std::errc{} && id >= 0);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return id;
}

bool take(std::string_view& text, char mark) {
    const bool there = text.starts_with(mark);
    text.remove_prefix(there ? 1 : 0);
    return there;
}

void add_list(std::vector<gc::IdleToken>& tokens, std::string_view list, util::TimePoint since) {
    while (!list.empty()) {
        const gc::Id first = take_id(list);
        const gc::Id last = take(list, '-') ? take_id(list) : first;
        require(last >= first &&
                static_cast<std::uint64_t>(last - first) < k_tokens - tokens.size());
        for (gc::Id id = first; id <= last; ++id) {
            tokens.push_back({.id = id, .since = since});
        }
        require(list.empty() || (take(list, ' ') && !list.empty()));
    }
}

gc::IdleMemory memory_of(const Json& json) {
    gc::IdleMemory memory{.top = json.at("top").get<gc::Id>()};
    if (json.contains("proved")) {
        memory.proved = util::parse_time(json.at("proved").get<std::string>());
    }
    for (const Json& run : json.at("tokens")) {
        const util::TimePoint since = util::parse_time(run.at("since").get<std::string>());
        add_list(memory.tokens, run.at("ids").get<std::string>(), since);
    }
    std::ranges::sort(memory.tokens, {}, &gc::IdleToken::id);
    require(std::ranges::adjacent_find(memory.tokens, {}, &gc::IdleToken::id) ==
            memory.tokens.end());
    require(json.at("witnesses").size() <= k_witnesses);
    for (const Json& witness : json.at("witnesses")) {
        memory.witnesses.push_back(
            {.access_token = witness.at("access_token").get<gc::Id>(),
             .refresh_token = witness.at("refresh_token").get<gc::Id>(),
             .expiration = util::parse_time(witness.at("expiration").get<std::string>())});
    }
    return memory;
}

}  // namespace

std::string idle_text(const std::string& database, const gc::IdleMemory& memory) {
    Json json{{"version", k_idle_version}, {"database", database}};
    json.update(memory_json(memory));
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::optional<KeptIdle> parse_idle(std::string_view text) {
    return parse_kept(text, k_idle_version, [](const Json& json) {
        return KeptIdle{.database = json.at("database").get<std::string>(),
                        .memory = memory_of(json)};
    });
}

LoadedIdle load_idle(const std::string& path, const std::string& database) {
    auto [kept, why] = load_kept(path, k_largest_memory, database, parse_idle);
    if (kept) {
        return {.memory = std::move(kept->memory)};
    }
    return {.warning = why.empty() ? std::string{}
                                   : fmt::format("what runs saw of refresh tokens, in {} "
                                                 "(refresh_unused.file), {}, so it starts anew",
                                                 util::escape_controls(path), why)};
}

void save_idle(const std::string& path, const std::string& database, const gc::IdleMemory& memory) {
    try {
        util::keep(path, idle_text(database, memory));
    } catch (const util::Error& error) {
        throw util::Error(
            util::ErrorKind::io,
            fmt::format("what this run saw of refresh tokens cannot be written to {} "
                        "(refresh_unused.file: {}), so nothing was removed; see that its folder "
                        "can be written to, or set refresh_unused.age to 0",
                        util::escape_controls(path), error.what()));
    }
}

}  // namespace report
