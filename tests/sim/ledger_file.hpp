// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/family.hpp"

#include <nlohmann/json.hpp>

#include <istream>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace sim {

// One family in one line: arrays in the order of the members, an absent part is absent.
inline nlohmann::json to_json(const Family& family) {
    const auto moment = [](const std::optional<Seconds>& value) {
        return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
    };
    nlohmann::json line{{"client", family.client}};
    if (const auto& holder = family.holder) {
        line["holder"] = {holder->id,         holder->scopes,      holder->parameters,
                          holder->extensions, holder->authorities, holder->response_types};
    }
    if (const auto& user = family.user_auth) {
        line["user_auth"] = {user->id, user->authorities, user->infos, user->user};
    }
    if (const auto& refresh = family.refresh) {
        line["refresh"] = {refresh->id, refresh->nonce, moment(refresh->expiration)};
    }
    for (const AccessToken& token : family.tokens) {
        line["tokens"].push_back(
            {token.id, token.nonce, token.issued, moment(token.expiration), token.scopes});
    }
    if (const auto& code = family.code) {
        line["code"] = {code->id, code->nonce, code->expiration};
    }
    if (const auto& device = family.device) {
        line["device"] = {device->id, device->nonce, device->expiration, device->scopes,
                          device->parameters};
    }
    return line;
}

inline Family family_from_json(const nlohmann::json& line) {
    const auto moment = [](const nlohmann::json& value) {
        return value.is_null() ? std::optional<Seconds>() : value.get<Seconds>();
    };
    Family family;
    family.client = line.at("client");
    if (line.contains("holder")) {
        const auto& part = line["holder"];
        family.holder =
            Holder{part.at(0), part.at(1), part.at(2), part.at(3), part.at(4), part.at(5)};
    }
    if (line.contains("user_auth")) {
        const auto& part = line["user_auth"];
        family.user_auth = UserAuth{part.at(0), part.at(1), part.at(2), part.at(3)};
    }
    if (line.contains("refresh")) {
        const auto& part = line["refresh"];
        family.refresh = RefreshToken{part.at(0), part.at(1), moment(part.at(2))};
    }
    if (line.contains("tokens")) {
        for (const auto& part : line["tokens"]) {
            family.tokens.push_back(
                AccessToken{part.at(0), part.at(1), part.at(2), moment(part.at(3)), part.at(4)});
        }
    }
    if (line.contains("code")) {
        const auto& part = line["code"];
        family.code = Code{part.at(0), part.at(1), part.at(2)};
    }
    if (line.contains("device")) {
        const auto& part = line["device"];
        family.device = DeviceCode{part.at(0), part.at(1), part.at(2), part.at(3), part.at(4)};
    }
    return family;
}

inline void write_ledger(std::ostream& out, const std::vector<Family>& families) {
    out << nlohmann::json{{"iam_sim_ledger", 1}, {"families", families.size()}}.dump() << '\n';
    for (const Family& family : families) {
        out << to_json(family).dump() << '\n';
    }
}

// Throws std::runtime_error for anything that is not a whole ledger of this version.
inline std::vector<Family> read_ledger(std::istream& in) {
    std::vector<Family> families;
    std::size_t announced = 0;
    std::string line;
    try {
        std::getline(in, line);
        const auto head = nlohmann::json::parse(line);
        if (head.at("iam_sim_ledger") != 1) {
            throw std::runtime_error("it is of another version");
        }
        announced = head.at("families");
        while (std::getline(in, line)) {
            families.push_back(family_from_json(nlohmann::json::parse(line)));
        }
    } catch (const nlohmann::json::exception& error) {
        throw std::runtime_error(std::string("not a ledger of iam-sim: ") + error.what());
    }
    if (families.size() != announced) {
        throw std::runtime_error("the ledger is cut off: " + std::to_string(announced) +
                                 " families announced, " + std::to_string(families.size()) +
                                 " found");
    }
    return families;
}

}  // namespace sim
