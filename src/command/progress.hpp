// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/collector.hpp"
#include "report/fleet_reader.hpp"

#include <chrono>

namespace command {

// Long work on stderr: on a terminal one line that is written over, else a log line every ten
// seconds.
class ProgressLine {
public:
    explicit ProgressLine(bool dry_run);
    // Clears the line.
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    void show(const gc::Progress& progress);

private:
    bool m_dry_run;
    bool m_terminal;
    bool m_shown = false;
    std::chrono::steady_clock::time_point m_last{};
};

// The same for a report, on a terminal only: it is over before somebody reads a log.
class ReadingLine {
public:
    ReadingLine();
    // Clears the line.
    ~ReadingLine();
    ReadingLine(const ReadingLine&) = delete;
    ReadingLine& operator=(const ReadingLine&) = delete;

    void show(const report::ReadProgress& progress);

private:
    bool m_terminal;
    bool m_shown = false;
    std::chrono::steady_clock::time_point m_start{};
    std::chrono::steady_clock::time_point m_last{};
};

}  // namespace command
