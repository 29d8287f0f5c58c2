// SPDX-License-Identifier: Apache-2.0
#include "command/progress.hpp"

#include "report/text.hpp"
#include "util/log.hpp"
#include "util/time.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace command {

namespace {

constexpr std::chrono::milliseconds k_terminal_step{200};
constexpr std::chrono::seconds k_log_step{10};

}  // namespace

ProgressLine::ProgressLine(bool dry_run, std::map<gc::Target, std::int64_t> expected)
    : m_dry_run(dry_run),
      m_expected(std::move(expected)),
      m_terminal(isatty(STDERR_FILENO) == 1),
      m_last(std::chrono::steady_clock::now()) {}

ProgressLine::~ProgressLine() {
    if (m_shown) {
        std::fputs("\r\x1b[K", stderr);
    }
}

std::string ProgressLine::text(const gc::Progress& progress) const {
    const auto took = std::max(std::chrono::milliseconds{1}, progress.elapsed - m_target_start);
    const double rate =
        static_cast<double>(progress.removed) * 1000.0 / static_cast<double>(took.count());
    std::string line = fmt::format(
        "{}: {} scanned, {} {}, {} a second", gc::name(progress.target),
        report::grouped(progress.scanned), report::grouped(progress.removed),
        m_dry_run ? "to remove" : "removed", report::grouped(static_cast<std::int64_t>(rate)));
    const auto expected = m_expected.find(progress.target);
    if (expected != m_expected.end() && rate > 0 && expected->second > progress.removed) {
        const auto left = static_cast<double>(expected->second - progress.removed);
        line += fmt::format(", {} left", util::format_duration(std::chrono::seconds{
                                             static_cast<std::int64_t>(left / rate) + 1}));
    }
    return line;
}

void ProgressLine::show(const gc::Progress& progress) {
    if (m_target != progress.target) {
        m_target = progress.target;
        m_target_start = m_seen;
    }
    m_seen = progress.elapsed;
    const auto now = std::chrono::steady_clock::now();
    if (now - m_last < (m_terminal ? std::chrono::milliseconds(k_terminal_step) : k_log_step)) {
        return;
    }
    m_last = now;
    if (m_terminal) {
        fmt::print(stderr, "\r\x1b[K{}", text(progress));
        std::fflush(stderr);
        m_shown = true;
    } else {
        util::log_event(util::LogLevel::info, "progress",
                        {{"target", std::string(gc::name(progress.target))},
                         {"scanned", progress.scanned},
                         {"removed", progress.removed}},
                        text(progress));
    }
}

ReadingLine::ReadingLine()
    : m_terminal(isatty(STDERR_FILENO) == 1),
      m_start(std::chrono::steady_clock::now()),
      m_last(m_start) {}

ReadingLine::~ReadingLine() {
    if (m_shown) {
        std::fputs("\r\x1b[K", stderr);
    }
}

void ReadingLine::show(const report::ReadProgress& progress) {
    const auto now = std::chrono::steady_clock::now();
    if (!m_terminal || now - m_last < k_terminal_step) {
        return;
    }
    m_last = now;
    const double seconds = std::chrono::duration<double>(now - m_start).count();
    fmt::print(stderr, "\r\x1b[K{}: {} rows read in {:.0f} s",
               progress.table == gc::TokenTable::access_token ? "access_token" : "refresh_token",
               report::grouped(progress.rows), seconds);
    std::fflush(stderr);
    m_shown = true;
}

}  // namespace command
