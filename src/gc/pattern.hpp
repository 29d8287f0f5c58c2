// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gc {

// True when the whole text fits the pattern, in which * stands for any text and ? for one byte.
bool fits(std::string_view text, std::string_view pattern);

// True when it fits one of them.
bool fits_any(std::string_view text, const std::vector<std::string>& patterns);

// True when one of the texts fits one of the patterns.
bool any_fits(const std::vector<std::string>& texts, const std::vector<std::string>& patterns);

}  // namespace gc
