// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

namespace report {

// What is written, in the words of a message that it cannot be, and who may read the file.
struct OutputKind {
    const char* name = "report";
    const char* option = "--output";
    mode_t mode = 0640;
};

// Metrics are read by the collector of another account.
inline constexpr OutputKind k_metrics_output{
    .name = "metrics", .option = "--metrics-file", .mode = 0644};

// Where a report goes: stdout, or a file that appears complete or not at all. Room for it is
// claimed before a run removes anything, so that a full disk or a closed pipe is found out while
// nothing has happened yet.
class Output {
public:
    // Empty path: stdout. Reserves room; throws Error(io) naming the path.
    explicit Output(std::string path, OutputKind kind = {});
    ~Output();
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    // Writes what the report will certainly start with; throws Error(io).
    void start(std::string_view beginning);
    // Writes the report, without what start wrote if the report does start with that, and makes the
    // file appear. Throws Error(io).
    void finish(std::string_view report);

private:
    void reserve();
    // Frees what was reserved and not written; false when the file system fails.
    bool give_back();
    void write(std::string_view text);
    [[noreturn]] void fail(const char* what) const;

    std::string m_path;
    OutputKind m_kind;
    std::string m_temporary{};
    std::string m_started{};
    int m_descriptor = 1;
    bool m_reserved = false;
};

}  // namespace report
