// SPDX-License-Identifier: Apache-2.0
#include "support/edge_cases.hpp"

#include <chrono>

namespace test {

namespace {

bool clients_may_dangle(const Catalog& catalog) {
    return !catalog.has_foreign_key("access_token", "client_id");
}

bool refresh_tokens_may_dangle(const Catalog& catalog) {
    return !catalog.has_foreign_key("access_token", "refresh_token_id");
}

bool has_id_tokens(const Catalog& catalog) {
    return catalog.has_column("access_token", "id_token_id");
}

bool has_suspension(const Catalog& catalog) {
    return catalog.has_column("client_details", "active");
}

void token_stays(Scene& scene, std::optional<util::TimePoint> expiration, const Scopes& scopes) {
    scene.rows.access_token(
        {.expiration = expiration, .holder = scene.login().holder, .scopes = scopes});
}

void token_goes(Scene& scene, util::TimePoint expiration, const Scopes& scopes = {"openid"}) {
    const Login login = scene.login();
    scene.goes("access_token",
               scene.rows.access_token(
                   {.expiration = expiration, .holder = login.holder, .scopes = scopes}));
    scene.goes(login);
}

void many_tokens_same_second(Scene& scene) {
    for (int number = 0; number < scene.many; ++number) {
        token_goes(scene, scene.at.expired());
    }
}

void access_token_without_holder(Scene& scene) {
    scene.goes("access_token", scene.rows.access_token({.expiration = scene.at.expired()}));
    scene.rows.access_token({.expiration = scene.at.live()});
}

void null_holder_beside_orphan(Scene& scene) {
    scene.rows.access_token({.expiration = scene.at.live()});
    scene.goes(scene.login());
    scene.grace_token();
}

void access_token_dangling_holder(Scene& scene) {
    const gc::Id missing = scene.missing_id("authentication_holder");
    scene.goes("access_token",
               scene.rows.access_token({.expiration = scene.at.expired(), .holder = missing}));
    scene.rows.access_token({.expiration = scene.at.live(), .holder = missing});
}

void access_token_dangling_client(Scene& scene) {
    const gc::Id missing = scene.missing_id("client_details");
    const Login expired = scene.login();
    scene.goes("access_token", scene.rows.access_token({.expiration = scene.at.expired(),
                                                        .holder = expired.holder,
                                                        .client = missing}));
    scene.goes(expired);
    scene.rows.access_token(
        {.expiration = scene.at.live(), .holder = scene.login().holder, .client = missing});
}

void access_token_dangling_refresh_token(Scene& scene) {
    const gc::Id missing = scene.missing_id("refresh_token");
    const Login expired = scene.login();
    scene.goes("access_token", scene.rows.access_token({.expiration = scene.at.expired(),
                                                        .holder = expired.holder,
                                                        .refresh_token = missing}));
    scene.goes(expired);
    scene.rows.access_token(
        {.expiration = scene.at.live(), .holder = scene.login().holder, .refresh_token = missing});
}

void id_token_id_set(Scene& scene) {
    const gc::Id id_token =
        scene.rows.access_token({.expiration = scene.at.expired(), .scopes = {"id-token"}});
    scene.goes("access_token", id_token);
    scene.rows.access_token(
        {.expiration = scene.at.live(), .holder = scene.login().holder, .id_token = id_token});
}

void with_client(Scene& scene, const ClientSpec& spec, void (*write)(Scene& scene)) {
    const Client before = scene.rows.current_client();
    scene.rows.use_client(scene.rows.client(spec));
    write(scene);
    scene.rows.use_client(before);
}

void expired_and_live(Scene& scene) {
    token_goes(scene, scene.at.expired());
    token_stays(scene, scene.at.live(), {"openid"});
}

void username_with_quotes(Scene& scene) {
    scene.rows.access_token(
        {.expiration = scene.at.live(), .holder = scene.login(R"(o'brien "x" \ ; --)").holder});
}

void refresh_token_goes(Scene& scene, util::TimePoint expiration) {
    const Login login = scene.login();
    const gc::Id token = scene.rows.refresh_token(expiration, login.holder);
    scene.grace_token();
    if (scene.collects_refresh_tokens()) {
        scene.goes("refresh_token", token);
        scene.goes(login);
    }
}

void refresh_token_stays(Scene& scene, std::optional<util::TimePoint> expiration,
                         const Scopes& scopes = {"openid"}) {
    const Login login = scene.login();
    const gc::Id token = scene.rows.refresh_token(scene.at.expired(), login.holder);
    scene.rows.access_token({.expiration = expiration,
                             .holder = login.holder,
                             .refresh_token = token,
                             .scopes = scopes});
}

// A holder shared by a refresh token and some expired access tokens, which go.
gc::Id family(Scene& scene, const Login& login, std::optional<util::TimePoint> expiration,
              int size) {
    const gc::Id token = scene.rows.refresh_token(expiration, login.holder);
    for (int number = 0; number < size; ++number) {
        scene.goes("access_token", scene.rows.access_token({.expiration = scene.at.expired(),
                                                            .holder = login.holder,
                                                            .refresh_token = token}));
    }
    return token;
}

void expired_family(Scene& scene, int size) {
    const Login login = scene.login();
    const gc::Id token = family(scene, login, scene.at.expired(), size);
    if (scene.collects_refresh_tokens()) {
        scene.goes("refresh_token", token);
        scene.goes(login);
    }
}

void holder_shared_with_one_live_token(Scene& scene) {
    const Login login = scene.login();
    const gc::Id token = family(scene, login, scene.at.expired(), 49);
    scene.rows.access_token(
        {.expiration = scene.at.live(), .holder = login.holder, .refresh_token = token});
}

}  // namespace

std::vector<EdgeCase> access_token_cases() {
    using std::chrono::hours;
    using std::chrono::seconds;
    return {
        {.name = "access_token_never_expires",
         .write =
             [](Scene& scene) {
                 token_stays(scene, std::nullopt, {"openid", "profile"});
             }},
        {.name = "access_token_in_grace",
         .write = [](Scene& scene) { token_stays(scene, scene.at.in_grace(), {"openid"}); }},
        {.name = "expiration_at_cut_off",
         .write = [](Scene& scene) { token_goes(scene, scene.at.cutoff()); },
         .exact = true},
        {.name = "expiration_second_after_cut_off",
         .write =
             [](Scene& scene) { token_stays(scene, scene.at.cutoff() + seconds{1}, {"openid"}); },
         .exact = true},
        {.name = "many_tokens_same_second", .write = many_tokens_same_second},
        {.name = "registration_token",
         .write = [](Scene& scene) { token_stays(scene, std::nullopt, {"registration-token"}); }},
        {.name = "registration_token_expired",
         .write =
             [](Scene& scene) {
                 token_stays(scene, scene.at.now - hours{24 * 365}, {"registration-token"});
             }},
        {.name = "resource_token_expired",
         .write = [](Scene& scene) { token_stays(scene, scene.at.expired(), {"resource-token"}); }},
        {.name = "registration_token_with_more_scopes",
         .write =
             [](Scene& scene) {
                 token_stays(scene, scene.at.expired(), {"openid", "registration-token"});
             }},
        {.name = "access_token_without_scopes",
         .write = [](Scene& scene) { token_goes(scene, scene.at.expired(), {}); }},
        {.name = "access_token_without_holder", .write = access_token_without_holder},
        {.name = "null_holder_beside_orphan", .write = null_holder_beside_orphan},
        {.name = "access_token_dangling_holder",
         .write = access_token_dangling_holder,
         .possible = holders_may_dangle},
        {.name = "access_token_dangling_client",
         .write = access_token_dangling_client,
         .possible = clients_may_dangle},
        {.name = "access_token_dangling_refresh_token",
         .write = access_token_dangling_refresh_token,
         .possible = refresh_tokens_may_dangle},
        {.name = "id_token_id_set", .write = id_token_id_set, .possible = has_id_tokens},
        {.name = "suspended_client",
         .write = [](Scene& scene) { with_client(scene, {.active = false}, expired_and_live); },
         .possible = has_suspension},
        {.name = "client_name_not_ascii",
         .write =
             [](Scene& scene) {
                 with_client(scene, {.name = "Universität Zürich"}, expired_and_live);
             }},
        {.name = "username_with_quotes", .write = username_with_quotes},
    };
}

std::vector<EdgeCase> refresh_token_cases() {
    return {
        {.name = "refresh_token_never_expires",
         .write =
             [](Scene& scene) {
                 scene.rows.refresh_token(std::nullopt, scene.login().holder);
                 scene.grace_token();
             }},
        {.name = "refresh_token_expired_alone",
         .write = [](Scene& scene) { refresh_token_goes(scene, scene.at.expired()); }},
        {.name = "refresh_token_expired_with_expired_access_tokens",
         .write = [](Scene& scene) { expired_family(scene, 3); }},
        {.name = "refresh_token_expired_with_live_access_token",
         .write = [](Scene& scene) { refresh_token_stays(scene, scene.at.live()); }},
        {.name = "refresh_token_expired_with_access_token_in_grace",
         .write = [](Scene& scene) { refresh_token_stays(scene, scene.at.in_grace()); }},
        {.name = "refresh_token_expired_with_never_expiring_access_token",
         .write = [](Scene& scene) { refresh_token_stays(scene, std::nullopt); }},
        {.name = "refresh_token_expired_with_expired_registration_token",
         .write =
             [](Scene& scene) {
                 refresh_token_stays(scene, scene.at.expired(), {"registration-token"});
             }},
        {.name = "refresh_token_live_with_expired_access_token",
         .write =
             [](Scene& scene) {
                 family(scene, scene.login(), scene.at.now + std::chrono::hours{240}, 1);
             }},
        {.name = "refresh_token_expired_at_cut_off",
         .write = [](Scene& scene) { refresh_token_goes(scene, scene.at.cutoff()); },
         .exact = true},
        {.name = "refresh_token_with_many_access_tokens",
         .write = [](Scene& scene) { expired_family(scene, 4 * scene.many); }},
        {.name = "holder_shared_by_many_tokens",
         .write =
             [](Scene& scene) {
                 family(scene, scene.login(), scene.at.now + std::chrono::hours{240}, 50);
             }},
        {.name = "holder_shared_with_one_live_token", .write = holder_shared_with_one_live_token},
    };
}

}  // namespace test
