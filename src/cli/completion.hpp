// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace cli {

// Scripts that let the shells complete commands, options, and the values that are known beforehand.
std::string bash_completion();
std::string zsh_completion();

}  // namespace cli
