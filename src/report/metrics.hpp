// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace report {

// Figures for the textfile collector of node_exporter. Every one is a gauge, because then the text
// means the same in OpenMetrics and in the older Prometheus format, which that collector reads. All
// names begin with "iam_token_gc_".
class MetricsText {
public:
    struct Label {
        std::string_view name{};
        std::string_view value{};  // as the database has it; escaped here
    };

    // Begins the figures of that name, without the prefix; it appears once it has a sample.
    void family(std::string_view name, std::string_view help);
    // One figure of that family; no two with the same labels.
    void sample(std::int64_t value, const std::vector<Label>& labels = {});
    void sample(double value, const std::vector<Label>& labels = {});

    // Everything so far, with the end mark.
    std::string text() const;

private:
    void line(const std::string& value, const std::vector<Label>& labels);

    std::string m_name{};
    std::string m_head{};  // of a family without a sample yet
    std::string m_text{};
};

}  // namespace report
