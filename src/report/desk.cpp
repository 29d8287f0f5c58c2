// SPDX-License-Identifier: Apache-2.0
#include "report/desk.hpp"

#include "report/json.hpp"
#include "report/text.hpp"
#include "report/units.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace report {

namespace {

std::string tables_text(const gc::Desk& desk, const std::map<std::string, std::int64_t>& removed) {
    TextTable table({"table", "to remove", "share", "stays about"});
    for (const auto& [name, rows] : removed) {
        const auto part = gc::share(desk, name, rows);
        const auto facts = desk.tables.find(name);
        const std::int64_t all = facts == desk.tables.end() ? 0 : facts->second.rows;
        table.add({name, grouped(rows), part ? fmt::format("{:.0f} %", *part * 100) : "-",
                   part ? grouped(std::max<std::int64_t>(0, all - rows)) : "-"});
    }
    return table.text({});
}

std::string access_text(const gc::Desk& desk, const std::map<std::string, std::int64_t>& removed) {
    std::string text;
    for (const auto& [target, access] : desk.access) {
        text += wrapped(fmt::format("{} is walked by {}", gc::name(target), access), 2);
    }
    // The rows that the database would take along are removed by the run itself, in its own order.
    for (const gc::ForeignKey& key : desk.followers) {
        const auto rows = removed.find(key.table);
        if (rows != removed.end()) {
            text += wrapped(fmt::format("foreign key {}.{} to {}, ON DELETE {}: {} rows, removed "
                                        "by the run itself and counted above",
                                        key.table, key.column, key.referenced_table,
                                        key.delete_rule, grouped(rows->second)),
                            2);
        }
    }
    return text;
}

std::string list_text(std::string_view title, const std::vector<std::string>& lines) {
    std::string text = lines.empty() ? "" : fmt::format("\n{}\n", title);
    for (const std::string& line : lines) {
        text += wrapped(line, 2);
    }
    return text;
}

}  // namespace

std::string desk_text(const DeskNote& note, const gc::Tally& tally) {
    const gc::Desk& desk = note.desk;
    const auto removed = gc::removed_by_table(tally);
    std::string text = "\nfor the DBA (sizes and shares by the statistics of the server)\n";
    text += removed.empty() ? "  nothing is to be removed\n" : tables_text(desk, removed);
    text += access_text(desk, removed);
    text += wrapped(fmt::format("about {} at this throttle, a guess",
                                readable_duration(gc::time_at_throttle(
                                    desk, gc::rows_touched(tally), note.throttle))),
                    2);
    if (!desk.log.empty()) {
        text += wrapped(fmt::format("about {} in the {}, at most",
                                    readable_bytes(gc::log_bytes(desk, removed)), desk.log),
                        2);
    }
    text += wrapped(fmt::format("about {} become free inside the tables for new rows",
                                readable_bytes(gc::reusable_bytes(desk, removed))),
                    2);
    text += list_text("to give the space back afterwards", gc::give_back(desk, removed));
    return text + list_text("most of a table is garbage, so", gc::runbook(desk, removed));
}

Json desk_json(const DeskNote& note, const gc::Tally& tally) {
    const gc::Desk& desk = note.desk;
    const auto removed = gc::removed_by_table(tally);
    Json part;
    part["tables"] = Json::object();
    for (const auto& [name, rows] : removed) {
        const auto gone = gc::share(desk, name, rows);
        part["tables"][name] = {{"rows", rows}, {"share", gone ? Json(*gone) : Json(nullptr)}};
    }
    part["access"] = Json::object();
    for (const auto& [target, access] : desk.access) {
        part["access"][std::string(gc::name(target))] = access;
    }
    part["foreign_keys"] = Json::array();
    for (const gc::ForeignKey& key : desk.followers) {
        part["foreign_keys"].push_back({{"table", key.table},
                                        {"column", key.column},
                                        {"referenced_table", key.referenced_table},
                                        {"delete_rule", key.delete_rule}});
    }
    part["seconds"] = gc::time_at_throttle(desk, gc::rows_touched(tally), note.throttle).count();
    part["log"] = desk.log;
    part["log_bytes"] = gc::log_bytes(desk, removed);
    part["reusable_bytes"] = gc::reusable_bytes(desk, removed);
    part["give_back"] = gc::give_back(desk, removed);
    part["runbook"] = gc::runbook(desk, removed);
    return part;
}

}  // namespace report
