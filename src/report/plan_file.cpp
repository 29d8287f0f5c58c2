// SPDX-License-Identifier: Apache-2.0
#include "report/plan_file.hpp"

#include "report/json.hpp"
#include "util/error.hpp"
#include "util/sealed_json.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

namespace report {

namespace {

constexpr const char* k_plan_kind = "iam-token-gc plan";

Json counts_json(const std::map<std::string, std::int64_t>& counts) {
    Json json = Json::object();
    for (const auto& [name, count] : counts) {
        json[name] = count;
    }
    return json;
}

std::map<std::string, std::int64_t> counts_of(const Json& json) {
    std::map<std::string, std::int64_t> counts;
    for (const auto& [name, count] : json.items()) {
        counts[name] = count.get<std::int64_t>();
    }
    return counts;
}

gc::RowRange range_of(const Json& json) {
    return {.rows = json.at("rows"), .first = json.at("first_id"), .last = json.at("last_id")};
}

Json planned_json(const PlannedRows& planned) {
    Json json{{"state", planned.state}};
    if (!planned.reason.empty()) {
        json["reason"] = planned.reason;
    }
    json["safe_point"] = planned.safe_point ? Json(*planned.safe_point) : Json();
    if (planned.top) {
        json["top"] = *planned.top;
    }
    for (const auto& [policy, tally] : planned.tally.early) {
        json["policies"][policy] = {{"removed", tally.removed}, {"kept", counts_json(tally.kept)}};
    }
    json["scanned"] = planned.tally.scanned;
    json["removed"] = planned.tally.removed;
    json["kept"] = counts_json(planned.tally.kept);
    json["satellites"] = counts_json(planned.tally.satellites);
    json["ids"] = range_json(planned.ids);
    return json;
}

PlannedRows planned_of(const Json& json) {
    PlannedRows planned{.state = json.at("state"), .reason = json.value("reason", "")};
    if (!json.at("safe_point").is_null()) {
        planned.safe_point = json.at("safe_point").get<gc::Id>();
    }
    if (json.contains("top")) {
        planned.top = json.at("top").get<gc::Id>();
    }
    if (json.contains("policies")) {
        for (const auto& [policy, tally] : json.at("policies").items()) {
            planned.tally.early[policy] = {.removed = tally.at("removed"),
                                           .kept = counts_of(tally.at("kept"))};
        }
    }
    planned.tally.scanned = json.at("scanned");
    planned.tally.removed = json.at("removed");
    planned.tally.kept = counts_of(json.at("kept"));
    planned.tally.satellites = counts_of(json.at("satellites"));
    planned.ids = range_of(json.at("ids"));
    return planned;
}

std::string utc(std::int64_t unix_milliseconds) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(unix_milliseconds / 1000));
}

gc::Target known_target(const std::string& name) {
    const auto target = gc::target_of(name);
    if (!target) {
        throw util::Error(
            util::ErrorKind::data,
            fmt::format("the plan names a target {} that this program does not know", name));
    }
    return *target;
}

Json clients_json(const PlanFile& plan) {
    Json clients = Json::object();
    for (const auto& [client, targets] : plan.clients) {
        for (const auto& [target, range] : targets) {
            clients[client][std::string(gc::name(target))] = range_json(range);
        }
    }
    return clients;
}

PlanFile plan_of(const Json& json) {
    PlanFile plan;
    const Json& database = json.at("database");
    plan.head = {.command = "plan",
                 .version = json.at("program"),
                 .database_url = database.at("url"),
                 .server = database.at("server"),
                 .database = database.at("name"),
                 .level = database.at("level"),
                 .time_zone = database.at("time_zone")};
    plan.fingerprint = database.at("fingerprint");
    plan.configuration = json.at("configuration");
    plan.created = json.at("created_ms");
    plan.expires = json.at("expires_ms");
    plan.clock = {.now = util::parse_time(json.at("now").get<std::string>()),
                  .unix_milliseconds = plan.created};
    plan.cutoff = util::parse_time(json.at("cutoff").get<std::string>());
    for (const auto& [name, planned] : json.at("targets").items()) {
        plan.targets[known_target(name)] = planned_of(planned);
    }
    for (const auto& [client, targets] : json.at("clients").items()) {
        for (const auto& [name, range] : targets.items()) {
            plan.clients[client][known_target(name)] = range_of(range);
        }
    }
    plan.sha256 = json.at("sha256");
    return plan;
}

}  // namespace

