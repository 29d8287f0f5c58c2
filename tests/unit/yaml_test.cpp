// SPDX-License-Identifier: Apache-2.0
#include "config/yaml.hpp"
#include "support/settings.hpp"
#include "util/error.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

// The message of the error, or what was read as "path=value@place" words.
std::string read(const std::string& text) {
    try {
        std::string words;
        for (const config::Setting& setting : config::parse_yaml(text, "F")) {
            words += (words.empty() ? "" : " ") + setting.path + "=" + setting.value + "@" +
                     setting.origin.place;
        }
        return words;
    } catch (const util::Error& error) {
        CHECK(error.kind() == util::ErrorKind::config);
        return error.what();
    }
}

}  // namespace

TEST_CASE("keys of sections and of the top level are read with their lines") {
    CHECK(read("# a comment\ngrace: 2h\nlimits:\n  batch_size: 5\n\n  max_rows: 6\n") ==
          "grace=2h@F:2 limits.batch_size=5@F:4 limits.max_rows=6@F:6");
}

TEST_CASE("a file without any key is no error") {
    CHECK(read("").empty());
    CHECK(read("# nothing\n").empty());
    CHECK(read("---\n").empty());
    CHECK(read("limits: {}\n").empty());
}

TEST_CASE("an unknown key is an error with its line and a near one") {
    CHECK(read("limits:\n  batchsize: 5\n") ==
          "F:2: limits.batchsize: unknown key (did you mean limits.batch_size?)");
    CHECK(read("grase: 5\n") == "F:1: grase: unknown key (did you mean grace?)");
    CHECK(read("batch_size: 5\n") ==
          "F:1: batch_size: unknown key (did you mean limits.batch_size?)");
    CHECK(read("colour: blue\n") == "F:1: colour: unknown key");
    CHECK(read("limit:\n  batch_size: 5\n") ==
          "F:1: limit: unknown section (did you mean limits?)");
    CHECK(read("limits:\n  limits:\n    batch_size: 5\n")
              .starts_with("F:2: limits.limits: unknown key"));
    CHECK(read("<<: {grace: 1h}\n") == "F:1: <<: unknown section");
    CHECK(read("\"a\\e[31m\": 1\n") == "F:1: a\\x1b[31m: unknown key");
}

TEST_CASE("a dotted key is not a way to write a section") {
    CHECK(read("limits.batch_size: 5\n") ==
          "F:1: limits.batch_size: write the section on a line of its own and the key below it, "
          "indented");
}

TEST_CASE("a key or a section that is given twice is an error") {
    CHECK(read("grace: 1h\ngrace: 1h\n") == "F:2: grace: is given twice");
    CHECK(read("limits:\n  max_rows: 1\n  max_rows: 2\n") ==
          "F:3: limits.max_rows: is given twice");
    CHECK(read("limits:\n  max_rows: 1\nlimits:\n  batch_size: 2\n") ==
          "F:3: limits: is given twice");
}

TEST_CASE("a key without a value is an error, however nothing is spelled") {
    for (const std::string nothing : {"", "~", "null", "Null", "NULL"}) {
        CAPTURE(nothing);
        CHECK(read("grace: " + nothing + "\n") ==
              "F:1: grace: has no value; leave the key out for its default");
    }
    CHECK(read("limits:\ngrace: 1h\n") ==
          "F:1: limits: is a section, so its keys belong below it, indented");
}

TEST_CASE(
    "a list or a section in place of a value is an error, and a value in place of a section") {
    CHECK(read("grace: [1h]\n") == "F:1: grace: takes one value, not a list or a section");
    CHECK(read("grace:\n  x: 1h\n") == "F:1: grace: takes one value, not a list or a section");
    CHECK(read("limits: 5\n") ==
          "F:1: limits: is a section, so its keys belong below it, indented");
    CHECK(read("- grace\n") == "F:1: the configuration is not a list of \"key: value\" lines");
    CHECK(read("grace\n") == "F:1: the configuration is not a list of \"key: value\" lines");
    CHECK(read("? [a, b]\n: c\n") == "F:1: a key is not a name");
}

TEST_CASE("a number or a boolean in quotes is a text and so of the wrong type") {
    const auto fails = [](const std::string& text) {
        const test::TemporaryFile file(text);
        return test::load_failure({.file = file.path()})
            .ends_with("the value is a text, write it without quotes");
    };
    CHECK(fails("limits:\n  batch_size: \"5\"\n"));
    CHECK(fails("targets:\n  permission: 'true'\n"));
    CHECK(fails("throttle:\n  busy_share: '0.5'\n"));
    CHECK_FALSE(fails("grace: '1h'\nlog:\n  level: \"debug\"\n"));
}

TEST_CASE("broken YAML is an error with its line") {
    CHECK(read("grace: 1h\n  limits: x\n").starts_with("F:2: not valid YAML: "));
    CHECK(read("limits: {max_rows: 1\ngrace: 1h\n").starts_with("F:"));
    CHECK(read("grace: *nobody\n").starts_with("F:1: not valid YAML: "));
    CHECK(read("grace: 1h\n---\ngrace: 2h\n") ==
          "F:3: the configuration is one YAML document, not several");
}

TEST_CASE("a comma outside of a list is an error and not a document without end") {
    for (const std::string text : {",", ",a\n", "\n , grace: 1h\n", ",ddNSt6locale5\xe2"}) {
        CAPTURE(text);
        CHECK(read(text).ends_with(": not valid YAML: a ',' outside of a list"));
    }
}

TEST_CASE("a quote that is not closed does not swallow the keys behind it") {
    for (const std::string quote : {"'", "\""}) {
        CAPTURE(quote);
        CHECK(read("report:\n  file: " + quote + "a\nlimits:\n  max_rows: 5\n") ==
              "F:5: not valid YAML: a quote is not closed");
        CHECK(read("grace: " + quote + "1h") == "F:1: not valid YAML: a quote is not closed");
    }
}

TEST_CASE("a value that refers to itself ends in an error and not in a loop") {
    CHECK(read("limits: &a\n  limits: *a\n").starts_with("F:2: limits.limits: unknown key"));
}

TEST_CASE("deep nesting ends in an error and not in a crash") {
    CHECK(read("grace: " + std::string(100'000, '[')).starts_with("F:1: not valid YAML: "));
    CHECK(read(std::string(100'000, '{')).starts_with("F:1: not valid YAML: "));
}
