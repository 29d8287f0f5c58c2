// SPDX-License-Identifier: Apache-2.0
#include "archive/restore.hpp"

#include "archive/columns.hpp"
#include "archive/selection.hpp"
#include "archive/verify.hpp"
#include "util/error.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <set>
#include <span>

namespace archive {

namespace {

constexpr std::size_t k_values_per_statement = 500;

// A list from its end; clang 14 cannot read the views of the library of g++ 12. The list has to
// live for longer.
template <typename Item>
class Backwards {
public:
    explicit Backwards(const std::vector<Item>& list) : m_list(&list) {}
    auto begin() const { return m_list->rbegin(); }
    auto end() const { return m_list->rend(); }

private:
    const std::vector<Item>* m_list;
};

std::string key_text(const Json& row) {
    for (const char* const key : {"owner", "id", "key", "hash"}) {
        if (row.contains(key)) {
            return row[key].is_string() ? row[key].get<std::string>() : row[key].dump();
        }
    }
    return {};
}

void require_usable(const std::string& folder, const StoredRun& run, const gc::Schema& schema) {
    const Manifest& manifest = run.manifest;
    const auto refuse = [&](const std::string& why) {
        throw util::Error(util::ErrorKind::data, fmt::format("run {} of {} cannot be restored: {}",
                                                             manifest.run, folder, why));
    };
    const Verified verified = verify(folder, run, nullptr);
    for (const Finding& finding : verified.findings) {
        if (finding.failure) {
            refuse(finding.text);
        }
    }
    if (manifest.mode != name(Mode::full)) {
        refuse("it was written without values (archive.mode: ids), so it can only be read");
    }
    if (manifest.database != schema.database || manifest.level != schema.level) {
        refuse(fmt::format("it is of database {} at {}, and this is {} at {}; check database.url",
                           manifest.database, manifest.level, schema.database, schema.level));
    }
}

// Rows by table and key; ids take about a bit each.
class Keys {
public:
    void insert(const std::string& table, const std::string& key) {
        if (is_number(key)) {
            m_ids[table].insert(db::as_integer(key));
        } else {
            m_texts.insert({table, key});
        }
    }

    bool contains(const std::string& table, const std::string& key) const {
        const auto found = m_ids.find(table);
        return is_number(key) ? found != m_ids.end() && found->second.contains(db::as_integer(key))
                              : m_texts.contains({table, key});
    }

private:
    static bool is_number(const std::string& key) {
        return !key.empty() && key.size() < 19 &&
               std::ranges::all_of(key, [](unsigned char c) { return std::isdigit(c) != 0; });
    }

    std::map<std::string, gc::IdSet> m_ids{};
    std::set<std::pair<std::string, std::string>> m_texts{};
};

class Restoration {
public:
    Restoration(db::SqlStore& store, const RestoreOptions& options)
        : m_store(store), m_rows(store), m_dry_run(options.dry_run), m_selection(options.client) {}

    void look_at(const std::string& folder, const StoredRun& run) {
        require_usable(folder, run, m_rows.schema());
        for (const std::string& name : run.files) {
            const StoredFile file(fmt::format("{}/{}", folder, name));
            for (const StoredBatch& batch : file.batches()) {
                for (const Json& row :
                     batch.end == BatchEnd::rolled_back ? std::vector<Json>{} : file.rows(batch)) {
                    m_selection.look_at(row);
                }
            }
        }
    }

    void put_back(const std::string& folder, const StoredRun& run,
                  const std::function<bool()>& stop) {
        for (const std::string& name : Backwards(run.files)) {
            const StoredFile file(fmt::format("{}/{}", folder, name));
            for (const StoredBatch& batch : Backwards(file.batches())) {
                if (stop()) {
                    return;
                }
                if (batch.end != BatchEnd::rolled_back) {
                    put_back_batch(run.manifest.run, batch.number, file.rows(batch));
                }
            }
        }
    }

    const Restored& result() const { return m_result; }

private:
    void put_back_batch(const std::string& run, std::int64_t number, std::vector<Json> rows) {
        std::erase_if(rows, [&](const Json& row) { return !m_selection.contains(row); });
        std::ranges::reverse(rows);
        m_refused = {};
        if (rows.empty()) {
            return;
        }
        try {
            if (!m_dry_run) {
                m_store.begin();
            }
            for (std::size_t at = 0; at < rows.size();) {
                at += put_back_some(std::span(rows).subspan(at));
            }
            if (!m_dry_run) {
                m_store.commit();
            }
        } catch (const util::Error& error) {
            m_store.rollback();
            const bool known = error.kind() == util::ErrorKind::connection ||
                               error.kind() == util::ErrorKind::permission;
            throw util::Error(
                known ? error.kind() : util::ErrorKind::data,
                fmt::format("batch {} of run {} cannot be restored, and nothing of it "
                            "was: {}",
                            number, run, error.what()));
        }
        ++m_result.batches;
    }

