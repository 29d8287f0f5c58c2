// SPDX-License-Identifier: Apache-2.0
// Any text is an address or an util::Error. An address reads back as itself, and neither its text
// nor the shown URL holds the password.
#include "db/connection.hpp"
#include "util/error.hpp"
#include "util/url.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string url(reinterpret_cast<const char*>(data), size);
    const std::string shown = util::without_password(url);
    if (util::without_password(shown) != shown) {
        std::abort();
    }
    try {
        const db::Address address = db::parse_url(url);
        const db::Address again = db::parse_url(address.text());
        if (again.text() != address.text() || !again.password.empty() ||
            again.is_local != address.is_local) {
            std::abort();
        }
    } catch (const util::Error&) {
        return 0;
    }
    return 0;
}
