// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/operation.hpp"
#include "sim/random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

namespace sim {

// One request: when it starts, what it is and on whom.
struct Step {
    std::int64_t at_us = 0;  // since the start of the run
    Operation operation = Operation::client_credentials;
    std::uint64_t subject = 0;  // the family it makes or works on
    std::uint64_t result = 0;   // exchange: the family it makes
    int client = 0;             // only where it starts something
    std::int64_t lifetime_s = 0;
    std::uint64_t seed = 0;
};

struct Lifetime {
    std::int64_t seconds = 3600;
    double weight = 1;
};

// A family that is there before the run.
struct KnownSubject {
    std::uint64_t subject = 0;
    std::int64_t ready_us = 0;     // left alone until then
    std::int64_t expires_us = -1;  // when its newest access token ends; -1: it has none
    bool has_refresh_token = false;
};

struct ScheduleSettings {
    std::uint64_t seed = 1;
    double rate = 100;  // requests per second
    std::int64_t seconds = 10;
    int clients = 232;
    std::array<double, k_starting_operations> mix{50, 10, 2, 5, 12, 3, 18};
    std::vector<Lifetime> lifetimes{Lifetime{}};
    std::vector<KnownSubject> known{};
};

// The requests of a run, evenly spaced. What is done to whom follows from the settings alone and
// not from the speed of the database: the same settings give the same steps.
class Schedule {
public:
    explicit Schedule(ScheduleSettings settings)
        : m_settings(std::move(settings)), m_random(m_settings.seed) {
        for (const KnownSubject& known : m_settings.known) {
            pool_of(known).push_back(known);
            m_next_subject = std::max(m_next_subject, known.subject + 1);
        }
    }

    // The next step, nothing at the end of the run.
    std::optional<Step> next() {
        const double at = static_cast<double>(m_slot) / m_settings.rate;
        if (at >= static_cast<double>(m_settings.seconds)) {
            return std::nullopt;
        }
        ++m_slot;
        m_now_us = static_cast<std::int64_t>(at * 1e6);
        Step step{.at_us = m_now_us, .seed = m_random.next()};
        if (!m_follow_ups.empty() && m_follow_ups.top().at_us <= m_now_us) {
            follow_up(step);
        } else {
            start(step);
        }
        return step;
    }

private:
    // A family is left alone for so long after each request, so that the next finds it finished.
    static constexpr std::int64_t k_rest_us = 2'000'000;
    // No request for a token that is about to expire.
    static constexpr std::int64_t k_time_left_us = 5'000'000;
    static constexpr std::size_t k_largest_pool = 100'000;

    using Pool = std::vector<KnownSubject>;

    struct Later {
        bool operator()(const Step& left, const Step& right) const {
            return std::pair(left.at_us, left.subject) > std::pair(right.at_us, right.subject);
        }
    };

    Pool& pool_of(const KnownSubject& known) {
        return known.has_refresh_token ? m_with_refresh : m_without_refresh;
    }

    void start(Step& step) {
        step.operation = drawn_operation();
        step.lifetime_s = drawn_lifetime();
        const bool works_on_known =
            step.operation == Operation::exchange || step.operation == Operation::refresh ||
            step.operation == Operation::revoke || step.operation == Operation::introspect;
        if (works_on_known && !use_known(step)) {
            step.operation = Operation::client_credentials;
        }
        if (step.operation == Operation::client_credentials) {
            begin_family(step);
            remember(step.subject, step.lifetime_s, false);
        } else if (step.operation == Operation::authorize) {
            begin_family(step);
            plan_follow_up(step, Operation::redeem, 10);
        } else if (step.operation == Operation::device_create) {
            begin_family(step);
            plan_follow_up(step, Operation::device_approve, 10);
        }
    }

    void begin_family(Step& step) {
        step.subject = m_next_subject++;
        // Heavy-tailed: some clients ask far more often than others.
        const double position = std::pow(m_random.share(), 3);
        step.client = static_cast<int>(position * m_settings.clients);
    }

