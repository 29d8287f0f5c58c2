// SPDX-License-Identifier: Apache-2.0
#include "util/log.hpp"
#include "support/child.hpp"
#include "support/settings.hpp"
#include "util/escape.hpp"
#include "util/log_record.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>

using util::LogLevel;

namespace {

util::LogRecord record(std::vector<util::LogField> fields,
                       std::string message = "Removed a batch") {
    return {.time = std::chrono::sys_days{std::chrono::year{2026} / 5 / 1} + std::chrono::hours{12},
            .level = LogLevel::info,
            .event = "batch",
            .message = std::move(message),
            .fields = std::move(fields)};
}

// What the function writes to stderr, in a process of its own.
std::string stderr_of(const std::function<void()>& function) {
    const test::TemporaryFile file("");
    const int code = test::in_child([&] {
        dup2(open(file.path().c_str(), O_WRONLY), STDERR_FILENO);
        function();
        return 0;
    });
    CHECK(code == 0);
    std::ifstream stream(file.path());
    return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_CASE("a text line has time, level, message and fields") {
    CHECK(util::text_line(record(
              {{"target", "access_token"}, {"rows", 2000}, {"share", 0.5}, {"dry_run", true}})) ==
          "2026-05-01T12:00:00Z info    Removed a batch target=access_token rows=2000 share=0.5 "
          "dry_run=true");
}

TEST_CASE("a text value that could be read in two ways is quoted") {
    CHECK(util::text_line(record(
              {{"a", ""}, {"b", "x y"}, {"c", "x=y"}, {"d", "say \"hi\""}, {"e", "back\\slash"}},
              "m")) ==
          "2026-05-01T12:00:00Z info    m a=\"\" b=\"x y\" c=\"x=y\" d=\"say \\\"hi\\\"\" "
          "e=\"back\\\\slash\"");
}

TEST_CASE("control characters in messages and values are made visible") {
    CHECK(util::text_line(record({{"client", "\x1b[31mred\nnew line"}}, "one\ntwo")) ==
          "2026-05-01T12:00:00Z info    one\\x0atwo client=\"\\x1b[31mred\\x0anew line\"");
}

TEST_CASE("escaping leaves letters of every language alone and shows what changes the display") {
    CHECK(util::escape_controls("Gruesse, Grüße, 日本, 🙂") ==
          "Gruesse, Grüße, 日本, 🙂");
    CHECK(util::escape_controls("a\tb\x7f") == "a\\x09b\\x7f");
    CHECK(util::escape_controls("\xc2\x9b"
                                "31m") == "\\u009b31m");
    CHECK(util::escape_controls("\u202e\u2066\u200b\ufeff") == "\\u202e\\u2066\\u200b\\ufeff");
    CHECK(util::escape_controls(std::string_view("\0", 1)) == "\\x00");
}

TEST_CASE("bytes that are no UTF-8 are shown one by one") {
    CHECK(util::escape_controls("\xff"
                                "a") == "\\xffa");
    CHECK(util::escape_controls("\xc3") == "\\xc3");           // cut off
    CHECK(util::escape_controls("\xc3(") == "\\xc3(");         // no continuation
    CHECK(util::escape_controls("\xc0\x9b") == "\\xc0\\x9b");  // overlong
    CHECK(util::escape_controls("\xe0\x80\x9b") == "\\xe0\\x80\\x9b");
    CHECK(util::escape_controls("\xe0\x81\x81") == "\\xe0\\x81\\x81");  // overlong "A"
    CHECK(util::escape_controls("\xed\xa0\x80") == "\\xed\\xa0\\x80");  // surrogate
    CHECK(util::escape_controls("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");
}

TEST_CASE("a JSON line has the same things under stable names") {
    const auto line = nlohmann::json::parse(
        util::json_line(record({{"target", "access_token"}, {"rows", 2000}, {"dry_run", true}})));
    CHECK(line == nlohmann::json{{"time", "2026-05-01T12:00:00Z"},
                                 {"level", "info"},
                                 {"event", "batch"},
                                 {"message", "Removed a batch"},
                                 {"target", "access_token"},
                                 {"rows", 2000},
                                 {"dry_run", true}});
}

TEST_CASE("a JSON line is ASCII on one line whatever the values hold") {
    const std::string line = util::json_line(record({{"client", "\x1b[31m\n\u202e\xff"}}));
    CHECK(std::all_of(line.begin(), line.end(), [](char c) { return c >= 0x20 && c < 0x7f; }));
    CHECK(nlohmann::json::parse(line).at("client") == "\x1b[31m\n\u202e\ufffd");
}

TEST_CASE("a field does not replace time, level, event or message") {
    const auto line =
        nlohmann::json::parse(util::json_line(record({{"event", "forged"}, {"level", "none"}})));
    CHECK(line.at("event") == "batch");
    CHECK(line.at("level") == "info");
}

TEST_CASE("the log goes to stderr as text, from level info up") {
    const std::string text = stderr_of([] {
        util::log_error("No {}", 1);
        util::log_warning("Careful");
        util::log_info("Started");
        util::log_debug("Detail");
        util::log_event(LogLevel::info, "batch", {{"rows", 1}}, "Removed");
    });
    const std::string time = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ ";
    CHECK(std::regex_match(text,
                           std::regex(time + "error   No 1\n" + time + "warning Careful\n" + time +
                                      "info    Started\n" + time + "info    Removed rows=1\n")));
}

TEST_CASE("the level chooses what is logged") {
    const auto lines = [](LogLevel level) {
        const std::string text = stderr_of([level] {
            util::configure_log(level, false);
            util::log_error("e");
            util::log_warning("w");
            util::log_info("i");
            util::log_debug("d");
        });
        return std::count(text.begin(), text.end(), '\n');
    };
    CHECK(lines(LogLevel::error) == 1);
    CHECK(lines(LogLevel::warning) == 2);
    CHECK(lines(LogLevel::info) == 3);
    CHECK(lines(LogLevel::debug) == 4);
}

TEST_CASE("the log can be JSON lines") {
    const std::string text = stderr_of([] {
        util::configure_log(LogLevel::info, true);
        util::log_info("Percent % and {} braces", "{}");
    });
    const auto line = nlohmann::json::parse(text);
    CHECK(line.at("event") == "message");
    CHECK(line.at("message") == "Percent % and {} braces");
}

TEST_CASE("a stderr that is closed or full does not stop the program") {
    CHECK(test::in_child([] {
              close(STDERR_FILENO);
              util::log_error("lost");
              return 0;
          }) == 0);
    CHECK(test::in_child([] {
              dup2(open("/dev/full", O_WRONLY), STDERR_FILENO);
              util::log_error("lost");
              return 0;
          }) == 0);
}
