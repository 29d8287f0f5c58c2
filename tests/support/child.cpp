// SPDX-License-Identifier: Apache-2.0
#include "support/child.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

namespace test {

int in_child(const std::function<int()>& function) {
    const pid_t child = fork();
    if (child == -1) {
        throw std::runtime_error("Cannot start a child process");
    }
    if (child == 0) {
        int code = 99;
        try {
            code = function();
        } catch (...) {
            code = 98;
        }
        _exit(code);
    }
    int status = 0;
    if (waitpid(child, &status, 0) != child) {
        throw std::runtime_error("Cannot wait for a child process");
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace test
