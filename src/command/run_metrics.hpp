// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/document.hpp"
#include "report/output.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace command {

// The file of metrics.file, which tells how each run ended, failed ones too.
class RunMetrics {
public:
    // An empty path writes nothing. Throws Error(io) before the run when the file cannot be
    // written.
    explicit RunMetrics(const std::string& path);

    // Replaces the file; throws Error(io).
    void finish(const report::RunDocument& document);

private:
    std::optional<report::Output> m_output{};
    std::optional<std::int64_t> m_last_success{};
};

}  // namespace command
