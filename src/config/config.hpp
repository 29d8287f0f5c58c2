// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/report_settings.hpp"
#include "gc/settings.hpp"
#include "util/log_record.hpp"
#include "util/tls.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace config {

struct DatabaseSettings {
    std::string url{};            // required; no default database
    std::string password_file{};  // holds the password alone; empty: none
    std::string password{};  // IAM_TOKEN_GC_DATABASE_PASSWORD; no key, so that no file holds it
    util::Tls tls{};
    std::string time_zone = "UTC";  // session zone; for PostgreSQL the zone of the server's JVM
    std::chrono::milliseconds connect_timeout = std::chrono::seconds{10};
    std::chrono::milliseconds statement_timeout = std::chrono::seconds{30};
    std::vector<std::string> replicas{};  // URLs, or k_discover; what throttle.replicas says
};

enum class Format { text, json };
using util::LogLevel;

// Every command writes the first two, `report` the others as well.
enum class ReportFormat { text, json, csv, openmetrics, html, mail };

// What makes `report` end with exit code 1.
enum class FailOn { nothing, flagged };

struct OutputSettings {
    ReportFormat format = ReportFormat::text;
    std::string file{};          // where the report goes; empty: stdout
    std::string database_url{};  // where `report` reads; empty: database.url
    FailOn fail_on = FailOn::nothing;
    std::int64_t top = 20;       // clients that `report` names beside the flagged ones
    bool quiet = false;          // nothing on stdout and stderr when all went well
    std::string summary_file{};  // gets one line about how it ended; empty: nowhere
};

struct MetricsSettings {
    std::string file{};  // where a run tells how it ended; empty: nowhere
};

// What of a removed row is kept (archive/columns.hpp).
enum class ArchiveMode { ids, full };

struct ArchiveSettings {
    std::string path{};  // empty: nothing is kept
    ArchiveMode mode = ArchiveMode::ids;
    std::int64_t file_size = std::int64_t{256} * 1024 * 1024;
};

// Plans that are carried out later.
struct PlanSettings {
    std::chrono::milliseconds lifetime = std::chrono::hours{24};
    double tolerance = 0.1;  // share by which the database may differ from the plan
};

struct CertificateSettings {
    std::string file{};  // where a run says what it did, to be kept; empty: nowhere
};

struct LogSettings {
    LogLevel level = LogLevel::info;
    Format format = Format::text;
};

// Every setting of the program at its default. YAML, environment and command line change it in that
// order.
struct Config {
    DatabaseSettings database{};
    gc::Settings gc{};
    gc::FlagSettings flags{};
    gc::ForecastSettings forecast{};
    std::string state_file{};  // empty: no history
    OutputSettings report{};
    MetricsSettings metrics{};
    ArchiveSettings archive{};
    PlanSettings plan{};
    CertificateSettings certificate{};
    LogSettings log{};
};

}  // namespace config
