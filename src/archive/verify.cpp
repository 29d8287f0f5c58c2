// SPDX-License-Identifier: Apache-2.0
#include "archive/verify.hpp"

#include "archive/columns.hpp"
#include "util/error.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <set>

namespace archive {

namespace {

// A row as it is asked for: its table, and its id or text key.
using RowKey = std::pair<std::string, std::string>;

std::optional<RowKey> key_of(const Json& record) {
    for (const char* const key : {"id", "key", "hash"}) {
        if (record.contains(key)) {
            const Json& value = record[key];
            return RowKey(record.value("table", ""),
                          value.is_string() ? value.get<std::string>() : value.dump());
        }
    }
    return std::nullopt;
}

class Verification {
public:
    Verification(const std::string& folder, const StoredRun& run, db::ArchiveRows* database)
        : m_folder(folder), m_run(run), m_database(database) {
        const Manifest& manifest = run.manifest;
        m_result = {.run = manifest.run,
                    .mode = manifest.mode,
                    .started = manifest.started,
                    .ended = manifest.ended,
                    .plan_sha256 = manifest.plan_sha256};
    }

    Verified execute() {
        if (!m_run.problem.empty()) {
            fail(m_run.problem);
        }
        for (const FileEntry& entry : m_run.manifest.files) {
            if (std::ranges::find(m_run.files, entry.name) == m_run.files.end()) {
                fail(fmt::format("{} is missing", entry.name));
            }
        }
        for (const std::string& name : m_run.files) {
            look_at_file(name);
        }
        look_at_the_whole();
        look_at_unknown();
        return m_result;
    }

private:
    void fail(const std::string& text) { m_result.findings.push_back({true, text}); }
    void note(const std::string& text) { m_result.findings.push_back({false, text}); }

    void look_at_file(const std::string& name) {
        const StoredFile file(m_folder + "/" + name);
        ++m_result.files;
        compare_with_manifest(name, file);
        for (const std::string& damage : file.damages()) {
            fail(fmt::format("{}: {}", name, damage));
        }
        for (const StoredBatch& batch : file.batches()) {
            if (batch.number != ++m_last_batch) {
                fail(fmt::format("{}: batch {} stands where batch {} has to be", name, batch.number,
                                 m_last_batch));
                m_last_batch = batch.number;
            }
            look_at_batch(file, batch);
        }
    }

    void compare_with_manifest(const std::string& name, const StoredFile& file) {
        const auto& files = m_run.manifest.files;
        const auto entry = std::ranges::find(files, name, &FileEntry::name);
        if (entry != files.end()) {
            if (file.bytes() != entry->bytes || file.sha256() != entry->sha256) {
                fail(fmt::format("{} was altered: its SHA-256 is not that of the manifest", name));
            }
        } else if (!m_run.manifest.ended.empty()) {
            fail(fmt::format("{} is not in the manifest", name));
        } else if (file.torn() > 0) {
            note(
                fmt::format("{} ends in a batch that was not written to its end, so nothing of "
                            "it was removed",
                            name));
        }
    }

    void look_at_batch(const StoredFile& file, const StoredBatch& batch) {
        if (batch.end == BatchEnd::rolled_back) {
            return;
        }
        std::set<RowKey> keys;
        for (const Json& row : file.rows(batch)) {
            if (batch.end == BatchEnd::committed) {
                ++m_result.rows[row.value("table", "")];
            }
            if (const auto key = key_of(row)) {
                keys.insert(*key);
            }
        }
        if (batch.end == BatchEnd::unknown) {
            m_unknown[batch.number] = std::move(keys);
            return;
        }
        ++m_result.batches;
        for (auto& [number, rows] : m_unknown) {
            const bool again = !rows.empty() && std::ranges::includes(keys, rows);
            if (again) {
                m_repeated[number] = batch.number;
            }
        }
    }

    void look_at_the_whole() {
        if (!m_run.problem.empty()) {
            return;
        }
        if (m_run.manifest.ended.empty()) {
            note("the run still goes on, or it died: its manifest was not completed");
        } else if (m_run.manifest.rows != m_result.rows) {
            fail("the rows of its files are not as many as its manifest says");
        }
    }

    void look_at_unknown() {
        for (const auto& [number, keys] : m_unknown) {
            const std::string batch = fmt::format("the end of batch {} is not known", number);
            if (m_repeated.contains(number)) {
                note(fmt::format("{}; its rows went with batch {}", batch, m_repeated[number]));
            } else if (m_database == nullptr) {
                note(batch + "; name the database and verify again, to see whether its rows exist");
            } else {
                const std::size_t left = existing(keys);
                note(fmt::format("{}; {}", batch,
                                 left == 0 ? "none of its rows exists any more, so it was carried "
                                             "out"
                                 : left == keys.size()
                                     ? "all of its rows exist, so it was not carried out"
                                     : fmt::format("{} of its {} rows exist", left, keys.size())));
            }
        }
    }

    std::size_t existing(const std::set<RowKey>& keys) {
        std::map<std::string, std::vector<std::string>> by_table;
        for (const auto& [table, key] : keys) {
            by_table[table].push_back(key);
        }
        std::size_t found = 0;
        for (const auto& [table, wanted] : by_table) {
            const auto target = gc::target_of(table);
            const db::RowSet set = target ? columns_of(*target, m_database->schema(), Mode::ids)
                                          : db::RowSet{.table = table};
            if (set.key == "id") {
                std::vector<gc::Id> ids;
                for (const std::string& key : wanted) {
                    ids.push_back(db::as_integer(key));
                }
                found += m_database->existing(set, ids).size();
            } else {
                found += m_database->existing_keys(set, wanted).size();
            }
        }
        return found;
    }

    const std::string& m_folder;
    const StoredRun& m_run;
    db::ArchiveRows* m_database;
    Verified m_result{};
    std::int64_t m_last_batch = 0;
    std::map<std::int64_t, std::set<RowKey>> m_unknown{};
    std::map<std::int64_t, std::int64_t> m_repeated{};
};

}  // namespace

bool Verified::intact() const {
    return std::ranges::none_of(findings, &Finding::failure);
}

Verified verify(const std::string& folder, const StoredRun& run, db::ArchiveRows* database) {
    return Verification(folder, run, database).execute();
}

}  // namespace archive
