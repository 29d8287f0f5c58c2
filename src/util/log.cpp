// SPDX-License-Identifier: Apache-2.0
#include "util/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <atomic>
#include <memory>

namespace util {

namespace {

// spdlog filters, keeps the lines of several threads apart and ignores a stderr that cannot be
// written; what a line looks like is decided in log_record.cpp.
class Log {
public:
    Log() : m_logger("iam-token-gc", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
        m_logger.set_pattern("%v");
        m_logger.set_error_handler([](const std::string&) {});
    }

    void configure(LogLevel level, bool json) {
        m_logger.set_level(spdlog_level(level));
        m_json = json;
    }

    void write(const LogRecord& record) {
        const auto level = spdlog_level(record.level);
        if (m_logger.should_log(level)) {
            m_logger.log(level, m_json ? json_line(record) : text_line(record));
        }
    }

private:
    static spdlog::level::level_enum spdlog_level(LogLevel level) {
        switch (level) {
        case LogLevel::error:
            return spdlog::level::err;
        case LogLevel::warning:
            return spdlog::level::warn;
        case LogLevel::info:
            return spdlog::level::info;
        case LogLevel::debug:
            return spdlog::level::debug;
        }
        return spdlog::level::info;
    }

    spdlog::logger m_logger;
    std::atomic<bool> m_json{false};
};

Log& the_log() {
    static Log log;
    return log;
}

}  // namespace

void configure_log(LogLevel level, bool json) {
    the_log().configure(level, json);
}

void log_event(LogLevel level, const std::string& event, std::vector<LogField> fields,
               const std::string& message) noexcept {
    try {
        const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        the_log().write({.time = now,
                         .level = level,
                         .event = event,
                         .message = message,
                         .fields = std::move(fields)});
    } catch (...) {
        // A lost log line is no reason to stop; the report says how the run ended.
        return;
    }
}

}  // namespace util
