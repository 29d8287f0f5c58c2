// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"

#include "cli/help.hpp"
#include "cli/version.hpp"
#include "config/keys.hpp"
#include "config/load.hpp"
#include "support/settings.hpp"
#include "util/error.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

using cli::Command;

namespace {

cli::Invocation parse(const std::vector<std::string>& arguments) {
    std::vector<const char*> argv{"iam-token-gc"};
    for (const std::string& argument : arguments) {
        argv.push_back(argument.c_str());
    }
    argv.push_back(nullptr);
    return cli::parse(static_cast<int>(argv.size()) - 1, argv.data());
}

// The message of the usage error; empty when there is none.
std::string failure(const std::vector<std::string>& arguments) {
    try {
        parse(arguments);
        return {};
    } catch (const util::Error& error) {
        CHECK(error.kind() == util::ErrorKind::usage);
        const std::string message = error.what();
        const std::string hint = "; see iam-token-gc --help";
        return message.ends_with(hint) ? message.substr(0, message.size() - hint.size()) : message;
    }
}

std::vector<std::string> words(const std::string& line) {
    std::vector<std::string> result;
    std::size_t first = 0;
    while (first < line.size()) {
        const auto end = std::min(line.find(' ', first), line.size());
        result.push_back(line.substr(first, end - first));
        first = end + 1;
    }
    return result;
}

}  // namespace

TEST_CASE("every command is recognised by its name") {
    for (const cli::CommandInfo& info : cli::k_commands) {
        CAPTURE(info.name);
        auto arguments = words(std::string(info.name));
        if (info.command == Command::why) {
            arguments.emplace_back("5");
        }
        if (info.command == Command::certificate_verify) {
            arguments.emplace_back("certificate.json");
        }
        CHECK(parse(arguments).command == info.command);
    }
}

TEST_CASE("options may stand before and after the command") {
    for (const auto& arguments : std::vector<std::vector<std::string>>{
             {"--config", "a.yaml", "--grace", "2h", "run", "--dry-run"},
             {"--dry-run", "run", "--config=a.yaml", "--grace=2h"},
             {"--grace", "2h", "run", "--config", "a.yaml", "--dry-run"}}) {
        CAPTURE(fmt::format("{}", fmt::join(arguments, " ")));
        const auto invocation = parse(arguments);
        CHECK(invocation.command == Command::run);
        CHECK(invocation.dry_run);
        CHECK(invocation.config_file == "a.yaml");
        CHECK(invocation.overrides ==
              std::vector<config::Override>{{.path = "grace", .value = "2h"}});
    }
    const auto shown = parse({"--grace", "2h", "config", "show", "--format", "json"});
    CHECK(shown.command == Command::config_show);
    CHECK(shown.overrides.size() == 2);
}

TEST_CASE("without options nothing is overridden and nothing is dry") {
    const auto invocation = parse({"run"});
    CHECK_FALSE(invocation.dry_run);
    CHECK_FALSE(invocation.id);
    CHECK(invocation.config_file.empty());
    CHECK(invocation.overrides.empty());
    CHECK_FALSE(invocation.text_and_exit);
}

TEST_CASE("every key with an option reaches the overrides through it") {
    for (const config::Key& key : config::keys()) {
        if (key.option.empty()) {
            continue;
        }
        CAPTURE(key.option);
        const bool flag = key.placeholder.empty();
        const auto arguments = flag ? std::vector<std::string>{"run", key.option}
                                    : std::vector<std::string>{"run", key.option, "value"};
        CHECK(parse(arguments).overrides ==
              std::vector<config::Override>{{.path = key.path, .value = flag ? "true" : "value"}});
    }
}

TEST_CASE("skip leaves targets out") {
    const auto invocation =
        parse({"run", "--skip", "access_token,permission", "--skip=iam_revoked_at"});
    const auto loaded = config::load({.default_file = {}, .overrides = invocation.overrides});
    CHECK(loaded.config.gc.policy.switched_off ==
          std::set{gc::Target::access_token, gc::Target::permission, gc::Target::iam_revoked_at});
}

