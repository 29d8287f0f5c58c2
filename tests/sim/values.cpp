// SPDX-License-Identifier: Apache-2.0
#include "sim/values.hpp"

#include "sim/random.hpp"
#include "util/time.hpp"

#include <fmt/format.h>

#include <chrono>

namespace sim {

namespace {

constexpr std::string_view k_base64url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// RS256 with a key of 2048 bits.
constexpr std::size_t k_signature_length = 342;

std::string base64url(std::string_view text) {
    std::string encoded;
    encoded.reserve(text.size() * 4 / 3 + 4);
    std::uint32_t bits = 0;
    int held = 0;
    for (const char c : text) {
        bits = (bits << 8) | static_cast<unsigned char>(c);
        held += 8;
        while (held >= 6) {
            held -= 6;
            encoded += k_base64url[(bits >> held) & 63U];
        }
    }
    if (held > 0) {
        encoded += k_base64url[(bits << (6 - held)) & 63U];
    }
    return encoded;
}

// Random characters of an alphabet; its length need not divide 2^64 for what this is used for.
std::string characters(std::uint64_t nonce, std::size_t count, std::string_view alphabet) {
    Random random(nonce);
    std::string text;
    text.reserve(count);
    while (text.size() < count) {
        std::uint64_t word = random.next();
        for (int index = 0; index < 10 && text.size() < count; ++index) {
            text += alphabet[word % alphabet.size()];
            word /= alphabet.size();
        }
    }
    return text;
}

// What makes a JWT of one client longer than that of another.
std::string_view audience(int client) {
    switch (client % 3) {
    case 0:
        return "https://wlcg.example.org/jwt/v1/any";
    case 1:
        return "https://storage.example.org:8443 https://transfer.example.org:8446";
    default:
        return "https://ce01.example.org https://ce02.example.org https://ce03.example.org";
    }
}

std::string payload(const AccessToken& token, int client) {
    const std::string id = client_id(client);
    const std::string expiration =
        token.expiration ? fmt::format(R"("exp":{},)", *token.expiration) : "";
    return fmt::format(
        R"({{"wlcg.ver":"1.0","sub":"{}","iss":"https://iam.example.org/",{}"iat":{},"nbf":{},)"
        R"("jti":"{}","client_id":"{}","aud":"{}",)"
        R"("scope":"storage.read:/ storage.modify:/data compute.read compute.create"}})",
        id, expiration, token.issued, token.issued, uuid(token.nonce), id, audience(client));
}

}  // namespace

std::string uuid(std::uint64_t nonce) {
    const std::uint64_t high = scrambled(nonce, 1);
    const std::uint64_t low = scrambled(nonce, 2);
    return fmt::format("{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}", high >> 32, (high >> 16) & 0xffffU,
                       high & 0xfffU, low >> 52, low & 0xffffffffffffU);
}

std::string access_token_value(const AccessToken& token, int client) {
    static const std::string header = base64url(R"({"kid":"rsa1","alg":"RS256"})");
    return header + "." + base64url(payload(token, client)) + "." +
           characters(scrambled(token.nonce, 3), k_signature_length, k_base64url);
}

std::string access_token_hash(const AccessToken& token) {
    std::string text;
    for (std::uint64_t part = 4; part < 8; ++part) {
        text += fmt::format("{:016x}", scrambled(token.nonce, part));
    }
    return text;
}

std::string refresh_token_value(const RefreshToken& token) {
    static const std::string header = base64url(R"({"alg":"none"})");
    const std::string expiration =
        token.expiration ? fmt::format(R"("exp":{},)", *token.expiration) : "";
    return header + "." +
           base64url(fmt::format(R"({{{}"jti":"{}"}})", expiration, uuid(token.nonce))) + ".";
}

std::string code_value(std::uint64_t nonce) {
    return characters(nonce, 22, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
}

std::string user_code_value(std::uint64_t nonce) {
    return characters(nonce, 6, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
}

std::string client_id(int client) {
    return uuid(scrambled(0xc11e47, static_cast<std::uint64_t>(client)));
}

std::string quoted(std::string_view text) {
    std::string literal = "'";
    for (const char c : text) {
        literal += c;
        if (c == '\'') {
            literal += c;
        }
    }
    return literal + "'";
}

std::string sql_time(Seconds moment) {
    return "'" + util::format_time(util::TimePoint(std::chrono::seconds(moment))) + "'";
}

std::string sql_time(const std::optional<Seconds>& moment) {
    return moment ? sql_time(*moment) : "NULL";
}

Seconds now() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

}  // namespace sim
