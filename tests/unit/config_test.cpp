// SPDX-License-Identifier: Apache-2.0
#include "config/keys.hpp"
#include "config/load.hpp"
#include "support/settings.hpp"
#include "util/error.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>
#include <set>
#include <string>
#include <vector>

using test::load_failure;
using test::TemporaryFile;

namespace {

// A value other than the default for every key.
const std::map<std::string, std::string>& samples() {
    static const std::map<std::string, std::string> all{
        {"database.url", "mysql://gc@db.example.org:3306/iam"},
        {"database.password_file", "/etc/iam-token-gc/password"},
        {"database.tls", "verify-ca"},
        {"database.tls_ca", "/etc/ssl/certs/site.pem"},
        {"database.time_zone", "Europe/Rome"},
        {"database.connect_timeout", "3s"},
        {"database.statement_timeout", "1min"},
        {"grace", "2d"},
        {"targets.access_token", "false"},
        {"targets.refresh_token", "false"},
        {"targets.authorization_code", "false"},
        {"targets.device_code", "false"},
        {"targets.authentication_holder", "false"},
        {"targets.saved_user_auth", "false"},
        {"targets.satellite", "false"},
        {"targets.permission_ticket", "false"},
        {"targets.permission", "false"},
        {"targets.iam_revoked_at", "false"},
        {"targets.spring_session", "false"},
        {"orphans.margin", "1h"},
        {"unneeded.clients", "stress-* @client_credentials"},
        {"unneeded.age", "2h"},
        {"unneeded.with_user", "true"},
        {"unneeded.with_refresh_token", "true"},
        {"unneeded.scopes", "storage.*"},
        {"unneeded.spare_scopes", "scim:*"},
        {"unneeded.audiences", "https://storage.example.org"},
        {"unneeded.spare_audiences", "iam"},
        {"quota.tokens", "1000"},
        {"quota.per_user", "true"},
        {"quota.clients", "stress-*"},
        {"purge_client.client", "stress-1"},
        {"deleted_client.mode", "remove"},
        {"deleted_user.mode", "report"},
        {"revoked.mode", "remove"},
        {"refresh_unused.age", "90d"},
        {"refresh_unused.file", "/var/lib/iam-token-gc/idle.json"},
        {"drain.mode", "report"},
        {"spare.clients", "pilot"},
        {"spare.users", "admin"},
        {"spare.scopes", "scim:read"},
        {"limits.batch_size", "17"},
        {"limits.batch_rows", "5000"},
        {"limits.batch_time", "100ms"},
        {"limits.workers", "3"},
        {"limits.scan_rows", "0"},
        {"limits.max_rows", "1000000"},
        {"limits.max_time", "30min"},
        {"limits.lock_wait", "1s"},
        {"retry.attempts", "3"},
        {"retry.first_delay", "20ms"},
        {"retry.longest_delay", "5s"},
        {"throttle.busy_share", "0.25"},
        {"throttle.rows_per_second", "5000"},
        {"throttle.sessions", "20/200"},
        {"throttle.replica_lag", "2s/1min"},
        {"throttle.replica_bytes", "1048576"},
        {"throttle.flow_control", "0.01/0.5"},
        {"throttle.receive_queue", "off"},
        {"throttle.node_state", "off"},
        {"throttle.history_list", "100000/10000000"},
        {"throttle.xmin_age", "1000"},
        {"throttle.dead_rows", "off"},
        {"throttle.replicas", "discover mysql://gc@replica.example.org:3306/iam"},
        {"throttle.pause_file", "/run/iam-token-gc.pause"},
        {"throttle.window", "23:00-04:30"},
        {"throttle.interval", "5s"},
        {"throttle.max_wait", "1h"},
        {"throttle.watch_blocking", "false"},
        {"throttle.full_speed", "true"},
        {"safety.max_unexpired_rows", "7"},
        {"safety.max_unexpired_share", "0.5"},
        {"safety.tolerance", "0.2"},
        {"clock.ignore", "true"},
        {"clock.tolerance", "2min"},
        {"clock.host_tolerance", "30s"},
        {"flags.flood", "2.5"},
        {"flags.share", "0.5"},
        {"flags.burst", "6"},
        {"flags.hoarder", "500"},
        {"flags.no_reuse", "3"},
        {"flags.long_lived", "1d"},
        {"flags.never_expires", "5"},
        {"flags.refresh_pileup", "7"},
        {"flags.unknown_client", "1"},
        {"flags.inactive_client", "2"},
        {"flags.fair_use", "2"},
        {"flags.min_tokens", "100"},
        {"forecast.limit_rows", "20000000"},
        {"forecast.limit_bytes", "60000000000"},
        {"state.file", "/var/lib/iam-token-gc/state.json"},
        {"archive.path", "/var/lib/iam-token-gc/archive"},
        {"archive.mode", "full"},
        {"archive.file_size", "1048576"},
        {"plan.lifetime", "2h"},
        {"plan.tolerance", "0.05"},
        {"certificate.file", "/var/lib/iam-token-gc/certificate.json"},
        {"report.format", "json"},
        {"report.file", "/var/tmp/report.json"},
        {"report.database_url", "mysql://gc@replica.example.org:3306/iam"},
        {"report.fail_on", "flagged"},
        {"report.top", "50"},
        {"report.quiet", "true"},
        {"report.summary_file", "/dev/termination-log"},
        {"metrics.file", "/var/lib/node_exporter/iam_token_gc_run.prom"},
        {"log.level", "debug"},
        {"log.format", "json"},
    };
    return all;
}

std::string yaml_line(const config::Key& key, const std::string& value) {
    const auto section = config::section_of(key);
    return section.empty() ? fmt::format("{}: {}\n", key.path, value)
                           : fmt::format("{}:\n  {}: {}\n", section,
                                         key.path.substr(section.size() + 1), value);
}

// The value of a key after loading, as it is printed.
std::string value(const config::Loaded& loaded, const std::string& path) {
    return config::find_key(path)->print(loaded.config);
}

std::string origin(const config::Loaded& loaded, const std::string& path) {
    return config::to_string(loaded.origins.at(path));
}

config::Loaded load_override(const std::string& path, const std::string& text) {
    return config::load({.default_file = {}, .overrides = {{.path = path, .value = text}}});
}

}  // namespace

