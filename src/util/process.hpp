// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace util {

// Sees to it that no core dump of this process is written and that no other process of the same
// user can read its memory, which holds the password of the database.
void forbid_core_dumps() noexcept;

}  // namespace util
