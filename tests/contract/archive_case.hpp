// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "archive/reader.hpp"
#include "archive/recording_store.hpp"
#include "archive/restore.hpp"
#include "archive/verify.hpp"
#include "contract/store_case.hpp"
#include "gc/collector.hpp"
#include "gc/plan.hpp"
#include "support/population.hpp"
#include "support/runs.hpp"
#include "support/snapshot.hpp"
#include "util/error.hpp"

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace test {

// A folder that is gone with this object.
class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string name =
            (std::filesystem::temp_directory_path() / "itgc-archive.XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        m_path = name;
    }
    ~TemporaryFolder() { std::filesystem::remove_all(m_path); }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::string& path() const { return m_path; }

private:
    std::string m_path{};
};

// Fails when it is told to, before or after the COMMIT it hands on.
class BreakingStore final : public gc::ForwardingStore {
public:
    using gc::ForwardingStore::ForwardingStore;

    std::function<void()> before_commit{};
    std::function<void()> after_commit{};

    void commit() override {
        if (const auto fail = std::exchange(before_commit, nullptr)) {
            fail();
        }
        inner().commit();
        if (const auto fail = std::exchange(after_commit, nullptr)) {
            fail();
        }
    }
};

// A database with rows, and runs that are archived.
class ArchiveCase {
public:
    explicit ArchiveCase(StoreCase& from, archive::Mode how) : store_case(from), mode(how) {}

    void populate(std::uint64_t seed = 7) {
        Population(store_case.iam, {.seed = seed, .now = store_case.store.clock().now}).write();
        store_case.iam.flush();
    }

    // Every column of every table, secrets too.
    std::map<std::string, db::Rows> everything() const {
        std::map<std::string, db::Rows> all;
        const std::string quote =
            store_case.connection->dialect() == db::Dialect::mysql ? "`" : "\"";
        for (const std::string& table : store_case.catalog.tables()) {
            std::string columns;
            for (const auto& column : store_case.catalog.columns(table)) {
                columns += (columns.empty() ? "" : ", ") + quote + column.name + quote;
            }
            db::Rows rows = store_case.connection->query("SELECT " + columns + " FROM " +
                                                         store_case.catalog.spelling(table));
            std::ranges::sort(rows);
            all[table] = std::move(rows);
        }
        return all;
    }

    archive::Manifest manifest() const {
        const gc::Schema schema = store_case.store.schema();
        return {.run = archive::new_run_id(),
                .mode = std::string(archive::name(mode)),
                .program = "test",
                .server = schema.server,
                .database = schema.database,
                .level = schema.level,
                .started = archive::utc_now()};
    }

    // Runs through a store that may fail; returns the run's id.
    std::string run(const std::function<void(BreakingStore&)>& prepare = {},
                    std::int64_t file_bytes = 4096) {
        const archive::Manifest about = manifest();
        archive::Writer writer(folder.path() + "/archive", file_bytes, about);
        db::ArchiveRows rows(store_case.store);
        BreakingStore breaking(store_case.store);
        if (prepare) {
            prepare(breaking);
        }
        archive::RecordingStore recording(breaking, rows, writer);
        gc::Settings settings;
        settings.limits.batch_size = 20;
        const gc::Plan plan = gc::plan_run(store_case.store, settings, store_case.store.schema());
        report = {};
        gc::collect(recording, plan, settings, quick_environment(), report);
        writer.finish();
        return about.run;
    }

    std::string archive_folder() const { return folder.path() + "/archive"; }

    std::vector<archive::StoredRun> runs() const {
        return archive::find_runs(archive_folder(), "");
    }

    archive::Verified verified(bool with_database = true) {
        db::ArchiveRows rows(store_case.store);
        return archive::verify(archive_folder(), runs().front(), with_database ? &rows : nullptr);
    }

    std::vector<archive::Json> records() const {
        std::vector<archive::Json> all;
        for (const archive::StoredRun& run : runs()) {
            for (const std::string& name : run.files) {
                const archive::StoredFile file(archive_folder() + "/" + name);
                for (const archive::StoredBatch& batch : file.batches()) {
                    for (const archive::Json& row : file.rows(batch)) {
                        all.push_back(row);
                    }
                }
            }
        }
        return all;
    }

    archive::Restored restore(const archive::RestoreOptions& options = {}) {
        return archive::restore(store_case.store, archive_folder(), "", options,
                                [] { return false; });
    }

    StoreCase& store_case;
    archive::Mode mode;
    TemporaryFolder folder{};
    gc::RunReport report{};
};

}  // namespace test