    // Chooses the subject; false when none is fit.
    bool use_known(Step& step) {
        const bool needs_refresh = step.operation == Operation::refresh;
        Pool& pool = needs_refresh || m_random.below(2) == 0 ? m_with_refresh : m_without_refresh;
        for (int attempt = 0; attempt < 8 && !pool.empty(); ++attempt) {
            const auto index =
                static_cast<std::size_t>(m_random.below(static_cast<std::int64_t>(pool.size())));
            KnownSubject& known = pool[index];
            const bool has_token = known.expires_us > m_now_us + k_time_left_us;
            if (known.ready_us > m_now_us || (!has_token && !needs_refresh)) {
                if (!has_token && !known.has_refresh_token) {
                    forget(pool, index);
                }
                continue;
            }
            step.subject = known.subject;
            known.ready_us = m_now_us + k_rest_us;
            apply(step, pool, index);
            return true;
        }
        return false;
    }

    // What the step makes of its subject.
    void apply(Step& step, Pool& pool, std::size_t index) {
        KnownSubject& known = pool[index];
        if (step.operation == Operation::refresh) {
            known.expires_us = m_now_us + step.lifetime_s * 1'000'000;
        } else if (step.operation == Operation::exchange) {
            step.result = m_next_subject++;
            remember(step.result, step.lifetime_s, false);
        } else if (step.operation == Operation::revoke) {
            // The seed's lowest bit chooses between the refresh token and the newest access token.
            if (!known.has_refresh_token || step.seed % 2 == 0) {
                forget(pool, index);
            } else {
                known.expires_us = -1;
            }
        }
    }

    static void forget(Pool& pool, std::size_t index) {
        pool[index] = pool.back();
        pool.pop_back();
    }

    void remember(std::uint64_t subject, std::int64_t lifetime_s, bool has_refresh_token) {
        const KnownSubject known{.subject = subject,
                                 .ready_us = m_now_us + k_rest_us,
                                 .expires_us = m_now_us + lifetime_s * 1'000'000,
                                 .has_refresh_token = has_refresh_token};
        Pool& pool = pool_of(known);
        if (pool.size() < k_largest_pool) {
            pool.push_back(known);
        } else {
            pool[static_cast<std::size_t>(m_random.below(k_largest_pool))] = known;
        }
    }

    // One in `none_of` users does not come back.
    void plan_follow_up(const Step& step, Operation operation, std::int64_t none_of) {
        if (m_random.below(none_of) == 0) {
            return;
        }
        Step later = step;
        later.operation = operation;
        later.at_us = m_now_us + 1'000'000 + m_random.below(3'000'000);
        m_follow_ups.push(later);
    }

    void follow_up(Step& step) {
        const Step planned = m_follow_ups.top();
        m_follow_ups.pop();
        step.operation = planned.operation;
        step.subject = planned.subject;
        step.client = planned.client;
        step.lifetime_s = planned.lifetime_s;
        if (step.operation == Operation::device_approve) {
            plan_follow_up(step, Operation::device_poll, 10);
        } else {
            remember(step.subject, step.lifetime_s, true);
        }
    }

    Operation drawn_operation() {
        double total = 0;
        for (const double weight : m_settings.mix) {
            total += weight;
        }
        double point = m_random.share() * total;
        for (std::size_t index = 0; index + 1 < m_settings.mix.size(); ++index) {
            point -= m_settings.mix[index];
            if (point < 0) {
                return static_cast<Operation>(index);
            }
        }
        return static_cast<Operation>(m_settings.mix.size() - 1);
    }

    std::int64_t drawn_lifetime() {
        double total = 0;
        for (const Lifetime& lifetime : m_settings.lifetimes) {
            total += lifetime.weight;
        }
        double point = m_random.share() * total;
        for (const Lifetime& lifetime : m_settings.lifetimes) {
            point -= lifetime.weight;
            if (point < 0) {
                return lifetime.seconds;
            }
        }
        return m_settings.lifetimes.back().seconds;
    }

    ScheduleSettings m_settings;
    Random m_random;
    std::int64_t m_slot = 0;
    std::int64_t m_now_us = 0;
    std::uint64_t m_next_subject = 1;
    Pool m_with_refresh;
    Pool m_without_refresh;
    std::priority_queue<Step, std::vector<Step>, Later> m_follow_ups;
};

}  // namespace sim
