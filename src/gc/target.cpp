// SPDX-License-Identifier: Apache-2.0
#include "gc/target.hpp"

namespace gc {

namespace {

// Ordered by owner, so that the satellites of one owner are one span.
constexpr std::array k_satellites{
    Satellite{"token_scope", "owner_id", "access_token"},
    Satellite{"access_token_permissions", "access_token_id", "access_token"},
    Satellite{"authentication_holder_scope", "owner_id", "authentication_holder"},
    Satellite{"authentication_holder_authority", "owner_id", "authentication_holder"},
    Satellite{"authentication_holder_extension", "owner_id", "authentication_holder"},
    Satellite{"authentication_holder_request_parameter", "owner_id", "authentication_holder"},
    Satellite{"authentication_holder_resource_id", "owner_id", "authentication_holder"},
    Satellite{"authentication_holder_response_type", "owner_id", "authentication_holder"},
    Satellite{"saved_user_auth_authority", "owner_id", "saved_user_auth"},
    Satellite{"saved_user_auth_info", "owner_id", "saved_user_auth"},
    Satellite{"device_code_scope", "owner_id", "device_code"},
    Satellite{"device_code_request_parameter", "owner_id", "device_code"},
    Satellite{"permission_scope", "owner_id", "permission"},
    Satellite{"claim_to_permission_ticket", "permission_ticket_id", "permission_ticket"},
};

constexpr std::array k_session_attributes{
    Satellite{"SPRING_SESSION_ATTRIBUTES", "SESSION_PRIMARY_ID", "SPRING_SESSION", "PRIMARY_ID"},
};

}  // namespace

std::string_view name(Target target) {
    switch (target) {
    case Target::access_token:
        return "access_token";
    case Target::refresh_token:
        return "refresh_token";
    case Target::authorization_code:
        return "authorization_code";
    case Target::device_code:
        return "device_code";
    case Target::authentication_holder:
        return "authentication_holder";
    case Target::saved_user_auth:
        return "saved_user_auth";
    case Target::satellite:
        return "satellite";
    case Target::permission_ticket:
        return "permission_ticket";
    case Target::permission:
        return "permission";
    case Target::iam_revoked_at:
        return "iam_revoked_at";
    case Target::spring_session:
        return "spring_session";
    }
    return {};
}

std::optional<Target> target_of(std::string_view text) {
    for (const Target target : k_targets) {
        if (name(target) == text) {
            return target;
        }
    }
    return std::nullopt;
}

std::span<const Satellite> satellites_of(Target target) {
    if (target == Target::spring_session) {
        return k_session_attributes;
    }
    std::size_t first = 0;
    while (first < k_satellites.size() && k_satellites[first].owner_table != name(target)) {
        ++first;
    }
    std::size_t last = first;
    while (last < k_satellites.size() && k_satellites[last].owner_table == name(target)) {
        ++last;
    }
    return std::span(k_satellites).subspan(first, last - first);
}

std::span<const Satellite> all_satellites() {
    return k_satellites;
}

std::optional<Target> followed_by(Target target) {
    switch (target) {
    case Target::access_token:
    case Target::refresh_token:
    case Target::authorization_code:
    case Target::device_code:
        return Target::authentication_holder;
    case Target::authentication_holder:
        return Target::saved_user_auth;
    default:
        return std::nullopt;
    }
}

}  // namespace gc