TEST_CASE("only leaves every other target out, whatever the configuration says") {
    const auto invocation = parse({"run", "--only", "access_token,permission"});
    const auto loaded = config::load({.default_file = {},
                                      .environment = {"IAM_TOKEN_GC_TARGETS_ACCESS_TOKEN=false"},
                                      .overrides = invocation.overrides});
    for (const gc::Target target : gc::k_targets) {
        CAPTURE(gc::name(target));
        const bool chosen = target == gc::Target::access_token || target == gc::Target::permission;
        CHECK(loaded.config.gc.policy.switched_off.contains(target) != chosen);
    }
}

TEST_CASE("an unknown target is refused, and skip together with only") {
    CHECK(failure({"run", "--skip", "acces_token"})
              .starts_with("--skip: \"acces_token\" is no target (did you mean access_token?); the "
                           "targets are "));
    CHECK(failure({"run", "--only", "access_token,"}).starts_with("--only: \"\" is no target"));
    CHECK(failure({"run", "--only", "permission", "--skip", "permission"}) ==
          "--skip and --only exclude each other; give one of them");
}

TEST_CASE("why takes the id of a row and a target whose rows have one") {
    const auto plain = parse({"why", "42"});
    CHECK(plain.id == 42);
    CHECK(plain.target == gc::Target::access_token);
    CHECK(parse({"why", "--target", "authentication_holder", "9223372036854775807"}).id ==
          INT64_MAX);
    CHECK(parse({"--target=device_code", "why", "1"}).target == gc::Target::device_code);
    CHECK(failure({"why"}) == "why needs the id of a row");
    for (const std::string text :
         {"0", "-5", "x", "1x", "", "1.0", "+1", "9223372036854775808", "1,2"}) {
        CAPTURE(text);
        CHECK(failure({"why", text}) ==
              "The id of a row is a whole number above 0, not \"" + text + "\"");
    }
    CHECK(failure({"why", "5", "6"}) == "Unexpected argument \"6\"");
    CHECK(failure({"why", "5", "--target", "spring_session"}).find("have no number") !=
          std::string::npos);
    CHECK(failure({"why", "5", "--target", "tokens"})
              .starts_with("--target: \"tokens\" is no target"));
}

TEST_CASE("an option belongs to its command") {
    CHECK(failure({"check", "--dry-run"}) == "--dry-run belongs to run and restore only");
    CHECK(failure({"--dry-run", "plan"}) == "--dry-run belongs to run and restore only");
    CHECK(failure({"plan", "--plan", "x"}) == "--plan belongs to run only");
    CHECK(failure({"run", "--out", "x"}) == "--out belongs to plan only");
    CHECK(failure({"plan", "--out", "x", "--estimate"}).starts_with("--out needs rows"));
    CHECK(failure({"run", "--target", "access_token"}) ==
          "--target belongs to why only; --skip and --only choose targets");
    CHECK(failure({"check", "--client", "portal"}) ==
          "--client belongs to report and run and plan and restore only");
    CHECK(failure({"plan", "--yes-really"}) == "--yes-really belongs to run only");
}

TEST_CASE("a report may be about one client") {
    CHECK(parse({"report"}).client.empty());
    CHECK(parse({"report", "--client", "a client=b"}).client == "a client=b");
    CHECK(failure({"report", "--client", ""}) == "--client needs a client_id");
    CHECK(failure({"report", "--client", "--format"}).starts_with("--client needs a value"));
}

