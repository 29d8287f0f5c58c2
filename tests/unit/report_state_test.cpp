// SPDX-License-Identifier: Apache-2.0
#include "report/state.hpp"

#include "report/forecast.hpp"
#include "unit/fleet_scene.hpp"
#include "util/error.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

using report::State;
using namespace std::chrono_literals;

namespace {

const util::TimePoint k_then = test::k_report_now - 24h;

State sample_state() {
    return {.database = "sqlite:///iam.db",
            .points = {{.at = k_then, .tokens = 10, .backlog = 3, .bytes = 1000}},
            .last_run =
                report::LastRun{
                    .at = k_then, .removed = 5000, .tokens_per_second = 500, .stop_reason = "done"},
            .removed = {{0, 2}, {7, 4998}}};
}

struct Folder {
    std::filesystem::path path{};

    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "itgc-state.XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        path = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path); }

    std::string file() const { return (path / "state.json").string(); }
    void write(const std::string& text) const { std::ofstream(file()) << text; }
};

}  // namespace

TEST_CASE("a history that was saved is read again, and only its owner can read it") {
    const Folder folder;
    report::save_state(folder.file(), sample_state());
    struct stat status {};
    REQUIRE(stat(folder.file().c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600U);
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path), {}) == 1);
    const report::LoadedState loaded = report::load_state(folder.file(), "sqlite:///iam.db");
    CHECK(loaded.warning.empty());
    CHECK(report::state_text(loaded.state) == report::state_text(sample_state()));
    CHECK(loaded.state.removed.at(7) == 4998);
}

TEST_CASE("a missing history starts anew without a word, a useless one with a warning") {
    const Folder folder;
    const auto warning = [&](const std::string& database = "sqlite:///iam.db") {
        const report::LoadedState loaded = report::load_state(folder.file(), database);
        CHECK(loaded.state.points.empty());
        CHECK(loaded.state.database == database);
        return loaded.warning;
    };
    CHECK(warning().empty());
    const std::string whole = report::state_text(sample_state());
    for (const std::string& text :
         {std::string{}, std::string{"{"}, whole.substr(0, whole.size() / 2), std::string{"[1]"},
          std::string{R"({"version": 2})"}, std::string(100, '\0')}) {
        folder.write(text);
        CAPTURE(text);
        CHECK(test::has(warning(), "is broken"));
    }
    folder.write(std::string(2U << 20U, ' '));
    CHECK(test::has(warning(), "too large"));
    folder.write(whole);
    CHECK(test::has(warning("mysql://other/iam"), "another database"));
    std::filesystem::remove(folder.file());
    std::filesystem::create_directory(folder.file());
    CHECK(test::has(warning(), "no file"));
}

TEST_CASE("a history with a figure that no database has is broken") {
    const std::string whole = report::state_text(sample_state());
    REQUIRE(report::parse_state(whole));
    for (const auto& [right, wrong] : std::vector<std::pair<std::string, std::string>>{
             {R"("tokens":10,)", R"("tokens":-10,)"},
             {R"("backlog":3,)", R"("backlog":9000000000000000000,)"},
             {R"("tokens_per_second":500.0)", R"("tokens_per_second":-1.0)"},
             {R"("tokens_per_second":500.0)", R"("tokens_per_second":1e300)"}}) {
        std::string text = whole;
        REQUIRE(text.find(right) != std::string::npos);
        text.replace(text.find(right), right.size(), wrong);
        CAPTURE(text);
        CHECK_FALSE(report::parse_state(text));
    }
}

TEST_CASE("a last run that removed next to nothing gives a time and no overflow") {
    test::FakeClients source;
    source.registered = {{.id = 1, .client_id = "a"}};
    source.slices = {{.groups = {test::tokens_at(1, test::k_report_now - 5h, 34'500)}}};
    report::ForecastBasis basis{.grace = 1h, .state = sample_state()};
    basis.state.last_run->tokens_per_second = 1e-300;
    CHECK(source.fleet({}, {}, basis).forecast.backlog_time == 24h * 36'500);
}

TEST_CASE("a history that cannot be written says where, and leaves nothing behind") {
    CHECK_THROWS_WITH_AS(report::save_state("/no/such/folder/state.json", sample_state()),
                         doctest::Contains("/no/such/folder/state.json"), util::Error);
}

TEST_CASE("a history never grows beyond 200 looks and 1000 clients") {
    State state;
    for (int look = 0; look < 1000; ++look) {
        report::add_point(state, {.at = k_then + look * 5min, .tokens = look});
        CHECK(state.points.size() <= 200);
    }
    CHECK(state.points.front().tokens == 0);
    CHECK(state.points.back().tokens == 999);
    state.last_run.emplace();
    for (gc::Id client = 1; client <= 3000; ++client) {
        state.removed[client] = client;
    }
    const auto read = report::parse_state(report::state_text(state));
    REQUIRE(read);
    CHECK(read->removed.size() == 1000);
    CHECK(read->removed.at(3000) == 3000);
}

TEST_CASE("the forecast goes by the history, and without one by what comes in") {
    test::FakeClients source;
    test::add_client(source, {.per_minute = 60});
    report::ForecastBasis basis{.limits = {.limit_rows = 100'000}, .grace = 1h};
    const report::Forecast alone = source.fleet({}, {}, basis).forecast;
    CHECK(alone.inflow_per_day == doctest::Approx(86'400).epsilon(0.02));
    CHECK(alone.steady_tokens == doctest::Approx(7200).epsilon(0.02));
    CHECK_FALSE(alone.growth_measured);
    CHECK_FALSE(alone.outflow_per_day);
    CHECK(alone.until_rows->count() / 3600 == 25);
    CHECK(basis.state.points.size() == 1);

    basis.state.points = {{.at = test::k_report_now - 48h, .tokens = 5200, .backlog = 2000},
                          {.at = test::k_report_now - 24h, .tokens = 6200, .backlog = 1000}};
    const report::Forecast measured = source.fleet({}, {}, basis).forecast;
    CHECK(measured.growth_per_day == doctest::Approx(1000).epsilon(0.02));
    CHECK(*measured.outflow_per_day == doctest::Approx(85'400).epsilon(0.02));
    CHECK(*measured.backlog_per_day == doctest::Approx(-1000).epsilon(0.1));
    CHECK(measured.future.size() == 14);
}

TEST_CASE("how long the backlog takes goes by the last run, else by the throttle") {
    test::FakeClients source;
    source.registered = {{.id = 1, .client_id = "a"}};
    source.slices = {{.groups = {test::tokens_at(1, test::k_report_now - 5h, 34'500)}}};
    report::ForecastBasis basis{.throttle = {.busy_share = 0.5, .window = gc::Window{1h, 5h}},
                                .grace = 1h};
    const report::Forecast assumed = source.fleet({}, {}, basis).forecast;
    CHECK(assumed.backlog_time == 10s);
    CHECK(assumed.window == 4h);
    CHECK_FALSE(assumed.removal_measured);
    basis.state = sample_state();
    const report::Fleet fleet = source.fleet({}, {}, basis);
    CHECK(fleet.forecast.backlog_time == 69s);
    CHECK(fleet.forecast.removal_measured);
    CHECK(fleet.clients.at(0).removed == 0);
    CHECK(test::has(fleet.forecast.sentences.back(), "your window is 4 h a day"));
}
