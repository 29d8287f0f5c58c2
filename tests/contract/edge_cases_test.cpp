// SPDX-License-Identifier: Apache-2.0
// One test for each row of tests/fixtures/edge_cases.md. What a case writes and which rows go
// stands in tests/support/edge_cases_*.cpp.
#include "contract/edge_case_check.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

using contract::check_edge_case;

// ---- Access tokens

TEST_CASE("access_token_never_expires: a token without an expiration stays") {
    check_edge_case("access_token_never_expires");
}

TEST_CASE("access_token_in_grace: a token that expired less than the grace ago stays") {
    check_edge_case("access_token_in_grace");
}

TEST_CASE("expiration_at_cut_off: a token that expires exactly at the cut-off goes") {
    check_edge_case("expiration_at_cut_off");
}

TEST_CASE(
    "expiration_second_after_cut_off: a token that expires a second after the cut-off stays") {
    check_edge_case("expiration_second_after_cut_off");
}

TEST_CASE(
    "many_tokens_same_second: more tokens of one second than a batch holds all go, each scanned "
    "once") {
    check_edge_case("many_tokens_same_second",
                    [](const gc::RunReport& report, const test::Scene& scene) {
                        CHECK(report.tally.at(gc::Target::access_token).scanned == scene.many);
                        CHECK(scene.many > contract::k_batch_size);
                    });
}

TEST_CASE("registration_token: a registration token stays") {
    check_edge_case("registration_token");
}

TEST_CASE(
    "registration_token_expired: a registration token stays even if its expiration is long past") {
    check_edge_case("registration_token_expired");
}

TEST_CASE("resource_token_expired: an expired resource token stays") {
    check_edge_case("resource_token_expired");
}

TEST_CASE(
    "registration_token_with_more_scopes: registration-token among other scopes is enough to "
    "stay") {
    check_edge_case("registration_token_with_more_scopes");
}

TEST_CASE("access_token_without_scopes: an expired token without scopes goes") {
    check_edge_case("access_token_without_scopes");
}

TEST_CASE(
    "access_token_without_holder: without a holder an expired token goes and a live one stays") {
    check_edge_case("access_token_without_holder");
}

TEST_CASE("null_holder_beside_orphan: a token without a holder hides no orphan") {
    check_edge_case("null_holder_beside_orphan");
}

TEST_CASE(
    "access_token_dangling_holder: with a missing holder an expired token goes, a live one stays") {
    check_edge_case("access_token_dangling_holder");
}

TEST_CASE(
    "access_token_dangling_client: with a missing client an expired token goes, a live one stays") {
    check_edge_case("access_token_dangling_client");
}

TEST_CASE(
    "access_token_dangling_refresh_token: with a missing refresh token an expired token goes, a "
    "live one stays") {
    check_edge_case("access_token_dangling_refresh_token");
}

TEST_CASE("id_token_id_set: an expired ID token goes and the live token that points to it stays") {
    check_edge_case("id_token_id_set");
}

TEST_CASE("suspended_client: of a suspended client the expired token goes and the live one stays") {
    check_edge_case("suspended_client");
}

TEST_CASE("client_name_not_ascii: the name of a client keeps its letters while its tokens go") {
    check_edge_case("client_name_not_ascii");
}

TEST_CASE("username_with_quotes: a user name with quotes stays as it is") {
    check_edge_case("username_with_quotes");
}

// ---- Refresh tokens

TEST_CASE("refresh_token_never_expires: a refresh token without an expiration stays") {
    check_edge_case("refresh_token_never_expires");
}

TEST_CASE(
    "refresh_token_expired_alone: an expired refresh token without access tokens goes where an "
    "index helps") {
    check_edge_case("refresh_token_expired_alone");
}

TEST_CASE(
    "refresh_token_expired_with_expired_access_tokens: a whole expired family goes where an index "
    "helps") {
    check_edge_case("refresh_token_expired_with_expired_access_tokens");
}

