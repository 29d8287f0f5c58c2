// SPDX-License-Identifier: Apache-2.0
#include "sim/ledger.hpp"
#include "sim/ledger_file.hpp"
#include "sim/may_go.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

constexpr sim::Seconds k_now = 1'700'000'000;

// A login with a refresh token that lives and an access token that ends now.
sim::Family login() {
    return {.client = 7,
            .holder = sim::Holder{.id = 10,
                                  .scopes = 4,
                                  .parameters = 6,
                                  .extensions = 1,
                                  .authorities = 2,
                                  .response_types = 1},
            .user_auth = sim::UserAuth{.id = 20, .authorities = 2, .infos = 9, .user = 3},
            .refresh = sim::RefreshToken{.id = 30, .nonce = 5, .expiration = k_now + 1000},
            .tokens = {sim::AccessToken{.id = 40,
                                        .nonce = 0xffff'ffff'ffff'fff0U,
                                        .issued = k_now - 3600,
                                        .expiration = k_now,
                                        .scopes = 4}}};
}

std::string written(const std::vector<sim::Family>& families) {
    std::ostringstream out;
    sim::write_ledger(out, families);
    return out.str();
}

}  // namespace

TEST_CASE("a token is promised until its expiration and not at it") {
    CHECK(sim::still_promised(login(), k_now - 1).tokens.size() == 1);
    CHECK(sim::still_promised(login(), k_now).tokens.empty());
}

TEST_CASE("a token without expiration is promised for ever") {
    sim::Family family = login();
    family.tokens.front().expiration.reset();
    CHECK(sim::still_promised(family, k_now + 1'000'000'000).tokens.size() == 1);
}

TEST_CASE("a holder is promised as long as anything of its family is") {
    const sim::Family with_refresh = sim::still_promised(login(), k_now + 999);
    CHECK(with_refresh.tokens.empty());
    CHECK(with_refresh.refresh);
    CHECK(with_refresh.holder);
    CHECK(with_refresh.user_auth);

    const sim::Family nothing = sim::still_promised(login(), k_now + 1000);
    CHECK_FALSE(nothing.refresh);
    CHECK_FALSE(nothing.holder);
    CHECK_FALSE(nothing.user_auth);
    CHECK(sim::is_gone(nothing));
}

TEST_CASE("an approved device code keeps its holder, an expired one does not") {
    sim::Family family{.holder = sim::Holder{.id = 1},
                       .device = sim::DeviceCode{.id = 2, .expiration = k_now}};
    CHECK(sim::still_promised(family, k_now - 1).holder);
    CHECK_FALSE(sim::still_promised(family, k_now).holder);
    family.device.reset();
    family.code = sim::Code{.id = 3, .expiration = k_now};
    CHECK(sim::still_promised(family, k_now - 1).holder);
    CHECK_FALSE(sim::still_promised(family, k_now).holder);
}

TEST_CASE("a family that somebody works on cannot be taken twice") {
    sim::Ledger ledger;
    ledger.put(1, login());
    const auto taken = ledger.take(1);
    REQUIRE(taken);
    CHECK_FALSE(ledger.take(1));
    ledger.put(1, *taken);
    CHECK(ledger.take(1));
}

TEST_CASE("what is put back is what is promised from then on") {
    sim::Ledger ledger;
    ledger.put(1, login());
    sim::Family family = ledger.take(1).value();
    family.tokens.front().id = 41;
    ledger.put(1, family);
    const auto promised = ledger.promised(0);
    REQUIRE(promised.size() == 1);
    CHECK(promised.front().tokens.front().id == 41);
}

TEST_CASE("a family of which nothing is left is forgotten") {
    sim::Ledger ledger;
    ledger.put(1, login());
    ledger.take(1);
    ledger.put(1, {.client = 7});
    CHECK(ledger.promised(0).empty());
    CHECK_FALSE(ledger.take(1));
}

TEST_CASE("a ledger that was written and read is the same ledger") {
    sim::Family everything = login();
    everything.tokens.front().expiration.reset();
    everything.refresh->expiration.reset();
    everything.code = sim::Code{.id = 50, .nonce = 6, .expiration = k_now};
    everything.device =
        sim::DeviceCode{.id = 60, .nonce = 7, .expiration = k_now, .scopes = 3, .parameters = 2};
    const std::string text =
        written({login(), everything, sim::Family{.client = 3, .device = everything.device}});

    std::istringstream in(text);
    const auto families = sim::read_ledger(in);
    REQUIRE(families.size() == 3);
    CHECK(written(families) == text);
    CHECK(families[0].tokens.front().nonce == 0xffff'ffff'ffff'fff0U);
    CHECK(families[0].tokens.front().expiration == k_now);
    CHECK_FALSE(families[1].tokens.front().expiration);
    CHECK(families[1].holder->response_types == 1);
    CHECK(families[2].device->parameters == 2);
}

TEST_CASE("a ledger that was cut off or is none is refused") {
    std::string text = written({login(), login()});
    text.resize(text.size() - 2);
    text.resize(text.rfind('\n') + 1);
    std::istringstream cut_off(text);
    CHECK_THROWS_AS(sim::read_ledger(cut_off), std::runtime_error);
    std::istringstream none("hello\n");
    CHECK_THROWS_AS(sim::read_ledger(none), std::runtime_error);
}

TEST_CASE("what may go is not promised, and the holder is as long as something else needs it") {
    using What = sim::MayGo::What;
    const auto rest = [](What what, int number, sim::Family family) {
        return sim::without(std::move(family), std::vector<sim::MayGo>{{what, number, number}});
    };
    sim::Family plain{.client = 7, .holder = sim::Holder{.id = 1}, .tokens = login().tokens};
    CHECK(sim::is_gone(rest(What::client, 7, login())));
    CHECK(rest(What::client, 8, login()).tokens.size() == 1);
    CHECK(rest(What::tokens, 7, login()).tokens.empty());
    CHECK(rest(What::tokens, 7, login()).holder);
    CHECK(rest(What::plain, 7, login()).tokens.size() == 1);
    CHECK_FALSE(rest(What::plain, 7, plain).holder);
    CHECK_FALSE(rest(What::user, 3, login()).holder);
    CHECK(rest(What::user, 4, login()).refresh);
    CHECK(rest(What::user, 0, plain).tokens.size() == 1);
}

TEST_CASE("a code stays promised where only the tokens of its user may go") {
    sim::Family family = login();
    family.code = sim::Code{.id = 50, .expiration = k_now + 9};
    const sim::Family rest =
        sim::without(family, std::vector<sim::MayGo>{{sim::MayGo::What::user, 0, 9}});
    CHECK_FALSE(rest.refresh);
    CHECK(rest.code);
    CHECK(rest.user_auth);
}
