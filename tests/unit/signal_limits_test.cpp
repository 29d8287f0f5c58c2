// SPDX-License-Identifier: Apache-2.0
#include "config/signal_limits.hpp"
#include "config/keys.hpp"
#include "support/settings.hpp"
#include "util/error.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using config::parse_signal_limits;
using config::print_signal_limits;
using gc::Signal;

TEST_CASE("a signal is off, on at its usual limit, or on at limits of one's own") {
    CHECK_FALSE(parse_signal_limits(Signal::replica_lag, "off").on);
    CHECK(parse_signal_limits(Signal::replica_lag, "on") ==
          gc::SignalLimits{.on = true, .limit = 10});
    CHECK(parse_signal_limits(Signal::replica_lag, "1500ms") ==
          gc::SignalLimits{.on = true, .limit = 1.5});
    CHECK(parse_signal_limits(Signal::replica_lag, "5s/2min") ==
          gc::SignalLimits{.on = true, .limit = 5, .critical = 120});
    CHECK(parse_signal_limits(Signal::flow_control, "0.02/0.5") ==
          gc::SignalLimits{.on = true, .limit = 0.02, .critical = 0.5});
    CHECK(parse_signal_limits(Signal::sessions, "0/0") ==
          gc::SignalLimits{.on = true, .limit = 0, .critical = 0});
}

TEST_CASE("limits are printed as they are read") {
    const std::vector<std::pair<Signal, std::string>> samples{
        {Signal::replica_lag, "off"},     {Signal::replica_lag, "5s/2min"},
        {Signal::replica_lag, "1500ms"},  {Signal::flow_control, "0.02/0.5"},
        {Signal::history_list, "123456"}, {Signal::replica_bytes, "1048576/9007199254740992"},
        {Signal::node_state, "off"},      {Signal::node_state, "on"}};
    for (const auto& [signal, text] : samples) {
        CHECK(print_signal_limits(signal, parse_signal_limits(signal, text)) == text);
    }
}

TEST_CASE("limits of the wrong kind, order or size are refused with a word about the right ones") {
    const std::vector<std::pair<Signal, std::string>> samples{
        {Signal::replica_lag, ""},       {Signal::replica_lag, "10"},
        {Signal::replica_lag, "10s/5s"}, {Signal::replica_lag, "10s/"},
        {Signal::replica_lag, "/10s"},   {Signal::replica_lag, "1s/2s/3s"},
        {Signal::sessions, "10s"},       {Signal::sessions, "-1"},
        {Signal::sessions, "ON"},        {Signal::flow_control, "1.01"},
        {Signal::node_state, "1"},       {Signal::node_state, "true"},
        {Signal::xmin_age, "1/2"},       {Signal::history_list, "1e6"}};
    for (const auto& [signal, text] : samples) {
        CAPTURE(gc::name(signal));
        CAPTURE(text);
        CHECK_THROWS_AS(parse_signal_limits(signal, text), util::Error);
    }
}

TEST_CASE("replicas are URLs, or the word discover, with blanks between them") {
    CHECK(config::parse_replicas("").empty());
    CHECK(config::parse_replicas("  mysql://a@h1  discover mysql://b@h2:3307 ") ==
          std::vector<std::string>{"mysql://a@h1", "discover", "mysql://b@h2:3307"});
    CHECK_THROWS_AS(config::parse_replicas("mysql://a@h1 h2:3306"), util::Error);
}

TEST_CASE("a password in a replica's URL is refused on the command line, and shown nowhere") {
    const std::string urls = "discover mysql://gc@h1:3306 mysql://gc:hunter2@h2/iam";
    const std::string message =
        test::load_failure({.overrides = {{.path = "throttle.replicas", .value = urls}}});
    CHECK(message.starts_with("usage: --replicas: a password on the command line"));
    CHECK(message.find("IAM_TOKEN_GC_THROTTLE_REPLICAS") != std::string::npos);
    CHECK(message.find("hunter2") == std::string::npos);
    CHECK(test::load_failure({.overrides = {{.path = "throttle.replicas",
                                             .value = "discover mysql://gc@h1:3306 "
                                                      "mysql://gc@h2:3306/iam"}}})
              .empty());
    const auto loaded = config::load(
        {.default_file = {}, .environment = {"IAM_TOKEN_GC_THROTTLE_REPLICAS=" + urls}});
    CHECK(config::find_key("throttle.replicas")->print(loaded.config) ==
          "discover mysql://gc@h1:3306 mysql://gc:***@h2/iam");
}
