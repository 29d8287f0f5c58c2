// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

namespace test {

// Runs the function in a child process, and returns its exit code: what the function returned, or
// minus the number of the signal that ended it. For what changes or ends a whole process.
int in_child(const std::function<int()>& function);

}  // namespace test
