// SPDX-License-Identifier: Apache-2.0
#include "config/contract_keys.hpp"

#include "config/key_builders.hpp"

#include <chrono>

namespace config {

namespace {

using namespace std::chrono_literals;
using std::chrono::days;

}  // namespace

void add_contract_keys(std::vector<Key>& keys) {
    keys.push_back(text_key(
        {"archive.path", "--archive",
         "Folder in which a run keeps what it removes, before it commits; "
         "empty for nowhere"},
        "DIR", [](auto& config) -> auto& { return config.archive.path; }));
    keys.push_back(choice_key(
        {"archive.mode", "--archive-mode",
         "What is kept of a row: who, what and when (ids), or its values too, with which it can be "
         "restored (full)"},
        k_archive_modes, [](auto& config) -> auto& { return config.archive.mode; }));
    keys.push_back(whole_number_key(
        {"archive.file_size", "--archive-file-size",
         "Compressed bytes after which the archive begins another file"},
        {1, std::int64_t{1} << 40},
        [](auto& config) -> auto& { return config.archive.file_size; }));
    keys.push_back(duration_key(
        {"plan.lifetime", "--plan-lifetime", "How long a plan of plan --out can be carried out"},
        {1s, days{365}}, [](auto& config) -> auto& { return config.plan.lifetime; }));
    keys.push_back(number_key(
        {"plan.tolerance", "--plan-tolerance",
         "By which share what is there may differ from a plan before run --plan refuses it"},
        {0.0, 1.0}, [](auto& config) -> auto& { return config.plan.tolerance; }));
    keys.push_back(text_key(
        {"certificate.file", "--certificate",
         "Where a run that is no dry run writes its certificate; empty for "
         "nowhere"},
        "FILE", [](auto& config) -> auto& { return config.certificate.file; }));
}

}  // namespace config
