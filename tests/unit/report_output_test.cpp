// SPDX-License-Identifier: Apache-2.0
#include "report/output.hpp"

#include "support/failure.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

using report::Output;
using test::failure_of;
using util::ErrorKind;

namespace {

constexpr off_t k_reserved = 256 * 1024;

// A folder of its own for each test.
struct Folder {
    std::filesystem::path path{};

    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "itgc-output.XXXXXX").string();
        path = mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string file() const { return (path / "report.json").string(); }
    std::string contents() const {
        std::ifstream stream(file());
        std::ostringstream text;
        text << stream.rdbuf();
        return text.str();
    }
    std::ptrdiff_t entries() const {
        return std::distance(std::filesystem::directory_iterator(path), {});
    }
    off_t allocated() const {
        off_t bytes = 0;
        for (const auto& entry : std::filesystem::directory_iterator(path)) {
            struct stat status {};
            stat(entry.path().c_str(), &status);
            bytes += 512 * status.st_blocks;
        }
        return bytes;
    }
};

// Puts another file in the place of stdout for a while.
class Redirection {
public:
    explicit Redirection(int descriptor) {
        std::cout.flush();
        std::fflush(stdout);
        m_saved = dup(STDOUT_FILENO);
        dup2(descriptor, STDOUT_FILENO);
    }
    ~Redirection() {
        dup2(m_saved, STDOUT_FILENO);
        close(m_saved);
    }
    Redirection(const Redirection&) = delete;
    Redirection& operator=(const Redirection&) = delete;

private:
    int m_saved = -1;
};

}  // namespace

TEST_CASE_FIXTURE(Folder, "a report appears in its file when it is finished, and not before") {
    Output output(file());
    output.start("{\n");
    CHECK_FALSE(std::filesystem::exists(file()));
    output.finish("{\n}\n");
    CHECK(contents() == "{\n}\n");
    CHECK(entries() == 1);
}

TEST_CASE_FIXTURE(Folder, "an older report stays until the new one is complete") {
    std::ofstream(file()) << "old";
    {
        Output output(file());
        output.start("new");
        CHECK(contents() == "old");
    }
    CHECK(contents() == "old");
    CHECK(entries() == 1);
    Output output(file());
    output.finish("new report");
    CHECK(contents() == "new report");
}

TEST_CASE_FIXTURE(Folder, "a report that is never finished leaves nothing behind") {
    {
        Output output(file());
        output.start("{\n");
    }
    CHECK(entries() == 0);
}

TEST_CASE_FIXTURE(Folder, "what was written at the start is not written again") {
    Output output(file());
    output.start("head\n");
    output.finish("head\nbody\n");
    CHECK(contents() == "head\nbody\n");
}

TEST_CASE_FIXTURE(Folder, "a report that begins otherwise is written whole after the start") {
    Output output(file());
    output.start("{\n");
    output.finish("other\n");
    CHECK(contents() == "{\nother\n");
}

TEST_CASE_FIXTURE(Folder, "the room that was reserved and not needed is given back") {
    Output output(file());
    const bool can_reserve = allocated() >= k_reserved;
    output.finish("short\n");
    CHECK(allocated() < k_reserved);
    CHECK(std::filesystem::file_size(file()) == 6);
    if (!can_reserve) {
        MESSAGE("this file system cannot reserve room");
    }
}

TEST_CASE_FIXTURE(Folder, "a report on a redirected stdout reserves room and gives it back") {
    const int descriptor = open(file().c_str(), O_WRONLY | O_CREAT, 0600);
    off_t during = 0;
    {
        const Redirection redirection(descriptor);
        Output output("");
        during = allocated();
        output.start("head\n");
        output.finish("head\nbody\n");
    }
    close(descriptor);
    CHECK(contents() == "head\nbody\n");
    CHECK(allocated() < k_reserved);
    CHECK((during >= k_reserved || during == 0));
}

