// SPDX-License-Identifier: Apache-2.0
#include "report/json.hpp"

namespace report {

Json head_json(const Head& head) {
    Json document;
    document["schema_version"] = k_schema_version;
    document["program"] = {{"name", "iam-token-gc"}, {"version", head.version}};
    document["command"] = head.command;
    document["database"] = {{"url", head.database_url},
                            {"server", head.server},
                            {"name", head.database},
                            {"level", head.level},
                            {"time_zone", head.time_zone}};
    return document;
}

Json range_json(const gc::RowRange& range) {
    return {{"rows", range.rows}, {"first_id", range.first}, {"last_id", range.last}};
}

std::string dump(const Json& document) {
    return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace report
