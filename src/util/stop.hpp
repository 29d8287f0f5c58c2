// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <csignal>
#include <stop_token>
#include <thread>

namespace util {

// Turns SIGINT and SIGTERM into a stop request. To be made in main before any other thread starts,
// because threads inherit the blocked signals; one object per process. The second signal ends the
// process at once with exit code 128 + its number: the server rolls an open transaction back.
// SIGPIPE is ignored, so that a closed pipe is an error of the write and not the end of the
// process.
class Signals {
public:
    // Throws Error(software) when the operating system refuses.
    Signals();
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

    // Stops when the first signal arrives.
    std::stop_token token() const { return m_stop.get_token(); }
    // The number of the first signal; 0 when there was none.
    int signal() const noexcept { return m_signal; }

private:
    void wait_for_signals();

    sigset_t m_signals{};
    sigset_t m_previous{};
    std::stop_source m_stop;
    std::atomic<int> m_signal{0};
    std::atomic<bool> m_ending{false};
    std::thread m_thread;
};

// Waits for the duration or until a stop is requested, whichever is first; true when a stop was
// requested.
bool pause(const std::stop_token& token, std::chrono::milliseconds duration);

// Fills the descriptors 0 to 2 where the caller closed them, so that no file or socket of ours gets
// such a number and the log ends up in it. What is filled cannot be written to: a report to a
// closed stdout is an error, not lost.
void fill_standard_descriptors();

}  // namespace util
