// SPDX-License-Identifier: Apache-2.0
#include "contract/edge_case_check.hpp"

#include "support/population.hpp"
#include "support/runs.hpp"
#include "support/snapshot.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

namespace contract {

namespace {

void check_on(test::Workbench& bench, const test::EdgeCase& edge_case, const Look& look) {
    const util::TimePoint now = test::database_now(bench.connection());
    test::IamWriter writer(bench.connection(), bench.catalog());
    test::Scene scene(writer, now);
    edge_case.write(scene);
    writer.flush();

    gc::Settings settings;
    settings.limits.batch_size = k_batch_size;
    const auto snapshot = [&] { return test::take_snapshot(bench.connection(), bench.catalog()); };
    test::Snapshot expected = snapshot();
    const gc::RunReport dry = test::dry_run_once(bench.store(), settings, now);
    CHECK(test::difference(expected, snapshot()) == "");
    const gc::RunReport report = test::run_once(bench.store(), settings, now);
    scene.apply(expected);
    CHECK(test::difference(expected, snapshot()) == "");
    CHECK(test::described(dry.tally) == test::described(report.tally));
    if (look) {
        look(report, scene);
    }
}

}  // namespace

void check_edge_case(std::string_view name, const Look& look) {
    const test::EdgeCase& edge_case = test::edge_case(name);
    int places = 0;
    for (const test::Ground& ground : test::grounds()) {
        CAPTURE(ground.text());
        test::Workbench& bench = test::clear_workbench(ground);
        if (edge_case.possible_in(bench.catalog())) {
            check_on(bench, edge_case, look);
            ++places;
        }
    }
    // Some cases exist on one server only, which may be left out on purpose.
    CHECK((places > 0 || std::getenv("ITGC_TEST_BACKENDS") != nullptr));
}

}  // namespace contract
