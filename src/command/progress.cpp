// SPDX-License-Identifier: Apache-2.0
#include "command/progress.hpp"

#include "report/text.hpp"
#include "util/log.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace command {

namespace {

constexpr std::chrono::milliseconds k_terminal_step{200};
constexpr std::chrono::seconds k_log_step{10};

}  // namespace

ProgressLine::ProgressLine(bool dry_run)
    : m_dry_run(dry_run),
      m_terminal(isatty(STDERR_FILENO) == 1),
      m_last(std::chrono::steady_clock::now()) {}

ProgressLine::~ProgressLine() {
    if (m_shown) {
        std::fputs("\r\x1b[K", stderr);
    }
}

void ProgressLine::show(const gc::Progress& progress) {
    const auto now = std::chrono::steady_clock::now();
    if (now - m_last < (m_terminal ? std::chrono::milliseconds(k_terminal_step) : k_log_step)) {
        return;
    }
    m_last = now;
    const double seconds = std::max(0.001, static_cast<double>(progress.elapsed.count()) / 1000.0);
    const auto rate = static_cast<std::int64_t>(static_cast<double>(progress.removed) / seconds);
    const std::string text =
        fmt::format("{}: {} scanned, {} {}, {} a second", gc::name(progress.target),
                    report::grouped(progress.scanned), report::grouped(progress.removed),
                    m_dry_run ? "to remove" : "removed", report::grouped(rate));
    if (m_terminal) {
        fmt::print(stderr, "\r\x1b[K{}", text);
        std::fflush(stderr);
        m_shown = true;
    } else {
        util::log_event(util::LogLevel::info, "progress",
                        {{"target", std::string(gc::name(progress.target))},
                         {"scanned", progress.scanned},
                         {"removed", progress.removed}},
                        text);
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
