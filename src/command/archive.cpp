// SPDX-License-Identifier: Apache-2.0
#include "command/commands.hpp"

#include "archive/restore.hpp"
#include "archive/verify.hpp"
#include "report/json.hpp"
#include "report/text.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace command {

namespace {

using ::report::Json;

Json counts_json(const std::map<std::string, std::int64_t>& counts) {
    Json json = Json::object();
    for (const auto& [name, count] : counts) {
        json[name] = count;
    }
    return json;
}

Json verified_json(const archive::Verified& verified) {
    Json json{{"run", verified.run},
              {"mode", verified.mode},
              {"started", verified.started},
              {"ended", verified.ended},
              {"plan_sha256", verified.plan_sha256},
              {"files", verified.files},
              {"batches", verified.batches},
              {"rows", counts_json(verified.rows)},
              {"intact", verified.intact()}};
    json["findings"] = Json::array();
    for (const archive::Finding& finding : verified.findings) {
        json["findings"].push_back({{"failure", finding.failure}, {"text", finding.text}});
    }
    return json;
}

std::string counts_text(const std::map<std::string, std::int64_t>& counts,
                        std::string_view after = "") {
    std::string text;
    for (const auto& [name, count] : counts) {
        text += fmt::format("  {:<44}{:>14}{}\n", name, ::report::grouped(count), after);
    }
    return text;
}

std::string verified_text(const archive::Verified& verified) {
    std::string text = fmt::format(
        "run {}: {}, {} files, {} batches, begun {}, {}\n", verified.run,
        verified.intact() ? "intact" : "NOT INTACT", verified.files, verified.batches,
        verified.started, verified.ended.empty() ? "not ended" : "ended " + verified.ended);
    for (const archive::Finding& finding : verified.findings) {
        text += ::report::wrapped(
            fmt::format("{}: {}.", finding.failure ? "failure" : "note", finding.text), 2);
    }
    return text + counts_text(verified.rows);
}

Json restored_json(const archive::Restored& restored, bool dry_run) {
    Json json{{"schema_version", ::report::k_schema_version}, {"command", "restore"}};
    json["dry_run"] = dry_run;
    json["batches"] = restored.batches;
    json["restored"] = counts_json(restored.rows);
    json["refused"] = counts_json(restored.refused);
    return json;
}

}  // namespace

int archive_verify(const Context& context) {
    const config::Config& config = context.config();
    const auto runs = archive::find_runs(config.archive.path, "");
    std::unique_ptr<db::SqlStore> store;
    std::optional<db::ArchiveRows> rows;
    if (!config.database.url.empty()) {
        store = open_store(config, true);
        rows.emplace(*store);
    }
    Json json{{"schema_version", ::report::k_schema_version}, {"command", "archive verify"}};
    json["runs"] = Json::array();
    std::string text;
    bool intact = true;
    for (const archive::StoredRun& run : runs) {
        const archive::Verified verified =
            archive::verify(config.archive.path, run, rows ? &*rows : nullptr);
        json["runs"].push_back(verified_json(verified));
        text += (text.empty() ? "" : "\n") + verified_text(verified);
        intact = intact && verified.intact();
    }
    json["intact"] = intact;
    print(context, wants_json(context) ? ::report::dump(json) : text);
    return intact ? 0 : util::exit_code(util::ErrorKind::data);
}

int restore(const Context& context) {
    const config::Config& config = context.config();
    const cli::Invocation& wanted = context.invocation;
    const auto store = open_store(config, wanted.dry_run);
    if (!wanted.dry_run) {
        const gc::LockHolder lock = store->try_lock_run();
        if (!lock.acquired) {
            throw util::Error(util::ErrorKind::busy,
                              fmt::format("a run works on this database ({}); wait for it or end "
                                          "it, then restore again",
                                          lock.holder));
        }
    }
    const archive::Restored restored =
        archive::restore(*store, config.archive.path, wanted.run_id,
                         {.client = wanted.client, .dry_run = wanted.dry_run},
                         [&] { return context.signals.signal() != 0; });
    if (wants_json(context)) {
        print(context, ::report::dump(restored_json(restored, wanted.dry_run)));
    } else {
        std::string text = fmt::format(
            "{}\n{}",
            wanted.dry_run ? "Would be put back:" : "Put back:", counts_text(restored.rows));
        if (!restored.refused.empty()) {
            text += fmt::format("\nStayed out, because a row with their key exists:\n{}",
                                counts_text(restored.refused));
        }
        print(context, text);
    }
    if (const int stopped = exit_code_after(context.signals); stopped != 0) {
        return stopped;
    }
    return restored.refused.empty() ? 0 : util::exit_code(util::ErrorKind::data);
}

}  // namespace command
