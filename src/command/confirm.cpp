// SPDX-License-Identifier: Apache-2.0
#include "command/confirm.hpp"

#include "util/error.hpp"
#include "util/escape.hpp"

#include <fmt/format.h>

#include <poll.h>
#include <unistd.h>

#include <cstdio>

namespace command {

namespace {

// A signal does not interrupt this thread, so it looks up this often.
constexpr int k_look_ms = 100;
constexpr std::size_t k_longest_answer = 64;

}  // namespace

bool is_interactive() {
    return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
}

bool confirmed(const std::string& question, const std::stop_token& stop) {
    std::fputs((question + " [y/N] ").c_str(), stderr);
    std::fflush(stderr);
    std::string answer;
    while (answer.size() < k_longest_answer && !stop.stop_requested()) {
        pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
        if (poll(&input, 1, k_look_ms) <= 0) {
            continue;
        }
        char character = '\n';
        if (read(STDIN_FILENO, &character, 1) != 1 || character == '\n') {
            break;
        }
        answer += character;
    }
    return !stop.stop_requested() && (answer == "y" || answer == "yes");
}

void require_no_purge(const std::string& client) {
    if (!client.empty()) {
        throw util::Error(
            util::ErrorKind::usage,
            fmt::format("the client {} is to lose every token, live ones included; see with "
                        "plan --client what that takes, then run again with --yes-really",
                        util::escape_controls(client)));
    }
}

}  // namespace command
