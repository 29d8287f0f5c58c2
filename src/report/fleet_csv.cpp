// SPDX-License-Identifier: Apache-2.0
#include "report/escaped.hpp"
#include "report/fleet_formats.hpp"

#include <fmt/format.h>

#include <functional>

namespace report {

namespace {

struct Column {
    std::string_view name{};
    std::function<std::string(const ClientFigures&)> value{};
};

std::string joined_words(const std::vector<std::string>& words) {
    return in_csv(fmt::to_string(fmt::join(words, " ")));
}

std::string flag_names(const ClientFigures& client) {
    std::vector<std::string_view> names;
    for (const Flag& flag : client.flags) {
        names.push_back(name(flag.name));
    }
    return fmt::to_string(fmt::join(names, " "));
}

template <typename Number>
std::string number(const Number& value) {
    return fmt::to_string(value);
}

template <typename Number>
std::string number(const std::optional<Number>& value) {
    return value ? fmt::to_string(*value) : "";
}

std::string whole_seconds(const std::optional<std::chrono::seconds>& time) {
    return time ? fmt::to_string(time->count()) : "";
}

std::string moment(const std::optional<util::TimePoint>& time) {
    return time ? util::format_time(*time) : "";
}

using Client = ClientFigures;

const std::vector<Column>& columns() {
    static const std::vector<Column> all{
        {"id", [](const Client& c) { return number(c.id); }},
        {"client_id", [](const Client& c) { return in_csv(c.client_id); }},
        {"name", [](const Client& c) { return in_csv(c.name); }},
        {"flags", flag_names},
        {"active", [](const Client& c) { return number(c.active); }},
        {"dynamically_registered",
         [](const Client& c) { return number(c.dynamically_registered); }},
        {"grant_types", [](const Client& c) { return joined_words(c.grant_types); }},
        {"contacts", [](const Client& c) { return joined_words(c.contacts); }},
        {"owners", [](const Client& c) { return joined_words(c.owners); }},
        {"created", [](const Client& c) { return moment(c.created); }},
        {"last_used", [](const Client& c) { return moment(c.last_used); }},
        {"access_live", [](const Client& c) { return number(c.access.live); }},
        {"access_expired", [](const Client& c) { return number(c.access.expired); }},
        {"access_never_expiring", [](const Client& c) { return number(c.access.never_expiring); }},
        {"registration", [](const Client& c) { return number(c.registration); }},
        {"refresh_live", [](const Client& c) { return number(c.refresh.live); }},
        {"refresh_expired", [](const Client& c) { return number(c.refresh.expired); }},
        {"refresh_never_expiring",
         [](const Client& c) { return number(c.refresh.never_expiring); }},
        {"refresh_idle", [](const Client& c) { return number(c.idle_refresh); }},
        {"share", [](const Client& c) { return number(c.share); }},
        {"bytes", [](const Client& c) { return number(c.bytes); }},
        {"lifetime_seconds", [](const Client& c) { return whole_seconds(c.lifetime); }},
        {"refresh_lifetime_seconds",
         [](const Client& c) { return whole_seconds(c.refresh_lifetime); }},
        {"rate_now", [](const Client& c) { return number(c.rates.now); }},
        {"rate_last_hour", [](const Client& c) { return number(c.rates.last_hour); }},
        {"rate_last_day", [](const Client& c) { return number(c.rates.last_day); }},
        {"rate_last_week", [](const Client& c) { return number(c.rates.last_week); }},
        {"rate_peak", [](const Client& c) { return number(c.rates.peak); }},
        {"rate_peak_at", [](const Client& c) { return moment(c.rates.peak_at); }},
        {"first_issued", [](const Client& c) { return moment(c.first_issued); }},
        {"last_issued", [](const Client& c) { return moment(c.last_issued); }},
        {"users", [](const Client& c) { return number(c.users); }},
        {"tokens_per_user", [](const Client& c) { return number(c.tokens_per_user); }},
        {"seconds_between", [](const Client& c) { return number(c.seconds_between); }},
        {"tokens_per_lifetime", [](const Client& c) { return number(c.tokens_per_lifetime); }},
        {"removed", [](const Client& c) { return number(c.removed); }},
        {"left", [](const Client& c) { return number(c.left); }},
    };
    return all;
}

template <typename Cell>
std::string line(const Cell& cell) {
    std::string text;
    for (const Column& column : columns()) {
        text += text.empty() && &column == &columns().front() ? "" : ",";
        text += cell(column);
    }
    return text + "\r\n";
}

}  // namespace

// One line per client, all of them: a spreadsheet is there to choose. RFC 4180: CRLF, one header.
std::string fleet_csv(const Fleet& fleet, const RenderOptions& /*options*/) {
    std::string text = line([](const Column& column) { return std::string(column.name); });
    for (const ClientFigures& client : fleet.clients) {
        text += line([&](const Column& column) { return column.value(client); });
    }
    return text;
}

}  // namespace report
