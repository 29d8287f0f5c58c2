// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace report {

struct MailHead {
    std::string to{};       // addresses, checked by the caller; empty: whom sendmail is told
    std::string subject{};  // anything; shortened, and what is not ASCII is left out
};

// A message for sendmail (RFC 5322): head, blank line, body in UTF-8.
std::string mail(const MailHead& head, std::string_view body);

}  // namespace report