TEST_CASE("an option that means nothing to a command is refused with those it is for") {
    CHECK(failure({"report", "--batch-size", "5"}) ==
          "--batch-size means nothing to report; it is for plan, run, config show");
    CHECK(failure({"why", "5", "--skip", "permission"})
              .starts_with("--skip or --only means nothing to why"));
    CHECK(failure({"check", "--yes"}) == "--yes belongs to run only");
    CHECK(failure({"run", "--estimate"}) == "--estimate belongs to plan only");
    CHECK(failure({"run", "--batch-size", "5", "--yes"}).empty());
    CHECK(failure({"config", "show", "--batch-size", "5"}).empty());
}

TEST_CASE("man page and completion are printed instead of anything else") {
    for (const char* const name : {"man", "bash-completion", "zsh-completion"}) {
        CHECK(parse({"--generate", name}).text_and_exit.value_or("").size() > 1000);
    }
    CHECK(failure({"--generate", "pdf"}) ==
          "--generate makes man, bash-completion or zsh-completion");
}

TEST_CASE("what looks like an option is never taken as a value") {
    CHECK(failure({"--config", "--dry-run", "run"}) ==
          "--config needs a value, and \"--dry-run\" looks like an option (write ./ in front of "
          "such a file name)");
    CHECK(failure({"run", "--grace", "--dry-run"}) ==
          "--grace needs a value, and \"--dry-run\" looks like an option");
    CHECK(failure({"run", "--grace=--dry-run"}) ==
          "--grace needs a value, and \"--dry-run\" looks like an option");
    CHECK(failure({"run", "--config", "--"}).starts_with("--config needs a value"));
    CHECK(failure({"run", "--output", "-h"}).starts_with("--output needs a value"));
    CHECK(failure({"run", "--grace="}) == "\"--grace\" needs a value");
    CHECK(failure({"--config=", "run"}) == "\"--config\" needs a value");
    CHECK(failure({"run", "--grace"}) == "\"--grace\" needs a value");
    CHECK(failure({"run", "--config", ""}) == "--config needs the name of a file");
}

TEST_CASE("a value is taken as it is written") {
    for (const std::string value :
         {"-", "-1", "[a,b]", "a b", "a,b", "$HOME", "%%", "\"q\"", "'q'", "a=b", "++", "/h"}) {
        CAPTURE(value);
        CHECK(parse({"run", "--output", value}).overrides ==
              std::vector<config::Override>{{.path = "report.file", .value = value}});
        CHECK(parse({"run", "--output=" + value}).overrides ==
              std::vector<config::Override>{{.path = "report.file", .value = value}});
    }
}

TEST_CASE("a flag takes no value, so that no spelling switches the dry run off") {
    for (const std::string value : {"false", "true", "0", "no", ""}) {
        CAPTURE(value);
        CHECK(failure({"run", "--dry-run=" + value}) == "--dry-run takes no value");
    }
    CHECK(failure({"run", "--dry-run", "false"}) == "Unexpected argument \"false\"");
    CHECK(failure({"run", "--no-dry-run"}).starts_with("Unknown option \"--no-dry-run\""));
    CHECK(parse({"run", "--dry-run", "--dry-run"}).dry_run);
}

TEST_CASE("an option that is given twice is refused, because which one counts is not clear") {
    CHECK(failure({"--grace", "1h", "run", "--grace", "2h"}) ==
          "--grace is given 2 times, which one counts is not clear");
    CHECK(failure({"run", "--config=a", "--config=b"}) ==
          "--config is given 2 times, which one counts is not clear");
}

TEST_CASE("abbreviations and other spellings of an option are refused") {
    CHECK(failure({"run", "--dry"}) == "Unknown option \"--dry\"");
    CHECK(failure({"run", "--batch-siz", "5"}) ==
          "Unknown option \"--batch-siz\" (did you mean --batch-size?)");
    CHECK(failure({"run", "--batch_size", "5"}) ==
          "Unknown option \"--batch_size\" (did you mean --batch-size?)");
    CHECK(failure({"run", "--Grace=5h"}) ==
          "Unknown option \"--Grace=5h\" (did you mean --grace?)");
    CHECK(failure({"run", "-grace", "5h"}).starts_with("Unknown option \"-grace\""));
    CHECK(failure({"run", "--limits.batch_size", "5"}).starts_with("Unknown option"));
    CHECK(failure({"run", "-x"}) == "Unknown option \"-x\"");
    CHECK(failure({"why", "5", "--bogus", "6"}) == "Unknown option \"--bogus\"");
    CHECK(failure({"why", "--bogus", "6"}) == "Unknown option \"--bogus\"");
}