TEST_CASE("every target can be switched off by a key of its name") {
    for (const gc::Target target : gc::k_targets) {
        CAPTURE(gc::name(target));
        const auto loaded = load_override(fmt::format("targets.{}", gc::name(target)), "false");
        CHECK(loaded.config.gc.policy.switched_off == std::set{target});
    }
}

TEST_CASE("no two keys share a path, an option or an environment variable") {
    std::set<std::string> paths;
    std::set<std::string> options;
    std::set<std::string> variables;
    for (const config::Key& key : config::keys()) {
        CAPTURE(key.path);
        CHECK(paths.insert(key.path).second);
        CHECK((key.option.empty() || options.insert(key.option).second));
        CHECK(variables.insert(config::environment_name(key)).second);
    }
}

TEST_CASE("the default of every key is a value that the key takes") {
    for (const config::Key& key : config::keys()) {
        CAPTURE(key.path);
        config::Config config;
        key.parse(config, config::default_of(key));
        CHECK(key.print(config) == config::default_of(key));
    }
}

TEST_CASE("every key is set by the file, which is named as the origin with its line") {
    for (const config::Key& key : config::keys()) {
        CAPTURE(key.path);
        const std::string sample = samples().at(key.path);
        const TemporaryFile file(yaml_line(key, sample));
        const auto loaded = config::load({.default_file = {}, .file = file.path()});
        CHECK(sample != config::default_of(key));
        CHECK(value(loaded, key.path) == sample);
        CHECK(origin(loaded, key.path) ==
              fmt::format("{}:{}", file.path(), config::section_of(key).empty() ? 1 : 2));
        CHECK(loaded.file == file.path());
    }
}

