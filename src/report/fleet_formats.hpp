// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/fleet.hpp"

#include <cstddef>
#include <string>

namespace report {

struct RenderOptions {
    bool color = false;       // text only
    std::size_t top = 20;     // clients that text, charts and metrics name; flagged ones always
    std::size_t width = 100;  // columns of the text
};

// One function per value of report.format; each returns the whole document, which ends in a
// newline.
std::string fleet_text(const Fleet& fleet, const RenderOptions& options);
std::string fleet_json(const Fleet& fleet, const RenderOptions& options);
std::string fleet_csv(const Fleet& fleet, const RenderOptions& options);
std::string fleet_openmetrics(const Fleet& fleet, const RenderOptions& options);
std::string fleet_html(const Fleet& fleet, const RenderOptions& options);
// The text as a message for sendmail, which cron can send.
std::string fleet_mail(const Fleet& fleet, const RenderOptions& options);

}  // namespace report
