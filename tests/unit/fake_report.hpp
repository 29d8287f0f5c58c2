// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/plan.hpp"
#include "report/document.hpp"
#include "unit/fake_schema.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

namespace test {

// The head of a report on such a database.
inline report::Head report_head(const std::string& command) {
    return {.command = command,
            .version = "1.2.3",
            .database_url = "mysql://gc@db.example.org:3306/iam",
            .server = "MariaDB 10.11.6",
            .database = "iam",
            .level = "V121",
            .time_zone = "UTC",
            .grace = "1h"};
}

// The report of a run on an IAM database that removed a few rows of some targets.
inline report::RunDocument run_document() {
    using gc::Target;
    const util::TimePoint now = util::parse_time("2026-05-01 12:00:00");
    report::RunDocument document{.head = report_head("run"),
                                 .clock = {.state = gc::ClockState::plausible, .text = "fresh"},
                                 .stop_reason = "done"};
    document.run.plan = gc::make_plan(
        {}, iam_schema(),
        {.clock = {.now = now}, .holder_safe_point = 4711, .user_auth_safe_point = 815});
    document.run.tally = {
        {Target::access_token,
         {.scanned = 1234567,
          .removed = 1234000,
          .vanished = 67,
          .kept = {{"registration", 500}},
          .satellites = {{"token_scope", 3702000}}}},
        {Target::refresh_token, {.scanned = 10, .kept = {{"not_expired", 10}}}},
    };
    document.run.batches = 617;
    document.run.elapsed = std::chrono::milliseconds{123'456};
    document.run.longest_batch = std::chrono::milliseconds{250};
    document.run.add_pause("busy_share", std::chrono::milliseconds{61'000});
    return document;
}

// Columns of the longest line.
inline std::size_t width_of(std::string_view text) {
    std::size_t widest = 0;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        const auto continuation = std::count_if(line.begin(), line.end(), [](char byte) {
            return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U;
        });
        widest = std::max(widest, line.size() - static_cast<std::size_t>(continuation));
    }
    return widest;
}

inline bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

}  // namespace test
