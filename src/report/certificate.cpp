// SPDX-License-Identifier: Apache-2.0
#include "report/certificate.hpp"

#include "report/json.hpp"
#include "report/text.hpp"
#include "util/error.hpp"
#include "util/sealed_json.hpp"

#include <fmt/format.h>

namespace report {

namespace {

constexpr const char* k_certificate_kind = "iam-token-gc certificate";

Json target_json(const gc::TargetTally& tally, const gc::Footprint& footprint, gc::Target target) {
    Json json{{"removed", tally.removed}, {"vanished", tally.vanished}};
    json["kept"] = Json::object();
    for (const auto& [reason, count] : tally.kept) {
        json["kept"][reason] = count;
    }
    json["satellites"] = Json::object();
    for (const auto& [table, count] : tally.satellites) {
        json["satellites"][table] = count;
    }
    if (const auto range = footprint.targets.find(target); range != footprint.targets.end()) {
        json["first_id"] = range->second.first;
        json["last_id"] = range->second.last;
    }
    return json;
}

std::string summary_of(const Json& json) {
    const Json& database = json.at("database");
    std::string text = fmt::format(
        "The certificate is intact.\n\nrun       {}\nby        {} on {}, iam-token-gc {}\n"
        "when      {} to {}\ndatabase  {} ({}, {})\nended     {}, exit {}\n",
        json.at("run").get<std::string>(), json.at("account").get<std::string>(),
        json.at("host").get<std::string>(), json.at("program").get<std::string>(),
        json.at("started").get<std::string>(), json.at("ended").get<std::string>(),
        database.at("url").get<std::string>(), database.at("server").get<std::string>(),
        database.at("level").get<std::string>(), json.at("stop_reason").get<std::string>(),
        json.at("exit_code").get<int>());
    for (const auto& [target, counts] : json.at("targets").items()) {
        const auto removed = counts.at("removed").get<std::int64_t>();
        if (removed > 0) {
            text += fmt::format("removed   {} of {}\n", grouped(removed), target);
        }
    }
    return text;
}

}  // namespace

std::string to_json(const Certificate& certificate) {
    const Head& head = certificate.basis.head;
    const gc::RunReport& run = certificate.document.run;
    Json json{{"kind", k_certificate_kind}, {"schema_version", k_certificate_version}};
    json["program"] = head.version;
    json["run"] = certificate.run;
    json["account"] = certificate.account;
    json["host"] = certificate.host;
    json["started"] = certificate.started;
    json["ended"] = certificate.ended;
    json["database"] = {{"url", head.database_url},
                        {"server", head.server},
                        {"name", head.database},
                        {"level", head.level},
                        {"fingerprint", certificate.basis.fingerprint}};
    json["configuration"] = certificate.basis.configuration;
    json["policy"] = Json::object();
    for (const auto& [path, value] : certificate.basis.policy) {
        json["policy"][path] = value;
    }
    json["cutoff"] = util::format_time(run.plan.cutoff);
    json["plan_sha256"] = certificate.plan_sha256;
    json["archive"] = certificate.archive_folder;
    json["targets"] = Json::object();
    for (const auto& [target, tally] : run.tally) {
        json["targets"][std::string(gc::name(target))] =
            target_json(tally, certificate.footprint, target);
    }
    json["clients"] = Json::object();
    for (const auto& [client, targets] : certificate.clients) {
        for (const auto& [target, range] : targets) {
            json["clients"][client][std::string(gc::name(target))] = range_json(range);
        }
    }
    json["expired_access_tokens_left"] =
        certificate.expired_left ? Json(*certificate.expired_left) : Json();
    json["stop_reason"] = certificate.document.stop_reason;
    json["exit_code"] = certificate.document.exit_code;
    return util::sealed(json);
}

std::string certificate_summary(std::string_view text, const std::string& path) {
    return util::read_sealed(
        text, {.kind = k_certificate_kind, .version = k_certificate_version, .path = path},
        summary_of, "certificate");
}

}  // namespace report
