// SPDX-License-Identifier: Apache-2.0
#include "gc/idle_turn.hpp"

#include <chrono>
#include <string>

namespace gc {

std::shared_ptr<const IdleMemory>& IdleTurn::memory() {
    return m_report.plan.early->settings.refresh_unused.memory;
}

bool IdleTurn::looks() const {
    return m_report.plan.early && m_report.plan.early->is_on(EarlyPolicy::refresh_unused) &&
           m_report.plan.active(Target::refresh_token);
}

void IdleTurn::forget() {
    const Plan& plan = m_report.plan;
    if (plan.early && plan.early->is_on(EarlyPolicy::refresh_unused)) {
        m_report.warnings.push_back("refresh_unused does nothing here: " +
                                    plan.of(Target::refresh_token).reason);
    }
    if (m_environment.remember_idle && plan.active(Target::access_token)) {
        m_environment.remember_idle({});
    }
}

void IdleTurn::begin() {
    if (!looks()) {
        return;
    }
    const auto newest =
        m_batches.read([&] { return newest_of(m_store, Target::refresh_token, {}); });
    // A plan that is carried out has the moment it was made, and what is seen now is of now.
    const auto now = std::chrono::ceil<std::chrono::seconds>(
        m_batches.read([&] { return m_store.clock().now; }));
    m_look.emplace(now, newest.value_or(0));
    const IdleProof proof = m_batches.read([&] { return m_look->prove(m_store, *memory()); });
    if (const std::string why = distrust(*memory(), proof); !why.empty()) {
        m_report.warnings.push_back("refresh_unused forgets what runs saw so far: " + why);
    }
    memory() = std::make_shared<const IdleMemory>(proved(*memory(), proof));
}

void IdleTurn::see(Target target, const std::vector<JudgedToken>& tokens) {
    if (m_look && target == Target::refresh_token) {
        m_look->see(tokens);
    }
}

void IdleTurn::remember() {
    if (!m_look) {
        return;
    }
    memory() = std::make_shared<const IdleMemory>(
        m_batches.read([&] { return m_look->remember(m_store, *memory()); }));
    m_look.reset();
    m_reconnects = m_report.reconnects;
    if (m_environment.remember_idle) {
        m_environment.remember_idle(*memory());
    }
}

void IdleTurn::before_removal() {
    if (looks() && m_report.reconnects != m_reconnects) {
        memory() = std::make_shared<const IdleMemory>();
    }
}

}  // namespace gc
