// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "archive/recording_store.hpp"
#include "command/context.hpp"
#include "gc/removal_watch.hpp"

#include <memory>
#include <optional>
#include <string>

namespace command {

// What watches a run for the archive, the plan and the certificate: stores around the run's own
// hands, as few as the configuration asks for.
class Recorder {
public:
    // `hands` is what the run would work with otherwise. Opens the archive when the run is no dry
    // run and archive.path is set: throws Error(permission) with the GRANT that is missing,
    // Error(io) or Error(config).
    Recorder(const Context& context, const report::Head& head, db::SqlStore& store,
             gc::Store& hands, const std::string& plan_sha256);

    // What the run has to work with; `hands` itself when nothing is to be watched.
    gc::Store& store() { return *m_top; }

    const std::string& run() const { return m_run; }
    // Loud words for the report; empty when there is nothing to warn of.
    const std::string& warning() const { return m_warning; }
    // Which rows went; empty unless a plan or a certificate is to be written.
    gc::Footprint footprint() const;
    std::optional<report::ArchiveNote> archive_note() const;

    // Completes the archive.
    void finish();

private:
    void open_archive(const Context& context, const report::Head& head, db::SqlStore& store,
                      const std::string& plan_sha256);

    std::string m_run;
    std::string m_folder{};
    std::string m_warning{};
    gc::Store* m_top;
    std::unique_ptr<gc::RemovalWatch> m_watch{};
    std::unique_ptr<db::ArchiveRows> m_rows{};
    std::unique_ptr<archive::Writer> m_writer{};
    std::unique_ptr<archive::RecordingStore> m_recording{};
};

}  // namespace command