TEST_CASE("every key is set by its environment variable") {
    for (const config::Key& key : config::keys()) {
        CAPTURE(key.path);
        const std::string sample = samples().at(key.path);
        const auto loaded = config::load(
            {.default_file = {}, .environment = {config::environment_name(key) + "=" + sample}});
        CHECK(value(loaded, key.path) == sample);
        CHECK(origin(loaded, key.path) == "environment");
    }
}

TEST_CASE("every key is set by the command line") {
    for (const config::Key& key : config::keys()) {
        CAPTURE(key.path);
        const auto loaded = load_override(key.path, samples().at(key.path));
        CHECK(value(loaded, key.path) == samples().at(key.path));
        CHECK(origin(loaded, key.path) == "command line");
    }
}

TEST_CASE("setting one key leaves every other at its default") {
    for (const config::Key& key : config::keys()) {
        const auto loaded = load_override(key.path, samples().at(key.path));
        for (const config::Key& other : config::keys()) {
            if (other.path != key.path) {
                CAPTURE(key.path);
                CAPTURE(other.path);
                CHECK(value(loaded, other.path) == config::default_of(other));
                CHECK(origin(loaded, other.path) == "default");
            }
        }
    }
}

TEST_CASE("the command line wins over the environment, and the environment over the file") {
    const TemporaryFile file("grace: 2h\nlimits:\n  batch_size: 2\n  batch_rows: 200\n");
    const auto loaded =
        config::load({.default_file = {},
                      .file = file.path(),
                      .environment = {"IAM_TOKEN_GC_GRACE=3h", "IAM_TOKEN_GC_LIMITS_BATCH_SIZE=3"},
                      .overrides = {{.path = "grace", .value = "4h"}}});
    CHECK(value(loaded, "grace") == "4h");
    CHECK(value(loaded, "limits.batch_size") == "3");
    CHECK(value(loaded, "limits.batch_rows") == "200");
    CHECK(value(loaded, "limits.max_rows") == "0");
    CHECK(origin(loaded, "grace") == "command line");
    CHECK(origin(loaded, "limits.batch_size") == "environment");
    CHECK(origin(loaded, "limits.batch_rows") == file.path() + ":4");
    CHECK(origin(loaded, "limits.max_rows") == "default");
}

TEST_CASE("the file in the usual place is read only when no other is named") {
    const TemporaryFile usual("grace: 2h\n");
    const TemporaryFile named("grace: 3h\n");
    const TemporaryFile optional_("grace: 4h\n");
    const std::string variable = "IAM_TOKEN_GC_CONFIG=" + named.path();
    CHECK(value(config::load({.default_file = usual.path()}), "grace") == "2h");
    CHECK(value(config::load({.default_file = usual.path(), .environment = {variable}}), "grace") ==
          "3h");
    CHECK(value(config::load({.default_file = usual.path(),
                              .file = optional_.path(),
                              .environment = {variable}}),
                "grace") == "4h");
    CHECK(config::load({.default_file = "/nonexistent/iam-token-gc.yaml"}).file.empty());
}

TEST_CASE("a configuration file that is named but cannot be read is an error") {
    CHECK(load_failure({.file = "/nonexistent/a.yaml"}) ==
          "config: The configuration file /nonexistent/a.yaml does not exist");
    CHECK(load_failure({.file = "/"}) ==
          "config: Cannot read the configuration file /: Is a directory");
    CHECK(
        load_failure({.environment = {"IAM_TOKEN_GC_CONFIG="}}) ==
        "config: Environment variable IAM_TOKEN_GC_CONFIG is empty; set it to a file or unset it");
    CHECK(load_failure({.file = "/dev/zero"}) ==
          "config: Cannot read the configuration file /dev/zero: it has more than 1 MiB, which no "
          "configuration needs");
}

TEST_CASE(
    "an environment variable of ours that is no key is an error, one of somebody else is not") {
    CHECK(load_failure({.environment = {"IAM_TOKEN_GC_LIMIT_BATCH_SIZE=1"}}) ==
          "config: Environment variable IAM_TOKEN_GC_LIMIT_BATCH_SIZE: no such key (did you mean "
          "IAM_TOKEN_GC_LIMITS_BATCH_SIZE?)");
    CHECK(load_failure({.environment = {"IAM_TOKEN_GC_=1"}})
              .starts_with("config: Environment variable IAM_TOKEN_GC_:"));
    CHECK(load_failure({.environment = {"IAM_TOKEN_LIMITS=1", "LIMITS_BATCH_SIZE=x", "PATH=/bin"}})
              .empty());
}

