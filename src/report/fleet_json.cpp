// SPDX-License-Identifier: Apache-2.0
#include "report/fleet_formats.hpp"
#include "report/json.hpp"

namespace report {

std::string fleet_json(const Fleet& fleet, const RenderOptions& /*options*/) {
    Json json = head_json(fleet.head);
    json["now"] = util::format_time(fleet.now);
    json["access_tokens"] = fleet.totals.access.total();
    json["clients"] = Json::array();
    for (const ClientFigures& figures : fleet.clients) {
        json["clients"].push_back({{"client_id", figures.client_id},
                                   {"name", figures.name},
                                   {"live", figures.access.live},
                                   {"expired", figures.access.expired},
                                   {"never_expiring", figures.access.never_expiring},
                                   {"share", figures.share}});
    }
    return dump(json);
}

}  // namespace report
