// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace util {

// How the way to a server is protected; each mode includes those before it. `automatic` is `off` on
// a local socket and on loopback, and `verify_full` everywhere else.
enum class TlsMode {
    automatic,
    off,
    require,      // encrypted, whoever the server is
    verify_ca,    // its certificate comes from an authority in the file
    verify_full,  // and names the host
};

struct Tls {
    TlsMode mode = TlsMode::automatic;
    std::string ca{};  // file with the authorities; empty: those of the system
};

}  // namespace util
