// SPDX-License-Identifier: Apache-2.0
#include "report/metrics.hpp"

#include "report/escaped.hpp"

#include <fmt/format.h>

namespace report {

void MetricsText::family(std::string_view name, std::string_view help) {
    m_name = fmt::format("iam_token_gc_{}", name);
    m_head = fmt::format("# HELP {0} {1}\n# TYPE {0} gauge\n", m_name, help);
}

void MetricsText::sample(std::int64_t value, const std::vector<Label>& labels) {
    line(fmt::to_string(value), labels);
}

void MetricsText::sample(double value, const std::vector<Label>& labels) {
    line(fmt::format("{}", value), labels);
}

void MetricsText::line(const std::string& value, const std::vector<Label>& labels) {
    m_text += m_head;
    m_head.clear();
    std::string list;
    for (const Label& label : labels) {
        list +=
            fmt::format("{}{}=\"{}\"", list.empty() ? "" : ",", label.name, in_label(label.value));
    }
    m_text += list.empty() ? fmt::format("{} {}\n", m_name, value)
                           : fmt::format("{}{{{}}} {}\n", m_name, list, value);
}

std::string MetricsText::text() const {
    return m_text + "# EOF\n";
}

}  // namespace report
