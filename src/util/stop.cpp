// SPDX-License-Identifier: Apache-2.0
#include "util/stop.hpp"

#include "util/error.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <mutex>

namespace util {

Signals::Signals() {
    sigemptyset(&m_signals);
    sigaddset(&m_signals, SIGINT);
    sigaddset(&m_signals, SIGTERM);
    if (pthread_sigmask(SIG_BLOCK, &m_signals, &m_previous) != 0 ||
        std::signal(SIGPIPE, SIG_IGN) == SIG_ERR) {
        throw Error(ErrorKind::software,
                    "Cannot take over the signals SIGINT, SIGTERM and SIGPIPE");
    }
    m_thread = std::thread([this] { wait_for_signals(); });
}

Signals::~Signals() {
    m_ending = true;
    // Sent to the waiting thread alone, this only wakes it.
    pthread_kill(m_thread.native_handle(), SIGINT);
    m_thread.join();
    pthread_sigmask(SIG_SETMASK, &m_previous, nullptr);
}

void Signals::wait_for_signals() {
    while (true) {
        int number = 0;
        if (sigwait(&m_signals, &number) != 0) {
            continue;
        }
        if (m_ending) {
            return;
        }
        int none = 0;
        if (!m_signal.compare_exchange_strong(none, number)) {
            _exit(128 + number);
        }
        m_stop.request_stop();
    }
}

bool pause(const std::stop_token& token, std::chrono::milliseconds duration) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, token, duration, [] { return false; });
    return token.stop_requested();
}

void fill_standard_descriptors() {
    for (int descriptor = 0; descriptor <= 2; ++descriptor) {
        if (fcntl(descriptor, F_GETFD) == -1 && errno == EBADF) {
            // The lowest free number is taken, which is this one.
            const int filled = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
            if (filled != descriptor) {
                throw Error(ErrorKind::software,
                            "Cannot open /dev/null in place of a closed standard stream");
            }
        }
    }
}

}  // namespace util