TEST_CASE("an unknown command is refused with a near one") {
    CHECK(failure({}) == "No command is given");
    CHECK(failure({"--grace", "1h"}) == "No command is given");
    CHECK(failure({"chek"}) == "Unknown command \"chek\" (did you mean check?)");
    CHECK(failure({"delete"}) == "Unknown command \"delete\"");
    CHECK(failure({""}) == "Unknown command \"\"");
    CHECK(failure({"RUN"}).starts_with("Unknown command \"RUN\""));
    CHECK(failure({"config"}) == "config needs show behind it");
    CHECK(failure({"archive"}) == "archive needs verify behind it");
    CHECK(failure({"certificate", "verify"}) ==
          "certificate verify needs the file of a certificate");
    CHECK(failure({"config", "shwo"}) ==
          "Unknown command config \"shwo\" (did you mean config show?)");
    CHECK(failure({"show"}).starts_with("Unknown command \"show\""));
    CHECK(failure({"a\x1b[31m"}) == "Unknown command \"a\\x1b[31m\"");
}

TEST_CASE("nothing but one command is expected") {
    CHECK(failure({"run", "check"}) == "Unexpected argument \"check\"");
    CHECK(failure({"run", "run"}) == "Unexpected argument \"run\"");
    CHECK(failure({"config", "show", "run"}) == "Unexpected argument \"run\"");
    CHECK(failure({"run", "5"}) == "Unexpected argument \"5\"");
    CHECK(failure({"run", ""}) == "Unexpected argument \"\"");
    CHECK(failure({"run", "++", "check"}) == "Unexpected argument \"++\"");
    CHECK(failure({"--", "run"}) == "Unexpected argument \"--\"");
    CHECK(failure({"run", "--", "--dry-run"}) == "Unexpected argument \"--\"");
    CHECK(failure({"why", "--", "5"}) == "Unexpected argument \"--\"");
}

TEST_CASE("help and version are printed instead of anything else") {
    CHECK(parse({"--version"}).text_and_exit == fmt::format("iam-token-gc {}\n", cli::k_version));
    CHECK(parse({"run", "--version"}).text_and_exit == cli::version_text());
    CHECK(parse({"--help"}).text_and_exit == cli::help_text(std::nullopt));
    CHECK(parse({"-h"}).text_and_exit == cli::help_text(std::nullopt));
    CHECK(parse({"why", "--help"}).text_and_exit == cli::help_text(Command::why));
    CHECK(parse({"--help", "run"}).text_and_exit == cli::help_text(Command::run));
    CHECK(parse({"config", "show", "-h"}).text_and_exit == cli::help_text(Command::config_show));
    CHECK(parse({"config", "--help"}).text_and_exit == cli::help_text(Command::config_show));
    CHECK_FALSE(failure({"--bogus", "--help"}).empty());
}

TEST_CASE("--client of run and plan names the client to purge, and --yes-really confirms it") {
    for (const char* const command : {"run", "plan"}) {
        const cli::Invocation invocation = parse({command, "--client", "stress-1"});
        CHECK(invocation.overrides ==
              std::vector<config::Override>{{"purge_client.client", "stress-1"}});
        CHECK_FALSE(invocation.yes_really);
    }
    CHECK(parse({"run", "--client", "stress-1", "--yes-really"}).yes_really);
    CHECK(parse({"report", "--client", "stress-1"}).overrides.empty());
}
