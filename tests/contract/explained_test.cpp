// SPDX-License-Identifier: Apache-2.0
// The statements of the policies, as a plan shows them.
#include "db/explained.hpp"
#include "contract/store_case.hpp"
#include "gc/plan.hpp"

using gc::EarlyPolicy;
using test::on_every_store;
using test::StoreCase;

TEST_CASE(
    "every server tells how it would carry out what each policy removes, and removes nothing") {
    on_every_store([](StoreCase& c) {
        c.iam.access_token({.expiration = test::k_live, .holder = c.iam.holder()});
        c.iam.flush();
        gc::Settings settings;
        settings.early.purge_client = c.iam.current_client().client_id;
        settings.early.revoked = gc::EarlyMode::remove;
        settings.early.deleted_client = gc::EarlyMode::remove;
        settings.early.deleted_user = gc::EarlyMode::remove;
        settings.early.drain = gc::EarlyMode::remove;
        settings.early.unneeded.clients = {"*"};
        settings.early.quota.tokens = 1;
        const gc::Plan plan = gc::plan_run(c.store, settings, c.store.schema());
        REQUIRE(plan.early);
        int shown = 0;
        for (const gc::Target target : gc::k_targets) {
            for (const EarlyPolicy policy : gc::k_early_policies) {
                if (!plan.early->is_on(policy) || !gc::works_on(policy, target)) {
                    continue;
                }
                CAPTURE(std::string(gc::name(policy)));
                const db::Explained removal =
                    db::explain_removal(c.store.connection(), target, policy, *plan.early);
                CHECK(removal.sql.find("iam-token-gc early.") != std::string::npos);
                CHECK(removal.text.find("not explained") == std::string::npos);
                CHECK(removal.text.size() > 10);
                ++shown;
            }
            if (plan.early->concerns(target)) {
                const db::Explained walk =
                    db::explain_walk(c.store.connection(), target, *plan.early);
                CHECK(walk.text.find("not explained") == std::string::npos);
            }
        }
        CHECK(shown >= 9);
        CHECK(c.count("access_token") == 1);
    });
}
