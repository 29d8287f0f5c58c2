// SPDX-License-Identifier: Apache-2.0
#include "gc/pattern.hpp"

#include <algorithm>

namespace gc {

// Goes back to the last * only, so that no text takes more than its length times the pattern's.
bool fits(std::string_view text, std::string_view pattern) {
    std::size_t at = 0;
    std::size_t in_pattern = 0;
    std::size_t star = std::string_view::npos;
    std::size_t after_star = 0;
    while (at < text.size()) {
        if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
            star = in_pattern++;
            after_star = at;
        } else if (in_pattern < pattern.size() &&
                   (pattern[in_pattern] == '?' || pattern[in_pattern] == text[at])) {
            ++at;
            ++in_pattern;
        } else if (star != std::string_view::npos) {
            in_pattern = star + 1;
            at = ++after_star;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', in_pattern) == std::string_view::npos;
}

bool fits_any(std::string_view text, const std::vector<std::string>& patterns) {
    return std::ranges::any_of(patterns,
                               [&](const std::string& pattern) { return fits(text, pattern); });
}

bool any_fits(const std::vector<std::string>& texts, const std::vector<std::string>& patterns) {
    return std::ranges::any_of(texts,
                               [&](const std::string& text) { return fits_any(text, patterns); });
}

}  // namespace gc
