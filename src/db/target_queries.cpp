// SPDX-License-Identifier: Apache-2.0
#include "db/target_queries.hpp"

#include "db/queries.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace db {

namespace {

namespace q = queries;

constexpr std::array k_by_refresh_token{gc::LookUp{"access_token", "refresh_token_id"}};
constexpr std::array k_by_device_code{gc::LookUp{"device_code", "auth_holder_id"}};
constexpr std::array k_by_user_auth{gc::LookUp{"authentication_holder", "user_auth_id"}};
constexpr std::array k_by_permission{gc::LookUp{"access_token_permissions", "permission_id"},
                                     gc::LookUp{"permission_ticket", "permission_id"}};

constexpr TargetQueries k_access_token{.scan = &q::access_token::scan,
                                       .find = &q::access_token::find,
                                       .remove = &q::access_token::remove,
                                       .expires = true};
constexpr TargetQueries k_refresh_token{.scan = &q::refresh_token::scan,
                                        .find = &q::refresh_token::find,
                                        .referenced = &q::refresh_token::referenced,
                                        .references = &q::refresh_token::references,
                                        .remove = &q::refresh_token::remove,
                                        .parent = "auth_holder_id",
                                        .expires = true,
                                        .these = k_by_refresh_token};
constexpr TargetQueries k_authorization_code{.scan = &q::authorization_code::scan,
                                             .find = &q::authorization_code::find,
                                             .remove = &q::authorization_code::remove,
                                             .expires = true};
constexpr TargetQueries k_device_code{.scan = &q::device_code::scan,
                                      .find = &q::device_code::find,
                                      .remove = &q::device_code::remove,
                                      .expires = true};
constexpr TargetQueries k_authentication_holder{.scan = &q::authentication_holder::scan,
                                                .slice = &q::authentication_holder::slice,
                                                .find = &q::authentication_holder::find,
                                                .referenced = &q::authentication_holder::referenced,
                                                .references = &q::authentication_holder::references,
                                                .remove = &q::authentication_holder::remove,
                                                .parent = "user_auth_id",
                                                .these = k_by_device_code};
constexpr TargetQueries k_saved_user_auth{.scan = &q::saved_user_auth::scan,
                                          .slice = &q::saved_user_auth::slice,
                                          .find = &q::saved_user_auth::find,
                                          .referenced = &q::saved_user_auth::referenced,
                                          .references = &q::saved_user_auth::references,
                                          .remove = &q::saved_user_auth::remove,
                                          .these = k_by_user_auth};
constexpr TargetQueries k_permission_ticket{.scan = &q::permission_ticket::scan,
                                            .find = &q::permission_ticket::find,
                                            .remove = &q::permission_ticket::remove,
                                            .expires = true};
constexpr TargetQueries k_permission{.scan = &q::permission::scan,
                                     .find = &q::permission::find,
                                     .referenced = &q::permission::referenced,
                                     .references = &q::permission::references,
                                     .remove = &q::permission::remove,
                                     .these = k_by_permission};

}  // namespace

const TargetQueries& queries_of(gc::Target target) {
    switch (target) {
    case gc::Target::access_token:
        return k_access_token;
    case gc::Target::refresh_token:
        return k_refresh_token;
    case gc::Target::authorization_code:
        return k_authorization_code;
    case gc::Target::device_code:
        return k_device_code;
    case gc::Target::authentication_holder:
        return k_authentication_holder;
    case gc::Target::saved_user_auth:
        return k_saved_user_auth;
    case gc::Target::permission_ticket:
        return k_permission_ticket;
    case gc::Target::permission:
        return k_permission;
    case gc::Target::satellite:
    case gc::Target::iam_revoked_at:
    case gc::Target::spring_session:
        break;
    }
    throw util::Error(
        util::ErrorKind::software,
        fmt::format("rows of {} have no id to ask for; please report this", gc::name(target)));
}

bool finds_these_by_index(const TargetQueries& queries, const gc::Schema& schema) {
    return std::ranges::all_of(queries.these, [&](const gc::LookUp& look_up) {
        return schema.has_index(look_up.table, look_up.column);
    });
}

std::optional<std::chrono::seconds> as_validity(const Cell& cell) {
    const std::optional<std::int64_t> seconds = as_optional_integer(cell);
    return seconds && *seconds > 0 ? std::optional(std::chrono::seconds{*seconds}) : std::nullopt;
}

std::optional<util::TimePoint> as_time(const Cell& cell) {
    if (!cell || cell->starts_with("0000-00-00")) {
        return std::nullopt;
    }
    return util::parse_time(*cell);
}

gc::Candidate as_candidate(const Row& row) {
    gc::Candidate candidate;
    candidate.id = as_integer(row.at(0));
    candidate.expiration = as_time(row.at(1));
    candidate.client_id = as_optional_integer(row.at(2));
    candidate.parent_id = as_optional_integer(row.at(3));
    return candidate;
}

}  // namespace db
