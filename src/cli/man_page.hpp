// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace cli {

// iam-token-gc(1) in roff, from the tables that --help is made of and the chapter "when it goes
// wrong".
std::string man_page();

}  // namespace cli
