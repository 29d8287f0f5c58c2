// SPDX-License-Identifier: Apache-2.0
#include "support/program.hpp"

#include "support/backend.hpp"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace test {

namespace {

std::string program_path() {
    const char* const path = std::getenv("ITGC_TEST_PROGRAM");
    return path != nullptr ? path : (source_dir() / "build" / "iam-token-gc").string();
}

std::string read_file(const std::filesystem::path& file) {
    std::ifstream stream(file);
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::string read_all(std::FILE* stream) {
    std::string text;
    std::array<char, 4096> buffer{};
    for (std::size_t length = 0;
         (length = std::fread(buffer.data(), 1, buffer.size(), stream)) > 0;) {
        text.append(buffer.data(), length);
    }
    return text;
}

}  // namespace

ProgramResult run_command(const std::string& command) {
    const std::filesystem::path log =
        std::filesystem::temp_directory_path() / fmt::format("itgc-log-{}", ::getpid());
    std::FILE* const stream =
        ::popen(fmt::format("({}) 2>{} </dev/null", command, quoted(log.string())).c_str(), "r");
    if (stream == nullptr) {
        throw std::runtime_error("cannot start a shell for: " + command);
    }
    ProgramResult result{.output = read_all(stream)};
    const int status = ::pclose(stream);
    result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    result.log = read_file(log);
    std::filesystem::remove(log);
    return result;
}

std::string quoted(const std::string& word) {
    std::string text = "'";
    for (const char letter : word) {
        text += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
    }
    return text + "'";
}

ProgramResult run_program(const std::string& database_url,
                          const std::vector<std::string>& arguments) {
    std::string command = fmt::format(
        "env -i PATH=\"$PATH\" HOME=/nonexistent "
        "IAM_TOKEN_GC_DATABASE_URL={} {}",
        quoted(database_url), quoted(program_path()));
    for (const std::string& argument : arguments) {
        command += " " + quoted(argument);
    }
    return run_command(command);
}

}  // namespace test
