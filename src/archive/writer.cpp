// SPDX-License-Identifier: Apache-2.0
#include "archive/writer.hpp"

#include "archive/frame.hpp"
#include "util/error.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace archive {

namespace {

constexpr mode_t k_folder_mode = 0700;
constexpr mode_t k_file_mode = 0600;
// Room behind a batch for the mark that says how it ended.
constexpr off_t k_room_for_marks = 4096;

void wait_for_folder(const std::string& folder) {
    const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        fsync(descriptor);
        close(descriptor);
    }
}

bool write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno != EINTR) {
            return false;
        }
        text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

std::int64_t Batch::size() const {
    std::int64_t sum = 0;
    for (const auto& [table, count] : rows) {
        sum += count;
    }
    return sum;
}

Writer::Writer(std::string folder, std::int64_t file_bytes, Manifest manifest)
    : m_folder(std::move(folder)), m_file_bytes(file_bytes), m_manifest(std::move(manifest)) {
    if (mkdir(m_folder.c_str(), k_folder_mode) != 0 && errno != EEXIST) {
        fail(m_folder, "made");
    }
    struct stat status {};
    if (stat(m_folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
        errno = ENOTDIR;
        fail(m_folder, "used as a folder");
    }
    if ((status.st_mode & 077U) != 0) {
        throw util::Error(
            util::ErrorKind::config,
            fmt::format("archive.path: others may enter {}, and the archive tells who "
                        "had which token; run chmod 700 on it",
                        m_folder));
    }
    save_manifest();
    open_file();
}

Writer::~Writer() {
    if (m_descriptor >= 0) {
        close(m_descriptor);
    }
}

void Writer::fail(const std::string& path, const char* what) const {
    throw util::Error(
        util::ErrorKind::io,
        fmt::format("the archive {} cannot be {} ({}), and nothing is removed without "
                    "it; free room or choose another place with --archive",
                    path, what, std::strerror(errno)));
}

void Writer::open_file() {
    m_entry = {.name =
                   fmt::format("{}-{:04}.jsonl.zst", m_manifest.run, m_manifest.files.size() + 1)};
    m_path = m_folder + "/" + m_entry.name;
    m_descriptor = open(m_path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, k_file_mode);
    if (m_descriptor < 0) {
        fail(m_path, "made");
    }
    m_sum = std::make_unique<util::Sha256>();
    wait_for_folder(m_folder);
}

void Writer::close_file() {
    if (ftruncate(m_descriptor, m_entry.bytes) != 0 || fsync(m_descriptor) != 0) {
        fail(m_path, "written");
    }
    close(std::exchange(m_descriptor, -1));
    m_entry.sha256 = m_sum->hex();
    m_manifest.files.push_back(m_entry);
}

void Writer::append(std::string_view text, bool wait) {
    const std::string frame = compressed(text);
    const off_t end = m_entry.bytes + static_cast<off_t>(frame.size()) + k_room_for_marks;
    if (wait && fallocate(m_descriptor, FALLOC_FL_KEEP_SIZE, 0, end) != 0 && errno == ENOSPC) {
        fail(m_path, "given room");
    }
    if (!write_all(m_descriptor, frame) || (wait && fdatasync(m_descriptor) != 0)) {
        const int reason = errno;
        // What was written of the frame would hide the frames behind it.
        if (ftruncate(m_descriptor, m_entry.bytes) == 0) {
            lseek(m_descriptor, m_entry.bytes, SEEK_SET);
        }
        errno = reason;
        fail(m_path, "written");
    }
    m_entry.bytes += static_cast<std::int64_t>(frame.size());
    m_sum->update(frame);
}

std::int64_t Writer::write(const Batch& batch) {
    if (m_entry.bytes >= m_file_bytes) {
        close_file();
        save_manifest();
        open_file();
    }
    const std::int64_t number = m_last_batch + 1;
    const std::string begin = fmt::format(
        "{{\"record\":\"begin\",\"run\":\"{}\",\"batch\":{},\"time\":\"{}\",\"rows\":{}}}\n",
        m_manifest.run, number, utc_now(), batch.size());
    append(begin + batch.lines, true);
    m_last_batch = number;
    ++m_entry.batches;
    m_entry.rows += batch.size();
    m_unmarked[number] = batch.rows;
    return number;
}

void Writer::mark(std::int64_t batch, std::string_view end) {
    append(fmt::format("{{\"record\":\"{}\",\"run\":\"{}\",\"batch\":{}}}\n", end, m_manifest.run,
                       batch),
           false);
    if (end == "committed") {
        for (const auto& [table, rows] : m_unmarked[batch]) {
            m_manifest.rows[table] += rows;
        }
    }
    m_unmarked.erase(batch);
}

void Writer::finish() {
    close_file();
    m_manifest.ended = utc_now();
    save_manifest();
}

void Writer::save_manifest() {
    const std::string path = fmt::format("{}/{}.manifest.json", m_folder, m_manifest.run);
    const std::string temporary = path + ".new";
    const int descriptor =
        open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, k_file_mode);
    if (descriptor < 0) {
        fail(path, "made");
    }
    const bool written = write_all(descriptor, to_json(m_manifest)) && fsync(descriptor) == 0;
    const int reason = errno;
    close(descriptor);
    if (!written || rename(temporary.c_str(), path.c_str()) != 0) {
        errno = written ? errno : reason;
        unlink(temporary.c_str());
        fail(path, "written");
    }
    wait_for_folder(m_folder);
}

}  // namespace archive
