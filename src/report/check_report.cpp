// SPDX-License-Identifier: Apache-2.0
#include "report/check_report.hpp"

#include "report/json.hpp"
#include "report/text.hpp"

#include <fmt/format.h>

namespace report {

std::string_view name(Grade grade) {
    switch (grade) {
    case Grade::ok:
        return "ok";
    case Grade::note:
        return "note";
    case Grade::warning:
        return "warning";
    case Grade::failure:
        return "failure";
    }
    return {};
}

std::string to_json(const CheckDocument& document) {
    Json json = head_json(document.head);
    json["findings"] = Json::array();
    for (const Finding& finding : document.findings) {
        json["findings"].push_back({{"subject", finding.subject},
                                    {"grade", name(finding.grade)},
                                    {"text", finding.text},
                                    {"remedies", finding.remedies}});
    }
    json["exit_code"] = document.exit_code;
    return dump(json);
}

std::string to_text(const CheckDocument& document) {
    std::string text = head_text(document.head) + "\n";
    for (const Finding& finding : document.findings) {
        const std::string line = wrapped(fmt::format("{}: {}", finding.subject, finding.text), 9);
        text += fmt::format("{:<8} {}", name(finding.grade), std::string_view(line).substr(9));
        for (const std::string& remedy : finding.remedies) {
            text += wrapped(remedy, 11);
        }
    }
    text += document.exit_code == 0 ? "\nready to run\n"
                                    : fmt::format("\nnot ready (exit {})\n", document.exit_code);
    return text;
}

}  // namespace report
