// SPDX-License-Identifier: Apache-2.0
#include "report/summary.hpp"

#include "report/text.hpp"
#include "util/escape.hpp"
#include "util/log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace report {

namespace {

// What Kubernetes keeps of a termination message.
constexpr std::size_t k_longest = 4096;

}  // namespace

std::string summary(const RunDocument& document) {
    const gc::RunReport& run = document.run;
    std::string line = fmt::format(
        "{}: {} rows {}, {} with them, in {} batches and {:.1f} s; stopped: {} (exit {})",
        document.head.command, grouped(gc::rows_removed(run.tally)),
        run.dry_run ? "to remove" : "removed",
        grouped(gc::rows_touched(run.tally) - gc::rows_removed(run.tally)), grouped(run.batches),
        static_cast<double>(run.elapsed.count()) / 1000.0, document.stop_reason,
        document.exit_code);
    if (!document.error.empty()) {
        line += ": " + util::escape_controls(document.error);
    }
    return line;
}

void write_summary(const std::string& path, const std::string& line) noexcept {
    if (path.empty()) {
        return;
    }
    const int descriptor = open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
    const std::string_view text = std::string_view(line).substr(0, k_longest);
    const bool written = descriptor >= 0 && write(descriptor, text.data(), text.size()) ==
                                                static_cast<ssize_t>(text.size());
    const int reason = errno;
    if (descriptor >= 0) {
        close(descriptor);
    }
    if (!written) {
        util::log_warning("the summary in {} cannot be written ({})", path, std::strerror(reason));
    }
}

}  // namespace report
