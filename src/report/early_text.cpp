// SPDX-License-Identifier: Apache-2.0
#include "report/early_text.hpp"

#include "report/json.hpp"
#include "report/text.hpp"
#include "util/log.hpp"

#include <fmt/format.h>

#include <functional>

namespace report {

namespace {

constexpr const char* k_effect =
    "A token that goes before it expires stops working at introspection, userinfo, SCIM and token "
    "exchange at once; whoever verifies it offline accepts it until it expires.";

// Words for the policies that are on and saw no token are said, too.
void each(const RunDocument& document,
          const std::function<void(gc::EarlyPolicy, gc::Target, const gc::PolicyTally&)>& use) {
    const gc::EarlyPlan& early = *document.run.plan.early;
    for (const gc::EarlyPolicy policy : gc::k_early_policies) {
        if (!early.is_on(policy)) {
            continue;
        }
        bool any = false;
        for (const auto& [target, tally] : document.run.tally) {
            const auto found = tally.early.find(std::string(gc::name(policy)));
            if (found != tally.early.end()) {
                use(policy, target, found->second);
                any = true;
            }
        }
        if (!any) {
            use(policy,
                gc::works_on(policy, gc::Target::access_token) ? gc::Target::access_token
                                                               : gc::Target::refresh_token,
                {});
        }
    }
}

std::string kept_text(const gc::PolicyTally& tally) {
    std::string text;
    for (const auto& [reason, count] : tally.kept) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", reason, grouped(count));
    }
    return text;
}

std::string limit_text(const RunDocument& document) {
    const gc::EarlyNote& note = document.run.early;
    if (note.unexpired == 0) {
        return {};
    }
    std::string text = wrapped(k_effect, 2);
    if (note.unexpired > note.allowed && document.run.dry_run) {
        text += wrapped(
            fmt::format("A run refuses this (exit 65): {0} tokens have not expired, and "
                        "safety.max_unexpired_rows and safety.max_unexpired_share allow {1}; set "
                        "safety.max_unexpired_rows to {0} or more if that is what you want.",
                        note.unexpired, note.allowed),
            2);
    }
    return text;
}

}  // namespace

std::string early_text(const RunDocument& document) {
    if (!document.run.plan.early) {
        return {};
    }
    TextTable table({"policy", "target", document.run.dry_run ? "to remove" : "removed", "kept"});
    each(document, [&](gc::EarlyPolicy policy, gc::Target target, const gc::PolicyTally& tally) {
        table.add({std::string(gc::name(policy)), std::string(gc::name(target)),
                   grouped(tally.removed), kept_text(tally)});
    });
    std::string text = "\npolicies for tokens that have not expired\n" + table.text({1, 3});
    for (const auto& [policy, reason] : document.run.plan.early->impossible) {
        text += wrapped(fmt::format("{} cannot work here: {}.", gc::name(policy), reason), 2);
    }
    return text + limit_text(document);
}

Json early_json(const RunDocument& document) {
    Json json;
    json["policies"] = Json::object();
    each(document, [&](gc::EarlyPolicy policy, gc::Target target, const gc::PolicyTally& tally) {
        Json& one = json["policies"][std::string(gc::name(policy))][std::string(gc::name(target))];
        one["removed"] = tally.removed;
        one["kept"] = Json::object();
        for (const auto& [reason, count] : tally.kept) {
            one["kept"][reason] = count;
        }
    });
    json["impossible"] = Json::object();
    for (const auto& [policy, reason] : document.run.plan.early->impossible) {
        json["impossible"][std::string(gc::name(policy))] = reason;
    }
    json["unexpired"] = document.run.early.unexpired;
    json["unexpired_allowed"] = document.run.early.allowed;
    json["effect"] = k_effect;
    return json;
}

void log_early(const RunDocument& document) {
    if (!document.run.plan.early) {
        return;
    }
    each(document, [&](gc::EarlyPolicy policy, gc::Target target, const gc::PolicyTally& tally) {
        std::vector<util::LogField> fields{{"policy", gc::name(policy)},
                                           {"target", gc::name(target)},
                                           {"removed", tally.removed},
                                           {"dry_run", document.run.dry_run}};
        for (const auto& [reason, count] : tally.kept) {
            fields.emplace_back("kept_" + reason, count);
        }
        util::log_event(
            util::LogLevel::info, "policy", std::move(fields),
            document.run.dry_run ? "A policy would remove tokens" : "A policy removed tokens");
    });
}

}  // namespace report
