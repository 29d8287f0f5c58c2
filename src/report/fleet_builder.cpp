// SPDX-License-Identifier: Apache-2.0
#include "report/fleet_builder.hpp"

#include "report/figures.hpp"
#include "report/flags.hpp"

namespace report {

namespace {

void tell_removed(Fleet& fleet, const State& state) {
    fleet.last_run = state.last_run;
    if (!state.last_run) {
        return;
    }
    for (ClientFigures& client : fleet.clients) {
        const auto found = state.removed.find(client.id.value_or(0));
        client.removed = found == state.removed.end() ? 0 : found->second;
    }
}

}  // namespace

Fleet build_fleet(gc::ClientSource& source, const ReadOptions& options,
                  const gc::FlagSettings& flags, ForecastBasis& basis) {
    const util::TimePoint now = options.policy.now;
    const auto start = options.clock();
    Fleet fleet = figures_of(read_fleet(source, options), now);
    flag_clients(fleet, flags);
    tell_removed(fleet, basis.state);
    const FleetTotals& totals = fleet.totals;
    if (fleet.complete) {
        add_point(basis.state, {.at = now,
                                .tokens = totals.access.total() + totals.registration,
                                .backlog = totals.left,
                                .bytes = totals.bytes});
    }
    fleet.forecast = forecast_of(fleet, basis);
    sort_clients(fleet);
    fleet.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(options.clock() - start);
    return fleet;
}

}  // namespace report
