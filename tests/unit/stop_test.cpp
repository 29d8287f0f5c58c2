// SPDX-License-Identifier: Apache-2.0
#include "util/stop.hpp"
#include "support/child.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <thread>

using namespace std::chrono_literals;
using test::in_child;

namespace {

// Longer than any test may take: a wait of that length ends by a stop or makes the test hang.
constexpr auto k_forever = 1h;

}  // namespace

TEST_CASE("the first SIGTERM or SIGINT asks for a stop and is remembered") {
    for (const int number : {SIGTERM, SIGINT}) {
        CAPTURE(number);
        CHECK(in_child([number] {
                  util::Signals signals;
                  if (signals.signal() != 0 || signals.token().stop_requested()) {
                      return 1;
                  }
                  kill(getpid(), number);
                  const bool stopped = util::pause(signals.token(), k_forever);
                  return stopped && signals.signal() == number ? 0 : 2;
              }) == 0);
    }
}

TEST_CASE("SIGINT counts even where whoever started the program had it ignored") {
    CHECK(in_child([] {
              // As from a shell that starts programs in the background: inherited as ignored.
              std::signal(SIGINT, SIG_IGN);
              util::Signals signals;
              kill(getpid(), SIGINT);
              return util::pause(signals.token(), k_forever) && signals.signal() == SIGINT ? 0 : 1;
          }) == 0);
}

TEST_CASE("the second signal ends the process at once with 128 and its number") {
    for (const int number : {SIGTERM, SIGINT}) {
        CAPTURE(number);
        CHECK(in_child([number] {
                  util::Signals signals;
                  kill(getpid(), SIGINT);
                  util::pause(signals.token(), k_forever);
                  kill(getpid(), number);
                  util::pause({}, k_forever);
                  return 1;
              }) == 128 + number);
    }
}

TEST_CASE("without a signal the watch ends by itself and leaves the signals as they were") {
    CHECK(in_child([] {
              sigset_t before;
              pthread_sigmask(SIG_SETMASK, nullptr, &before);
              { util::Signals signals; }
              sigset_t after;
              pthread_sigmask(SIG_SETMASK, nullptr, &after);
              return sigismember(&before, SIGTERM) == sigismember(&after, SIGTERM) ? 0 : 1;
          }) == 0);
}

TEST_CASE("writing to a closed pipe is an error of the write and not the end of the process") {
    CHECK(in_child([] {
              util::Signals signals;
              int ends[2];
              if (pipe(ends) != 0) {
                  return 1;
              }
              close(ends[0]);
              return write(ends[1], "x", 1) == -1 && errno == EPIPE ? 0 : 2;
          }) == 0);
}

TEST_CASE("a pause ends at once when the stop was asked for before or comes meanwhile") {
    std::stop_source source;
    std::thread stopper([&] { source.request_stop(); });
    CHECK(util::pause(source.get_token(), k_forever));
    stopper.join();
    CHECK(util::pause(source.get_token(), k_forever));
}

TEST_CASE("a pause without a stop says that it was not stopped") {
    CHECK_FALSE(util::pause({}, 1ms));
    CHECK_FALSE(util::pause(std::stop_source{}.get_token(), 0ms));
}

TEST_CASE("a closed standard stream is filled so that no other file takes its number") {
    CHECK(in_child([] {
              close(0);
              close(1);
              close(2);
              util::fill_standard_descriptors();
              const int next = open("/dev/null", O_RDONLY);
              const bool lost = write(1, "x", 1) != -1 || write(2, "x", 1) != -1;
              return next > 2 && !lost ? 0 : 1;
          }) == 0);
}