TEST_CASE("an error of a value names the place, the key and the value") {
    const TemporaryFile file("limits:\n\n  batch_size: 0\n");
    CHECK(load_failure({.file = file.path()}) ==
          "config: " + file.path() + ":3: limits.batch_size: \"0\" is out of range: 1 to 100000");
    CHECK(load_failure({.environment = {"IAM_TOKEN_GC_LIMITS_BATCH_SIZE=0"}}) ==
          "config: IAM_TOKEN_GC_LIMITS_BATCH_SIZE: \"0\" is out of range: 1 to 100000");
    CHECK(load_failure({.overrides = {{.path = "limits.batch_size", .value = "0"}}}) ==
          "usage: --batch-size: \"0\" is out of range: 1 to 100000");
}

TEST_CASE("a wrong URL is not repeated in the message, because it may hold a password") {
    const std::string message =
        load_failure({.environment = {"IAM_TOKEN_GC_DATABASE_URL=host=db password=hunter2"}});
    CHECK(message.starts_with("config: IAM_TOKEN_GC_DATABASE_URL: "));
    CHECK(message.find("hunter2") == std::string::npos);
}

TEST_CASE(
    "a password in the URL is taken from file and environment and refused on the command line") {
    const std::string url = "mysql://gc:hunter2@db/iam";
    const TemporaryFile file("database:\n  url: " + url + "\n");
    CHECK(config::load({.default_file = {}, .file = file.path()}).config.database.url == url);
    CHECK(config::load({.default_file = {}, .environment = {"IAM_TOKEN_GC_DATABASE_URL=" + url}})
              .config.database.url == url);
    const std::string message =
        load_failure({.overrides = {{.path = "database.url", .value = url}}});
    CHECK(message.starts_with("usage: --database-url: a password on the command line"));
    CHECK(message.find("hunter2") == std::string::npos);
}

TEST_CASE("a zone other than UTC needs a grace of an hour") {
    const auto with = [](const std::string& zone, const std::string& grace) {
        return load_failure({.environment = {"IAM_TOKEN_GC_DATABASE_TIME_ZONE=" + zone,
                                             "IAM_TOKEN_GC_GRACE=" + grace}});
    };
    CHECK(with("Europe/Rome", "1h").empty());
    CHECK(with("UTC", "0").empty());
    CHECK(with("+00:00", "0").empty());
    const std::string message = with("Europe/Rome", "3599s");
    CHECK(message.starts_with(
        "config: database.time_zone = Europe/Rome (environment) and grace = 3599s (environment)"));
    CHECK(load_failure({.environment = {"IAM_TOKEN_GC_DATABASE_TIME_ZONE=Europe/Rome"},
                        .overrides = {{.path = "grace", .value = "0"}}})
              .starts_with("usage: database.time_zone"));
}

TEST_CASE("the first delay of a retry must not be longer than the longest") {
    CHECK(load_failure({.environment = {"IAM_TOKEN_GC_RETRY_FIRST_DELAY=2s"}}).empty());
    CHECK(load_failure({.environment = {"IAM_TOKEN_GC_RETRY_FIRST_DELAY=2001ms"}}) ==
          "config: retry.first_delay = 2001ms (environment) and retry.longest_delay = 2s (default) "
          "do not go together: "
          "the first delay must not be longer than the longest");
}

TEST_CASE("a missing database URL is an error only where a database is needed") {
    const config::Loaded loaded = config::load({.default_file = {}});
    CHECK_THROWS_AS(config::require_database(loaded.config), util::Error);
    CHECK_NOTHROW(config::require_database(load_override("database.url", "sqlite:///a").config));
}

TEST_CASE("a dash as the report's file means standard output") {
    CHECK(load_override("report.file", "-").config.report.file.empty());
}
