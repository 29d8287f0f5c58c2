// SPDX-License-Identifier: Apache-2.0
#include "config/password.hpp"

#include "config/file.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

#include <sys/stat.h>

namespace config {

namespace {

[[noreturn]] void refuse(const std::string& what) {
    throw util::Error(util::ErrorKind::config, what);
}

bool others_may_use(const std::string& path) {
    struct stat status {};
    return stat(path.c_str(), &status) == 0 && (status.st_mode & (S_IROTH | S_IWOTH)) != 0;
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// The value of "password = 'text'": quotes and the escapes of option files are undone.
std::string option_value(std::string_view text) {
    const bool quoted = text.size() >= 2 && text.front() == text.back() &&
                        (text.front() == '"' || text.front() == '\'');
    if (quoted) {
        text = text.substr(1, text.size() - 2);
    } else {
        text = trimmed(text.substr(0, text.find(" #")));
    }
    constexpr std::string_view escapes = "nrtbs\\";
    constexpr std::string_view meanings = "\n\r\t\b \\";
    std::string value;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto escape = text[at] == '\\' && at + 1 < text.size() ? escapes.find(text[at + 1])
                                                                     : std::string_view::npos;
        value += escape == std::string_view::npos ? text[at] : meanings[escape];
        at += escape == std::string_view::npos ? 0 : 1;
    }
    return value;
}

}  // namespace

std::string read_password_file(const std::string& path) {
    const auto text = read_file(path);
    if (!text) {
        refuse(fmt::format("database.password_file: {} does not exist", path));
    }
    if (others_may_use(path)) {
        refuse(
            fmt::format("database.password_file: every user of this machine may read or change {}; "
                        "take that right away (chmod o= {}) and change the password",
                        path, path));
    }
    std::string_view line = *text;
    line = line.substr(0, line.ends_with('\n') ? line.size() - 1 : line.size());
    line = line.substr(0, line.ends_with('\r') ? line.size() - 1 : line.size());
    if (line.empty() || line.find_first_of(std::string_view("\n\0", 2)) != std::string_view::npos) {
        refuse(
            fmt::format("database.password_file: {} has to hold the password in one line and "
                        "nothing else",
                        path));
    }
    return std::string(line);
}

std::optional<std::string> option_file_password(std::string_view text) {
    std::optional<std::string> password;
    bool ours = false;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const std::string_view line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.starts_with('[')) {
            ours = line.starts_with("[client]") || line.starts_with("[client-mariadb]");
            continue;
        }
        const auto equals = line.find('=');
        if (ours && equals != std::string_view::npos &&
            trimmed(line.substr(0, equals)) == "password") {
            password = option_value(trimmed(line.substr(equals + 1)));
        }
    }
    return password;
}

std::optional<std::string> my_cnf_password(const char* home) {
    if (home == nullptr || *home == '\0') {
        return std::nullopt;
    }
    const std::string path = std::string(home) + "/.my.cnf";
    const auto text = read_file(path);
    auto password = text ? option_file_password(*text) : std::nullopt;
    if (password && others_may_use(path)) {
        refuse(
            fmt::format("every user of this machine may read or change {}, which holds a "
                        "password; take that right away (chmod o= {})",
                        path, path));
    }
    return password;
}

std::string password_of(const DatabaseSettings& settings) {
    if (settings.password_file.empty()) {
        return settings.password;
    }
    if (!settings.password.empty()) {
        refuse(
            "there is a password in the environment (IAM_TOKEN_GC_DATABASE_PASSWORD) and one in "
            "database.password_file; give one of them");
    }
    return read_password_file(settings.password_file);
}

}  // namespace config
