// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/batch.hpp"
#include "gc/collector.hpp"
#include "gc/idle_look.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace gc {

// What one run does for refresh_unused: it looks before anything is removed, keeps what it saw, and
// lets the policy judge by that. The memory is in the report's plan. Throws util::Error.
class IdleTurn {
public:
    // All must outlive it.
    IdleTurn(Store& store, Batches& batches, const Environment& environment, RunReport& report)
        : m_store(store), m_batches(batches), m_environment(environment), m_report(report) {}

    // Whether the policy is on and refresh tokens are collected.
    bool looks() const;
    // Where it does not look: a run that removes access tokens makes what others saw worthless.
    void forget();

    // In this order; they do nothing where it does not look. What is not proved is forgotten.
    void begin();
    void see(Target target, const std::vector<JudgedToken>& tokens);
    // Before the first removal: the next run sees no more of it.
    void remember();

    // Without a session there is no run lock, and another run may have looked meanwhile: then what
    // this one saw is void.
    void before_removal();

private:
    std::shared_ptr<const IdleMemory>& memory();

    Store& m_store;
    Batches& m_batches;
    const Environment& m_environment;
    RunReport& m_report;
    std::optional<IdleLook> m_look{};
    std::int64_t m_reconnects = 0;  // when it looked
};

}  // namespace gc
