// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace util {

// SHA-256 of bytes that come piece by piece. Throws Error(software) when the library refuses.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void update(std::string_view bytes);
    // 64 hexadecimal digits in lower case; nothing can be added afterwards.
    std::string hex();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

// The SHA-256 of a text, as Sha256::hex.
std::string sha256_hex(std::string_view text);

}  // namespace util
