// SPDX-License-Identifier: Apache-2.0
#include "support/edge_cases.hpp"

#include <chrono>

namespace test {

namespace {

using std::chrono::minutes;

bool device_codes_may_never_expire(const Catalog& catalog) {
    return catalog.is_nullable("device_code", "expiration");
}

void code_stays(Scene& scene, std::optional<util::TimePoint> expiration) {
    scene.rows.authorization_code(expiration, scene.login().holder);
    scene.grace_token();
}

void device_code_stays(Scene& scene, std::optional<util::TimePoint> expiration) {
    scene.rows.device_code({.expiration = expiration, .holder = scene.login().holder});
    scene.grace_token();
}

void authorization_code_expired_with_holder(Scene& scene) {
    const Login login = scene.login();
    scene.goes("authorization_code",
               scene.rows.authorization_code(scene.at.expired(), login.holder));
    scene.goes(login);
}

void device_code_expired_with_holder(Scene& scene) {
    const Login login = scene.login();
    scene.goes("device_code", scene.rows.device_code({.expiration = scene.at.expired(),
                                                      .holder = login.holder,
                                                      .scopes = 3,
                                                      .parameters = 2}));
    scene.goes(login);
}

void device_code_expired_not_approved(Scene& scene) {
    scene.goes(
        "device_code",
        scene.rows.device_code({.expiration = scene.at.expired(), .scopes = 3, .parameters = 2}));
}

void orphan_holder_below_safe_point(Scene& scene) {
    scene.goes(scene.login());
    scene.grace_token();
}

void orphan_holder_at_safe_point(Scene& scene) {
    const Login login = scene.login();
    scene.goes("access_token",
               scene.rows.access_token({.expiration = scene.at.expired(), .holder = login.holder}));
    scene.goes(login);
}

void orphan_holder_above_safe_point(Scene& scene) {
    scene.grace_token();
    scene.login();
}

void recent_expiry_gives_no_safe_point(Scene& scene) {
    scene.login();
    scene.rows.access_token(
        {.expiration = scene.at.expired_recently(), .holder = scene.login().holder});
}

void holder_of_live_refresh_token_only(Scene& scene) {
    scene.rows.refresh_token(scene.at.now + std::chrono::hours{240}, scene.login().holder);
    scene.grace_token();
}

void dangling_holder_id_above_all_holders(Scene& scene) {
    const Login fresh = scene.login();
    scene.goes("access_token", scene.rows.access_token({.expiration = scene.at.expired(),
                                                        .holder = fresh.holder + 1000}));
}

void user_auth_without_holder(Scene& scene) {
    const gc::Id alone = scene.rows.user_auth({.authorities = 2, .information = 3});
    scene.goes_if(scene.collects_user_auths(), "saved_user_auth", alone);
    scene.grace_token();
}

void fresh_user_auth_without_holder(Scene& scene) {
    scene.grace_token();
    scene.rows.user_auth({.authorities = 2, .information = 3});
}

void user_auth_of_two_holders(Scene& scene) {
    const Login login = scene.login();
    scene.goes("authentication_holder", login.holder);
    const gc::Id second = scene.rows.holder({.user_auth = login.user_auth});
    scene.rows.access_token({.expiration = scene.at.live(), .holder = second});
    scene.grace_token();
}

}  // namespace

std::vector<EdgeCase> code_cases() {
    return {
        {.name = "authorization_code_expired_with_holder",
         .write = authorization_code_expired_with_holder},
        {.name = "authorization_code_live",
         .write = [](Scene& scene) { code_stays(scene, scene.at.now + minutes{4}); }},
        {.name = "authorization_code_in_grace",
         .write = [](Scene& scene) { code_stays(scene, scene.at.in_grace()); }},
        {.name = "authorization_code_never_expires",
         .write = [](Scene& scene) { code_stays(scene, std::nullopt); }},
        {.name = "device_code_approved_not_polled",
         .write = [](Scene& scene) { device_code_stays(scene, scene.at.now + minutes{5}); }},
        {.name = "device_code_approved_in_grace",
         .write = [](Scene& scene) { device_code_stays(scene, scene.at.in_grace()); }},
        {.name = "device_code_expired_with_holder", .write = device_code_expired_with_holder},
        {.name = "device_code_expired_not_approved", .write = device_code_expired_not_approved},
        {.name = "device_code_never_expires",
         .write = [](Scene& scene) { device_code_stays(scene, std::nullopt); },
         .possible = device_codes_may_never_expire},
    };
}

std::vector<EdgeCase> holder_cases() {
    return {
        {.name = "orphan_holder_below_safe_point", .write = orphan_holder_below_safe_point},
        {.name = "orphan_holder_at_safe_point", .write = orphan_holder_at_safe_point},
        {.name = "orphan_holder_above_safe_point", .write = orphan_holder_above_safe_point},
        {.name = "orphan_holder_without_safe_point", .write = [](Scene& scene) { scene.login(); }},
        {.name = "recent_expiry_gives_no_safe_point", .write = recent_expiry_gives_no_safe_point},
        {.name = "grace_token_gives_safe_point", .write = orphan_holder_below_safe_point},
        {.name = "holder_of_live_refresh_token_only", .write = holder_of_live_refresh_token_only},
        {.name = "dangling_holder_id_above_all_holders",
         .write = dangling_holder_id_above_all_holders,
         .possible = holders_may_dangle},
        {.name = "user_auth_without_holder", .write = user_auth_without_holder},
        {.name = "fresh_user_auth_without_holder", .write = fresh_user_auth_without_holder},
        {.name = "user_auth_of_two_holders", .write = user_auth_of_two_holders},
    };
}

}  // namespace test
