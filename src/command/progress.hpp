// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/collector.hpp"
#include "report/fleet_reader.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace command {

// Long work on stderr: on a terminal one line that is written over, else a log line every ten
// seconds.
class ProgressLine {
public:
    // `expected` tells how many rows of a target there are to remove, where that is known; then the
    // line shows the time left.
    ProgressLine(bool dry_run, std::map<gc::Target, std::int64_t> expected);
    // Clears the line.
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    void show(const gc::Progress& progress);

private:
    std::string text(const gc::Progress& progress) const;

    bool m_dry_run;
    std::map<gc::Target, std::int64_t> m_expected;
    std::optional<gc::Target> m_target{};
    std::chrono::milliseconds m_target_start{0};  // since the start of the run
    std::chrono::milliseconds m_seen{0};
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
