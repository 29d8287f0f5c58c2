// SPDX-License-Identifier: Apache-2.0
#include "db/transport.hpp"

#include "util/error.hpp"

#include <unistd.h>

#include <array>

namespace db {

namespace {

// Where Debian, Red Hat, SUSE and Alpine keep the authorities that they trust.
constexpr std::array k_system_authorities{
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
};

}  // namespace

bool is_local_host(std::string_view host) {
    return host.starts_with('/') || host.starts_with('@') || host == "localhost" || host == "::1" ||
           (host.starts_with("127.") &&
            host.find_first_not_of("0123456789.") == std::string_view::npos);
}

util::TlsMode tls_mode(const Address& address, util::TlsMode wanted) {
    if (address.dialect == Dialect::sqlite || !address.socket.empty()) {
        return util::TlsMode::off;
    }
    if (wanted != util::TlsMode::automatic) {
        return wanted;
    }
    return address.is_local ? util::TlsMode::off : util::TlsMode::verify_full;
}

std::string authorities(const util::Tls& tls) {
    if (!tls.ca.empty()) {
        if (access(tls.ca.c_str(), R_OK) != 0) {
            throw util::Error(util::ErrorKind::config,
                              "database.tls_ca: cannot read " + tls.ca +
                                  "; name a file with the certificate of your authority in PEM");
        }
        return tls.ca;
    }
    for (const char* const file : k_system_authorities) {
        if (access(file, R_OK) == 0) {
            return file;
        }
    }
    throw util::Error(util::ErrorKind::config,
                      "database.tls: this machine has no list of certificate authorities to verify "
                      "the server with; name a file in database.tls_ca, or install "
                      "ca-certificates");
}

std::string_view name(util::TlsMode mode) {
    switch (mode) {
    case util::TlsMode::automatic:
        return "auto";
    case util::TlsMode::off:
        return "off";
    case util::TlsMode::require:
        return "require";
    case util::TlsMode::verify_ca:
        return "verify-ca";
    case util::TlsMode::verify_full:
        return "verify-full";
    }
    return {};
}

}  // namespace db