TEST_CASE(
    "refresh_token_expired_with_live_access_token: a live access token keeps its refresh token") {
    check_edge_case("refresh_token_expired_with_live_access_token");
}

TEST_CASE(
    "refresh_token_expired_with_access_token_in_grace: an access token in grace keeps its refresh "
    "token") {
    check_edge_case("refresh_token_expired_with_access_token_in_grace");
}

TEST_CASE(
    "refresh_token_expired_with_never_expiring_access_token: an access token without an expiration "
    "keeps its refresh token") {
    check_edge_case("refresh_token_expired_with_never_expiring_access_token");
}

TEST_CASE(
    "refresh_token_expired_with_expired_registration_token: a registration token keeps its refresh "
    "token") {
    check_edge_case("refresh_token_expired_with_expired_registration_token");
}

TEST_CASE(
    "refresh_token_live_with_expired_access_token: a live refresh token stays with its holder when "
    "its access token goes") {
    check_edge_case("refresh_token_live_with_expired_access_token");
}

TEST_CASE(
    "refresh_token_expired_at_cut_off: a refresh token that expires exactly at the cut-off goes "
    "where an index helps") {
    check_edge_case("refresh_token_expired_at_cut_off");
}

TEST_CASE(
    "refresh_token_with_many_access_tokens: a refresh token with more access tokens than a batch "
    "holds goes after them") {
    check_edge_case("refresh_token_with_many_access_tokens");
}

TEST_CASE(
    "holder_shared_by_many_tokens: a live refresh token keeps the holder it shares with expired "
    "access tokens") {
    check_edge_case("holder_shared_by_many_tokens");
}

TEST_CASE(
    "holder_shared_with_one_live_token: one live access token keeps the holder and the refresh "
    "token of all") {
    check_edge_case("holder_shared_with_one_live_token");
}

// ---- Codes

TEST_CASE("authorization_code_expired_with_holder: an expired code goes with its holder") {
    check_edge_case("authorization_code_expired_with_holder");
}

TEST_CASE("authorization_code_live: a live code and its holder stay") {
    check_edge_case("authorization_code_live");
}

TEST_CASE("authorization_code_in_grace: a code in grace and its holder stay") {
    check_edge_case("authorization_code_in_grace");
}

TEST_CASE("authorization_code_never_expires: a code without an expiration and its holder stay") {
    check_edge_case("authorization_code_never_expires");
}

TEST_CASE("device_code_approved_not_polled: a holder that only a device code refers to stays") {
    check_edge_case("device_code_approved_not_polled");
}

TEST_CASE("device_code_approved_in_grace: a device code in grace and its holder stay") {
    check_edge_case("device_code_approved_in_grace");
}

TEST_CASE(
    "device_code_expired_with_holder: an expired device code goes with satellites and holder") {
    check_edge_case("device_code_expired_with_holder");
}

TEST_CASE(
    "device_code_expired_not_approved: an expired device code that nobody approved goes with its "
    "satellites") {
    check_edge_case("device_code_expired_not_approved");
}

TEST_CASE("device_code_never_expires: a device code without an expiration and its holder stay") {
    check_edge_case("device_code_never_expires");
}

// ---- Holders and user authentications

TEST_CASE("orphan_holder_below_safe_point: an old orphan holder goes with all its satellites") {
    check_edge_case("orphan_holder_below_safe_point");
}

TEST_CASE(
    "orphan_holder_at_safe_point: the holder of the token that gives the safe point goes with it") {
    check_edge_case("orphan_holder_at_safe_point");
}

TEST_CASE("orphan_holder_above_safe_point: an orphan holder one above the safe point stays") {
    check_edge_case("orphan_holder_above_safe_point");
}

TEST_CASE(
    "orphan_holder_without_safe_point: without a safe point orphans wait, and the plan says why") {
    check_edge_case("orphan_holder_without_safe_point", [](const gc::RunReport& report,
                                                           const test::Scene& /*scene*/) {
        const gc::PlannedTarget& holders = report.plan.of(gc::Target::authentication_holder);
        CHECK(holders.state == gc::TargetState::waiting);
        CHECK(holders.reason.find("orphan") != std::string::npos);
    });
}

