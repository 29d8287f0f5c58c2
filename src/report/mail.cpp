// SPDX-License-Identifier: Apache-2.0
#include "report/mail.hpp"

#include "report/fleet_formats.hpp"
#include "report/text.hpp"

#include <fmt/format.h>

namespace report {

namespace {

// What fits into a line of the head and is one line whatever stands in it.
std::string one_line(std::string_view text) {
    constexpr std::size_t longest = 70;
    std::string line;
    for (const char character : text) {
        if (character >= ' ' && character <= '~') {
            line += character;
        }
    }
    return line.size() <= longest ? line : line.substr(0, longest - 3) + "...";
}

}  // namespace

std::string mail(const MailHead& head, std::string_view body) {
    std::string text;
    if (!head.to.empty()) {
        text += fmt::format("To: {}\n", head.to);
    }
    text += fmt::format("Subject: {}\n", one_line(head.subject));
    text +=
        "MIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=utf-8\n"
        "Content-Transfer-Encoding: 8bit\n"
        "Auto-Submitted: auto-generated\n"
        "\n";
    return text.append(body);
}

std::string fleet_mail(const Fleet& fleet, const RenderOptions& options) {
    RenderOptions plain = options;
    plain.color = false;
    const std::int64_t flagged = fleet.totals.flagged;
    return mail({.to = {},
                 .subject = fmt::format("[iam-token-gc] {} of {} clients flagged, database {}",
                                        flagged == 0 ? "none" : grouped(flagged),
                                        grouped(fleet.totals.clients), fleet.head.database)},
                fleet_text(fleet, plain));
}

}  // namespace report
