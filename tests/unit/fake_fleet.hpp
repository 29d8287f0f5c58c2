// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/fleet.hpp"

#include <string>

namespace test {

// A client with that many live tokens; key and client_id follow from the name.
report::ClientFigures fleet_client(gc::Id id, const std::string& name, std::int64_t live);

// The fleet of October 2022 in small: a flood, two clients with malicious names, an honest one, and
// tokens of a client that is gone.
report::Fleet fleet();

}  // namespace test
