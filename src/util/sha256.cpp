// SPDX-License-Identifier: Apache-2.0
#include "util/sha256.hpp"

#include "util/error.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

namespace util {

struct Sha256::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();

    State() = default;
    ~State() { EVP_MD_CTX_free(context); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
};

namespace {

void require(bool done) {
    if (!done) {
        throw Error(ErrorKind::software, "libcrypto computes no SHA-256; please report this");
    }
}

}  // namespace

Sha256::Sha256() : m_state(std::make_unique<State>()) {
    require(m_state->context != nullptr &&
            EVP_DigestInit_ex(m_state->context, EVP_sha256(), nullptr) == 1);
}

Sha256::~Sha256() = default;

void Sha256::update(std::string_view bytes) {
    require(EVP_DigestUpdate(m_state->context, bytes.data(), bytes.size()) == 1);
}

std::string Sha256::hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    require(EVP_DigestFinal_ex(m_state->context, digest.data(), &size) == 1);
    std::string text;
    for (unsigned int i = 0; i < size; ++i) {
        text += fmt::format("{:02x}", digest.at(i));
    }
    return text;
}

std::string sha256_hex(std::string_view text) {
    Sha256 sum;
    sum.update(text);
    return sum.hex();
}

}  // namespace util
