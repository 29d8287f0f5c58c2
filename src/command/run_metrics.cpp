// SPDX-License-Identifier: Apache-2.0
#include "command/run_metrics.hpp"

#include "report/run_metrics.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>

namespace command {

namespace {

// An empty text when there is no such file; more than a run writes is not read.
std::string beginning_of(const std::string& path) {
    constexpr std::streamsize longest = 65'536;
    std::string text(static_cast<std::size_t>(longest), '\0');
    std::ifstream stream(path);
    stream.read(text.data(), longest);
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return text;
}

}  // namespace

RunMetrics::RunMetrics(const std::string& path) {
    if (!path.empty()) {
        if (std::filesystem::is_regular_file(path)) {
            m_last_success = report::last_success_in(beginning_of(path));
        }
        m_output.emplace(path, report::k_metrics_output);
    }
}

void RunMetrics::finish(const report::RunDocument& document) {
    if (!m_output) {
        return;
    }
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const std::int64_t ended = std::chrono::duration_cast<std::chrono::seconds>(now).count();
    m_output->finish(report::run_metrics(
        document,
        {.ended = ended,
         .last_success = document.exit_code == 0 ? std::optional(ended) : m_last_success}));
}

}  // namespace command
