// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace util {

// The URL with every password replaced by "***", to be shown in reports, logs and messages: the one
// before the host and those in parameters (password=, sslpassword=). When in doubt more is hidden
// than need be.
std::string without_password(std::string_view url);

// True when without_password hides something.
bool has_password(std::string_view url);

}  // namespace util
