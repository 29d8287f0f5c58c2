// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/plan.hpp"
#include "gc/store.hpp"

#include <string>
#include <vector>

namespace gc {

// The tables a run of this plan removes rows from.
std::vector<std::string> tables_to_remove_from(const Plan& plan);

// Throws Error(permission) when the account may not remove from one of them, so that a run never
// stops half way for a missing right. Nothing is removed.
void require_rights(Store& store, const Plan& plan);

// Throws Error(data) when MySQL keeps one of them in an engine without transactions, where a batch
// cannot be undone.
void require_transactions(const Schema& schema, const Plan& plan);

// Takes the lock that only one run per database can have; throws Error(busy), which names its
// holder, when another has it. `database`: its name in the message.
void require_run_lock(Store& store, const std::string& database);

}  // namespace gc
