// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/document.hpp"

#include <string>
#include <vector>

namespace report {

enum class Grade { ok, note, warning, failure };

std::string_view name(Grade grade);

// One thing that was looked at.
struct Finding {
    std::string subject{};  // "connection", "rights", "index", ...
    Grade grade = Grade::ok;
    std::string text{};                   // one sentence
    std::vector<std::string> remedies{};  // statements that would help
};

struct CheckDocument {
    Head head{};
    std::vector<Finding> findings{};
    int exit_code = 0;
};

std::string to_json(const CheckDocument& document);
std::string to_text(const CheckDocument& document);

}  // namespace report