TEST_CASE_FIXTURE(Folder, "a run that fails gives back what was reserved on stdout") {
    const int descriptor = open(file().c_str(), O_WRONLY | O_CREAT, 0600);
    {
        const Redirection redirection(descriptor);
        Output output("");
        output.start("head\n");
    }
    close(descriptor);
    CHECK(contents() == "head\n");
    CHECK(allocated() < k_reserved);
}

TEST_CASE_FIXTURE(Folder, "a log that others append to is neither truncated nor reserved in") {
    std::ofstream(file()) << "line of another program\n";
    const int descriptor = open(file().c_str(), O_WRONLY | O_APPEND);
    off_t during = 0;
    {
        const Redirection redirection(descriptor);
        Output output("");
        during = allocated();
        output.finish("report\n");
        std::ofstream(file(), std::ios::app) << "another line\n";
    }
    close(descriptor);
    CHECK(during < k_reserved);
    CHECK(contents() == "line of another program\nreport\nanother line\n");
}

TEST_CASE_FIXTURE(Folder, "a place that does not exist is an error that names it, at once") {
    const std::string nowhere = (path / "missing" / "report.json").string();
    const auto failure = failure_of([&] { Output output(nowhere); });
    CHECK(failure.kind == ErrorKind::io);
    CHECK(failure.says(nowhere));
    CHECK(failure.says("--output"));
}

TEST_CASE("a full disk is found out at the start, before anything is removed") {
    const auto failure = failure_of([] {
        Output output("/dev/full");
        output.start("{\n");
    });
    CHECK(failure.kind == ErrorKind::io);
    CHECK(failure.says("/dev/full"));
    CHECK(failure.says("No space left on device"));
}

TEST_CASE("a full disk behind stdout is found out at the start") {
    const int descriptor = open("/dev/full", O_WRONLY);
    test::Failure failure;
    {
        const Redirection redirection(descriptor);
        failure = failure_of([] { Output("").start("{\n"); });
    }
    close(descriptor);
    CHECK(failure.kind == ErrorKind::io);
    CHECK(failure.says("stdout"));
}

TEST_CASE("a pipe that nobody reads any more is found out at the start") {
    const auto previous = std::signal(SIGPIPE, SIG_IGN);
    int ends[2] = {-1, -1};
    REQUIRE(pipe(ends) == 0);
    close(ends[0]);
    test::Failure failure;
    {
        const Redirection redirection(ends[1]);
        failure = failure_of([] { Output("").start("{\n"); });
    }
    close(ends[1]);
    std::signal(SIGPIPE, previous);
    CHECK(failure.kind == ErrorKind::io);
    CHECK(failure.says("Broken pipe"));
}

TEST_CASE("a report goes through a pipe whole, however long it is") {
    int ends[2] = {-1, -1};
    REQUIRE(pipe(ends) == 0);
    const std::string report(60'000, 'x');
    {
        const Redirection redirection(ends[1]);
        Output output("");
        output.start("xx");
        output.finish(report);
    }
    close(ends[1]);
    std::string received;
    std::array<char, 4096> buffer{};
    for (ssize_t size = 0; (size = read(ends[0], buffer.data(), buffer.size())) > 0;) {
        received.append(buffer.data(), static_cast<std::size_t>(size));
    }
    close(ends[0]);
    CHECK(received == report);
}

TEST_CASE("a device is written to and not replaced") {
    Output output("/dev/null");
    output.start("{\n");
    CHECK_NOTHROW(output.finish("{\n}\n"));
    CHECK(std::filesystem::is_character_file("/dev/null"));
}

TEST_CASE_FIXTURE(Folder, "a report can be read by its owner and group only") {
    Output(file()).finish("x");
    const auto permissions = std::filesystem::status(file()).permissions();
    CHECK((permissions & std::filesystem::perms::others_read) == std::filesystem::perms::none);
    CHECK((permissions & std::filesystem::perms::group_read) != std::filesystem::perms::none);
}