    // As many rows from the front as one statement takes: all of one table and with the same
    // columns.
    std::size_t put_back_some(std::span<const Json> rows) {
        const std::string table = rows.front().value("table", "");
        const db::RowSet set = set_of(table, rows.front());
        const std::size_t most =
            std::max<std::size_t>(1, k_values_per_statement / set.columns.size());
        std::size_t count = 0;
        while (count < rows.size() && count < most && rows[count].value("table", "") == table) {
            ++count;
        }
        const std::span<const Json> some = rows.first(count);
        const std::set<std::string> present = existing(set, some);
        db::Rows values;
        for (const Json& row : some) {
            if (!may_go_in(set, row, present)) {
                ++m_result.refused[table];
                continue;
            }
            db::Row& cells = values.emplace_back();
            for (const std::string& column : set.columns) {
                cells.push_back(cell_of(row.at("columns").value(column, Json())));
            }
            ++m_result.rows[table];
        }
        if (!m_dry_run) {
            m_rows.insert(set, values);
        }
        return count;
    }

    db::RowSet set_of(const std::string& table, const Json& row) {
        db::RowSet set{.table = table, .columns = {}, .key = "id"};
        if (const auto target = gc::target_of(table)) {
            set.key = columns_of(*target, m_rows.schema(), Mode::ids).key;
        } else {
            for (const gc::Satellite& satellite : gc::all_satellites()) {
                set.key = satellite.table == table ? std::string(satellite.owner_column) : set.key;
            }
            set.key = table == "spring_session_attributes" ? "session_primary_id" : set.key;
        }
        for (const auto& [column, value] : row.at("columns").items()) {
            set.columns.push_back(column);
        }
        return set;
    }

    std::set<std::string> existing(const db::RowSet& set, std::span<const Json> rows) {
        std::set<std::string> keys;
        for (const Json& row : rows) {
            keys.insert(key_text(row));
        }
        std::set<std::string> found;
        if (rows.front().contains("id") ||
            (rows.front().contains("owner") && rows.front()["owner"].is_number_integer())) {
            std::vector<gc::Id> ids;
            ids.reserve(keys.size());
            for (const std::string& key : keys) {
                ids.push_back(db::as_integer(key));
            }
            for (const gc::Id id : m_rows.existing(set, ids)) {
                found.insert(std::to_string(id));
            }
        } else {
            const std::vector<std::string> present =
                m_rows.existing_keys(set, {keys.begin(), keys.end()});
            found.insert(present.begin(), present.end());
        }
        return found;
    }

    // Satellites go where their owner goes, and stay out when this batch's owner does. Those of an
    // owner that is not in the archive go in when the owner has none now.
    bool may_go_in(const db::RowSet& set, const Json& row, const std::set<std::string>& present) {
        const std::string key = key_text(row);
        const std::string owner = owner_table_of(set.table);
        const bool is_free = !present.contains(key);
        if (owner.empty()) {
            const bool goes_in = is_free && !m_restored.contains(set.table, key);
            (goes_in ? m_restored : m_refused).insert(set.table, key);
            return goes_in;
        }
        if (m_refused.contains(owner, key)) {
            return false;
        }
        if (m_restored.contains(owner, key)) {
            return true;
        }
        if (is_free) {
            m_loose.insert(set.table, key);
        }
        return m_loose.contains(set.table, key);
    }

    db::SqlStore& m_store;
    db::ArchiveRows m_rows;
    bool m_dry_run;
    Selection m_selection;
    Restored m_result{};
    Keys m_restored{};
    Keys m_refused{};  // in the batch in hand
    Keys m_loose{};    // owners of satellites that came without their owner
};

}  // namespace

Restored restore(db::SqlStore& store, const std::string& folder, const std::string& run,
                 const RestoreOptions& options, const std::function<bool()>& stop) {
    const std::vector<StoredRun> runs = find_runs(folder, run);
    Restoration restoration(store, options);
    for (const StoredRun& stored : runs) {
        restoration.look_at(folder, stored);
    }
    for (const StoredRun& stored : Backwards(runs)) {
        restoration.put_back(folder, stored, stop);
    }
    return restoration.result();
}

}  // namespace archive
