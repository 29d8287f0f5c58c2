// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/plan_file.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace report {

inline constexpr int k_certificate_version = 1;

// What is kept of a run for years: who removed what, when, where, by which rules, and what stayed.
struct Certificate {
    std::string run{};
    std::string account{};  // of the operating system
    std::string host{};
    std::string started{};  // this machine's clock, UTC
    std::string ended{};
    PlanFile basis{};              // database, policy and moment; its counts are not used
    std::string plan_sha256{};     // empty when no written plan was carried out
    std::string archive_folder{};  // empty without an archive
    gc::Footprint footprint{};
    std::map<std::string, std::map<gc::Target, gc::RowRange>> clients{};  // by OAuth name
    std::optional<std::int64_t>
        expired_left{};  // access tokens that had expired and are still there
    RunDocument document{};
};

// JSON with a SHA-256 over itself, ending in a newline.
std::string to_json(const Certificate& certificate);

// Says in a few lines what a certificate certifies; throws Error(data) when it is none or was
// altered. `path` is for the message.
std::string certificate_summary(std::string_view text, const std::string& path);

}  // namespace report