std::string to_json(const PlanFile& plan) {
    Json json{
        {"kind", k_plan_kind}, {"schema_version", k_plan_version}, {"program", plan.head.version}};
    json["database"] = {{"url", plan.head.database_url},    {"server", plan.head.server},
                        {"name", plan.head.database},       {"level", plan.head.level},
                        {"time_zone", plan.head.time_zone}, {"fingerprint", plan.fingerprint}};
    json["configuration"] = plan.configuration;
    json["policy"] = Json::object();
    for (const auto& [path, value] : plan.policy) {
        json["policy"][path] = value;
    }
    json["created"] = utc(plan.created);
    json["created_ms"] = plan.created;
    json["expires"] = utc(plan.expires);
    json["expires_ms"] = plan.expires;
    json["now"] = util::format_time(plan.clock.now);
    json["cutoff"] = util::format_time(plan.cutoff);
    json["targets"] = Json::object();
    gc::Tally tally;
    for (const auto& [target, planned] : plan.targets) {
        json["targets"][std::string(gc::name(target))] = planned_json(planned);
        tally[target] = planned.tally;
    }
    json["clients"] = clients_json(plan);
    json["estimate"] = {{"rows", gc::rows_removed(tally)},
                        {"rows_touched", gc::rows_touched(tally)},
                        {"reading_ms", plan.reading_ms}};
    json["statements"] = Json::array();
    for (const ExplainedStatement& statement : plan.statements) {
        Json& one = json["statements"].emplace_back(Json{{"target", statement.target}});
        if (!statement.policy.empty()) {
            one["policy"] = statement.policy;
        }
        one["sql"] = statement.sql;
        one["explain"] = statement.explained;
    }
    return util::sealed(json);
}

PlanFile parse_plan(std::string_view text, const std::string& path) {
    return util::read_sealed(text, {.kind = k_plan_kind, .version = k_plan_version, .path = path},
                             plan_of, "plan", "; make a new one");
}

std::string refusal(const PlanFile& plan, const PlanFile& now) {
    const auto differs = [](std::string_view what, std::string_view planned,
                            std::string_view found) {
        return fmt::format("the plan was made for {} {} and this is {}; make a new plan", what,
                           planned, found);
    };
    if (plan.head.version != now.head.version) {
        return differs("version", plan.head.version, now.head.version);
    }
    if (plan.head.database_url != now.head.database_url ||
        plan.head.database != now.head.database) {
        return differs("database", plan.head.database_url, now.head.database_url);
    }
    if (plan.head.server != now.head.server) {
        return differs("server", plan.head.server, now.head.server);
    }
    if (plan.head.level != now.head.level) {
        return differs("schema level", plan.head.level, now.head.level);
    }
    if (plan.fingerprint != now.fingerprint) {
        return "the schema of the database has changed since the plan was made; make a new plan";
    }
    if (plan.configuration != now.configuration) {
        return "the settings that decide what is garbage are not those of the plan; compare "
               "`policy` in the plan with `config show`, or make a new plan";
    }
    if (now.created >= plan.expires) {
        return fmt::format("the plan expired at {} (plan.lifetime); make a new plan",
                           utc(plan.expires));
    }
    return {};
}

std::string drift(const PlanFile& plan, const gc::Tally& counted, double tolerance) {
    for (const auto& [target, planned] : plan.targets) {
        const auto found = counted.find(target);
        const std::int64_t rows = found == counted.end() ? 0 : found->second.removed;
        const auto apart = static_cast<double>(std::llabs(rows - planned.tally.removed));
        if (apart > tolerance * static_cast<double>(planned.tally.removed)) {
            return fmt::format(
                "the plan counted {} rows of {} to remove and now there are {}, "
                "which is further apart than plan.tolerance ({}) allows; make a new "
                "plan",
                planned.tally.removed, gc::name(target), rows, tolerance);
        }
    }
    return {};
}

}  // namespace report
