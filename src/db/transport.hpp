// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/connection.hpp"
#include "util/tls.hpp"

#include <string>
#include <string_view>

namespace db {

// True for the path of a UNIX socket, "localhost" and the addresses of loopback.
bool is_local_host(std::string_view host);

// Pure: what the wanted mode means for this address; never automatic. A local socket is always off.
util::TlsMode tls_mode(const Address& address, util::TlsMode wanted);

// The file with the authorities: the one that was named, or the system's; throws Error(config) when
// a mode that verifies has none.
std::string authorities(const util::Tls& tls);

// "verify-full", as database.tls spells it.
std::string_view name(util::TlsMode mode);

}  // namespace db
