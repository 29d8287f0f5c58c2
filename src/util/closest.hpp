// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace util {

// " (did you mean limits.batch_size?)" with the candidate that a typing error away from the text,
// or empty when none is close. A dotted candidate is also close when its last part is what was
// written.
std::string did_you_mean(std::string_view text, const std::vector<std::string>& candidates);

}  // namespace util
