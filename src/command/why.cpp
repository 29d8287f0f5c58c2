// SPDX-License-Identifier: Apache-2.0
#include "command/commands.hpp"

#include "command/idle_memory.hpp"
#include "gc/dry_run_store.hpp"
#include "gc/early_walk.hpp"
#include "gc/explain.hpp"
#include "gc/plan.hpp"
#include "report/json.hpp"
#include "report/text.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace command {

namespace {

struct Answer {
    std::string verdict{};  // name of a gc::Verdict, or "absent"
    std::string text{};
    std::string plan{};  // why the target is not collected at all, if so
};

Answer answer(gc::Store& store, const gc::PlannedTarget& planned, gc::Id id) {
    const auto row = store.find(planned.target, id, planned.policy);
    if (!row) {
        return {.verdict = "absent", .text = "there is no such row (any more)"};
    }
    const gc::Verdict verdict = gc::classify(*row, planned.target, planned.policy);
    Answer result{.verdict = std::string(gc::name(verdict)),
                  .text = gc::explain(verdict, *row, planned)};
    if (planned.state != gc::TargetState::planned) {
        result.plan = planned.reason;
    }
    return result;
}

// What each policy for tokens that have not expired says about the row. For the quota the newer
// tokens have to be counted, so the table is read from its newest row down to this one.
std::vector<gc::EarlyOpinion> opinions(const Context& context, gc::Store& store,
                                       const gc::Plan& plan, gc::Target target, gc::Id id) {
    if (!plan.early || !plan.early->concerns(target)) {
        return {};
    }
    gc::EarlyPlan down_from_here = *plan.early;
    if (!down_from_here.is_on(gc::EarlyPolicy::quota)) {
        down_from_here.top[target] = id;
    }
    gc::EarlyWalk walk(down_from_here, target);
    while (!walk.done() && context.signals.signal() == 0) {
        walk.read(store, context.config().gc.limits.batch_size);
        for (gc::JudgedToken& token : walk.judge()) {
            if (token.facts.id == id) {
                return std::move(token.opinions);
            }
            if (token.facts.id < id) {
                return {};
            }
        }
    }
    return {};
}

std::string verdict_of(const gc::EarlyOpinion& opinion) {
    return opinion.kept.empty() ? "remove" : opinion.kept;
}

}  // namespace

int why(const Context& context) {
    require_idle_file(context.config());
    report::Head head = make_head(context, "why");
    const auto store = open_store(context.config(), true);
    const gc::Schema schema = store->schema();
    fill(head, schema);
    gc::Settings settings = context.config().gc;
    settings.early.refresh_unused.memory = load_idle_memory(context.config());
    const gc::Plan plan = gc::plan_run(*store, settings, schema);
    const gc::PlannedTarget& planned = plan.of(context.invocation.target);
    const gc::Id id = context.invocation.id.value_or(0);
    const Answer result = answer(*store, planned, id);
    const std::vector<gc::EarlyOpinion> policies =
        opinions(context, *store, plan, planned.target, id);
    if (wants_json(context)) {
        report::Json json = report::head_json(head);
        json["target"] = gc::name(planned.target);
        json["id"] = id;
        json["verdict"] = result.verdict;
        json["text"] = result.text;
        json["target_state"] = gc::name(planned.state);
        if (!result.plan.empty()) {
            json["target_reason"] = result.plan;
        }
        for (const gc::EarlyOpinion& opinion : policies) {
            json["policies"].push_back({{"policy", gc::name(opinion.policy)},
                                        {"verdict", verdict_of(opinion)},
                                        {"text", opinion.why}});
        }
        print(context, report::dump(json));
        return 0;
    }
    std::string text = report::head_text(head);
    text += fmt::format("\n{} {}: {}\n", gc::name(planned.target), id, result.verdict) +
            report::wrapped(result.text + ".", 2);
    for (const gc::EarlyOpinion& opinion : policies) {
        text += report::wrapped(
            fmt::format("{}: {}: {}.", gc::name(opinion.policy), verdict_of(opinion), opinion.why),
            2);
    }
    if (!result.plan.empty()) {
        text += report::wrapped(fmt::format("But {} are not collected here: {}.",
                                            gc::name(planned.target), result.plan),
                                2);
    }
    print(context, text);
    return 0;
}

}  // namespace command
