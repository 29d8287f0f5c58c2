// SPDX-License-Identifier: Apache-2.0
#include "report/output.hpp"

#include "util/error.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace report {

namespace {

// More than any report needs: targets and satellite tables are few.
constexpr off_t k_reserve = off_t{256} * 1024;

bool is_regular_file(int descriptor) {
    struct stat status {};
    return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

bool may_replace(const std::string& path) {
    struct stat status {};
    return stat(path.c_str(), &status) != 0 || S_ISREG(status.st_mode);
}

}  // namespace

Output::Output(std::string path, OutputKind kind) : m_path(std::move(path)), m_kind(kind) {
    if (m_path.empty()) {
        m_descriptor = STDOUT_FILENO;
    } else if (may_replace(m_path)) {
        m_temporary = m_path + ".XXXXXX";
        m_descriptor = mkostemp(m_temporary.data(), O_CLOEXEC);
        if (m_descriptor < 0) {
            m_temporary.clear();
            fail("created");
        }
        fchmod(m_descriptor, m_kind.mode);
    } else {
        m_descriptor = open(m_path.c_str(), O_WRONLY | O_CLOEXEC);
        if (m_descriptor < 0) {
            fail("opened");
        }
    }
    reserve();
}

// Not in a file that other programs may append to meanwhile: what they wrote could not be told from
// what was reserved.
void Output::reserve() {
    const bool shared = (fcntl(m_descriptor, F_GETFL) & O_APPEND) != 0;
    if (shared || !is_regular_file(m_descriptor)) {
        return;
    }
    // Without FALLOC_FL_KEEP_SIZE the file would seem to hold zeros; a file system that cannot
    // do it says so.
    const off_t at = lseek(m_descriptor, 0, SEEK_CUR);
    if (fallocate(m_descriptor, FALLOC_FL_KEEP_SIZE, at < 0 ? 0 : at, k_reserve) == 0) {
        m_reserved = true;
    } else if (errno == ENOSPC) {
        const int reason = errno;
        if (!m_temporary.empty()) {
            unlink(m_temporary.c_str());
        }
        errno = reason;
        fail("given room");
    }
}

bool Output::give_back() {
    struct stat status {};
    const bool reserved = std::exchange(m_reserved, false);
    return !reserved ||
           (fstat(m_descriptor, &status) == 0 && ftruncate(m_descriptor, status.st_size) == 0);
}

Output::~Output() {
    give_back();
    if (m_descriptor > STDERR_FILENO) {
        close(m_descriptor);
    }
    if (!m_temporary.empty()) {
        unlink(m_temporary.c_str());
    }
}

void Output::fail(const char* what) const {
    throw util::Error(
        util::ErrorKind::io,
        fmt::format("the {} {} cannot be {} ({}); free room or choose another place with {}",
                    m_kind.name, m_path.empty() ? "on stdout" : m_path, what, std::strerror(errno),
                    m_kind.option));
}

void Output::write(std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(m_descriptor, text.data(), text.size());
        if (written < 0 && errno != EINTR) {
            fail("written");
        }
        text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
}

void Output::start(std::string_view beginning) {
    write(beginning);
    m_started = beginning;
}

void Output::finish(std::string_view report) {
    if (report.starts_with(m_started)) {
        report.remove_prefix(m_started.size());
    }
    write(report);
    const bool done = give_back();
    if (m_temporary.empty()) {
        return;
    }
    if (!done || fsync(m_descriptor) != 0 || rename(m_temporary.c_str(), m_path.c_str()) != 0) {
        fail("written");
    }
    m_temporary.clear();
}

}  // namespace report
