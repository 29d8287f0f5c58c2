// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>

namespace util {

// What a caller can do about a failure; main maps each kind to one exit code (architecture.md
// "Command line").
enum class ErrorKind {
    usage,       // bad command line: exit 64
    data,        // not a database this program knows, or a safety limit tripped: exit 65
    connection,  // cannot reach the database, or lost it: reconnect; in the end exit 69
    software,    // a bug: exit 70
    io,          // the report or another output could not be written: exit 74
    transient,  // lock conflict, deadlock, certification failure: roll back, retry; in the end exit
                // 75
    busy,       // another run holds the lock, or a budget is used up: exit 75
    permission,  // missing privilege or read-only server: exit 77
    config,      // bad configuration: exit 78
};

// A failure that says what failed, on what and what to do, in one sentence.
class Error : public std::runtime_error {
public:
    Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), m_kind(kind) {}

    ErrorKind kind() const noexcept { return m_kind; }

private:
    ErrorKind m_kind;
};

// The exit code that belongs to a kind of failure (architecture.md, table of exit codes).
int exit_code(ErrorKind kind) noexcept;

}  // namespace util