TEST_CASE(
    "recent_expiry_gives_no_safe_point: a token that expired less than the margin ago gives no "
    "safe point") {
    check_edge_case("recent_expiry_gives_no_safe_point");
}

TEST_CASE(
    "grace_token_gives_safe_point: a token in grace gives a safe point and stays with its holder") {
    check_edge_case("grace_token_gives_safe_point");
}

TEST_CASE("holder_of_live_refresh_token_only: a holder that only a refresh token refers to stays") {
    check_edge_case("holder_of_live_refresh_token_only");
}

TEST_CASE("dangling_holder_id_above_all_holders: only existing holders give a safe point") {
    check_edge_case("dangling_holder_id_above_all_holders");
}

TEST_CASE(
    "user_auth_without_holder: an old user authentication without a holder goes where an index "
    "helps") {
    check_edge_case("user_auth_without_holder");
}

TEST_CASE("fresh_user_auth_without_holder: a user authentication above its own safe point stays") {
    check_edge_case("fresh_user_auth_without_holder");
}

TEST_CASE("user_auth_of_two_holders: a user authentication stays as long as one holder has it") {
    check_edge_case("user_auth_of_two_holders");
}

// ---- Satellites without owner

TEST_CASE("token_satellites_without_owner: scopes and permissions of missing tokens go") {
    check_edge_case("token_satellites_without_owner");
}

TEST_CASE("holder_satellites_without_owner: rows of missing holders go from all six tables") {
    check_edge_case("holder_satellites_without_owner");
}

TEST_CASE(
    "device_code_satellites_without_owner: scopes and parameters of missing device codes go") {
    check_edge_case("device_code_satellites_without_owner");
}

TEST_CASE(
    "user_auth_satellites_without_owner: authorities and information of missing user "
    "authentications go") {
    check_edge_case("user_auth_satellites_without_owner");
}

TEST_CASE("permission_scope_without_owner: scopes of missing permissions go") {
    check_edge_case("permission_scope_without_owner");
}

TEST_CASE("satellites_with_null_owner: rows whose owner is NULL stay") {
    check_edge_case("satellites_with_null_owner");
}

TEST_CASE("side_tables_without_owner: rows of missing clients and sites stay, they are no target") {
    check_edge_case("side_tables_without_owner");
}

// ---- Permissions, revocations, sessions

TEST_CASE("permission_of_expired_token: a permission goes with the only token that has it") {
    check_edge_case("permission_of_expired_token");
}

TEST_CASE("permission_shared_with_live_token: a permission stays as long as a live token has it") {
    check_edge_case("permission_shared_with_live_token");
}

TEST_CASE("permission_held_by_ticket: a permission stays as long as a ticket has it") {
    check_edge_case("permission_held_by_ticket");
}

TEST_CASE("permission_ticket_expired: an expired ticket goes with its permission") {
    check_edge_case("permission_ticket_expired");
}

TEST_CASE(
    "permission_ticket_never_expires: a ticket without an expiration stays with its permission") {
    check_edge_case("permission_ticket_never_expires");
}

TEST_CASE("permission_used_by_nobody: a permission that nobody has goes with its scopes") {
    check_edge_case("permission_used_by_nobody");
}

TEST_CASE("revoked_hash_expired: a revocation goes when its token has expired") {
    check_edge_case("revoked_hash_expired");
}

TEST_CASE("revoked_hash_live: a revocation stays as long as its token would be valid") {
    check_edge_case("revoked_hash_live");
}

TEST_CASE("revoked_hash_never_expires: a revocation without an expiration stays") {
    check_edge_case("revoked_hash_never_expires");
}

TEST_CASE("session_expired: an expired session goes with its attributes") {
    check_edge_case("session_expired");
}

TEST_CASE("session_live: a live session stays with its attributes") {
    check_edge_case("session_live");
}

}  // namespace
