// SPDX-License-Identifier: Apache-2.0
#include "command/recorder.hpp"

#include "util/log.hpp"

#include <fmt/format.h>

namespace command {

Recorder::Recorder(const Context& context, const report::Head& head, db::SqlStore& store,
                   gc::Store& hands, const std::string& plan_sha256)
    : m_run(archive::new_run_id()), m_top(&hands) {
    const config::Config& config = context.config();
    const bool plans = context.invocation.command == cli::Command::plan;
    const bool dry_run = plans || context.invocation.dry_run;
    if (!dry_run && !config.archive.path.empty()) {
        open_archive(context, head, store, plan_sha256);
    }
    if (plans ? !context.invocation.plan_file.empty()
              : !dry_run && !config.certificate.file.empty()) {
        m_watch = std::make_unique<gc::RemovalWatch>(*m_top);
        m_top = m_watch.get();
    }
}

void Recorder::open_archive(const Context& context, const report::Head& head, db::SqlStore& store,
                            const std::string& plan_sha256) {
    const config::ArchiveSettings& settings = context.config().archive;
    const bool full = settings.mode == config::ArchiveMode::full;
    const archive::Mode mode = full ? archive::Mode::full : archive::Mode::ids;
    m_folder = settings.path;
    m_rows = std::make_unique<db::ArchiveRows>(store);
    for (const db::RowSet& set : archive::columns_needed(m_rows->schema(), mode)) {
        m_rows->require_readable(set);
    }
    m_writer = std::make_unique<archive::Writer>(
        settings.path, settings.file_size,
        archive::Manifest{.run = m_run,
                          .mode = std::string(archive::name(mode)),
                          .program = head.version,
                          .database_url = head.database_url,
                          .server = head.server,
                          .database = head.database,
                          .level = head.level,
                          .plan_sha256 = plan_sha256,
                          .started = archive::utc_now()});
    m_recording = std::make_unique<archive::RecordingStore>(*m_top, *m_rows, *m_writer);
    m_top = m_recording.get();
    if (full) {
        m_warning = fmt::format(
            "archive.mode is full: this run READS TOKEN VALUES, CODES AND SECRETS and keeps them "
            "in {}; guard that folder like the database",
            settings.path);
        util::log_warning("{}", m_warning);
    }
}

gc::Footprint Recorder::footprint() const {
    return m_watch ? m_watch->footprint() : gc::Footprint{};
}

std::optional<report::ArchiveNote> Recorder::archive_note() const {
    if (!m_writer) {
        return std::nullopt;
    }
    const archive::Manifest& manifest = m_writer->manifest();
    report::ArchiveNote note{.folder = m_folder, .run = m_run, .mode = manifest.mode};
    for (const auto& [table, rows] : manifest.rows) {
        note.rows += rows;
    }
    return note;
}

void Recorder::finish() {
    if (m_writer) {
        m_writer->finish();
    }
}

}  // namespace command
