// SPDX-License-Identifier: Apache-2.0
#include "archive/manifest.hpp"

#include "util/error.hpp"
#include "util/sealed_json.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <random>

namespace archive {

namespace {

using Json = util::SealedJson;

constexpr const char* k_kind = "iam-token-gc archive";

std::tm utc() {
    return fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()));
}

Json file_json(const FileEntry& file) {
    return {{"name", file.name},
            {"bytes", file.bytes},
            {"batches", file.batches},
            {"rows", file.rows},
            {"sha256", file.sha256}};
}

FileEntry file_of(const Json& json) {
    return {.name = json.at("name"),
            .bytes = json.at("bytes"),
            .batches = json.at("batches"),
            .rows = json.at("rows"),
            .sha256 = json.at("sha256")};
}

Manifest manifest_of(const Json& json) {
    Manifest manifest{.run = json.at("run"),
                      .mode = json.at("mode"),
                      .program = json.at("program"),
                      .database_url = json.at("database").at("url"),
                      .server = json.at("database").at("server"),
                      .database = json.at("database").at("name"),
                      .level = json.at("database").at("level"),
                      .plan_sha256 = json.at("plan_sha256"),
                      .started = json.at("started"),
                      .ended = json.at("ended")};
    for (const Json& file : json.at("files")) {
        manifest.files.push_back(file_of(file));
    }
    for (const auto& [table, rows] : json.at("rows").items()) {
        manifest.rows[table] = rows.get<std::int64_t>();
    }
    return manifest;
}

}  // namespace

std::string new_run_id() {
    std::random_device device;
    return fmt::format("{:%Y%m%dT%H%M%SZ}-{:08x}", utc(), device());
}

std::string utc_now() {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", utc());
}

std::string to_json(const Manifest& manifest) {
    Json json;
    json["kind"] = k_kind;
    json["schema_version"] = k_archive_version;
    json["run"] = manifest.run;
    json["mode"] = manifest.mode;
    json["program"] = manifest.program;
    json["database"] = {{"url", manifest.database_url},
                        {"server", manifest.server},
                        {"name", manifest.database},
                        {"level", manifest.level}};
    json["plan_sha256"] = manifest.plan_sha256;
    json["started"] = manifest.started;
    json["ended"] = manifest.ended;
    json["files"] = Json::array();
    for (const FileEntry& file : manifest.files) {
        json["files"].push_back(file_json(file));
    }
    json["rows"] = Json::object();
    for (const auto& [table, rows] : manifest.rows) {
        json["rows"][table] = rows;
    }
    return util::sealed(json);
}

Manifest parse_manifest(const std::string& text, const std::string& path) {
    return util::read_sealed(text, {.kind = k_kind, .version = k_archive_version, .path = path},
                             manifest_of, "manifest");
}

}  // namespace archive
