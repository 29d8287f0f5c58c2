// SPDX-License-Identifier: Apache-2.0
#include "contract/archive_case.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <set>

using archive::Mode;
using test::ArchiveCase;
using test::StoreCase;

namespace {

std::map<std::string, std::int64_t> removed_by_target(const gc::Tally& tally) {
    std::map<std::string, std::int64_t> removed;
    for (const auto& [target, part] : tally) {
        if (part.removed > 0 && target != gc::Target::satellite) {
            removed[gc::lower_name(gc::name(target))] = part.removed;
        }
    }
    return removed;
}

std::string failures(const archive::Verified& verified) {
    std::string text;
    for (const archive::Finding& finding : verified.findings) {
        text += finding.failure ? finding.text + "\n" : "";
    }
    return text;
}

std::string notes(const archive::Verified& verified) {
    std::string text;
    for (const archive::Finding& finding : verified.findings) {
        text += finding.failure ? "" : finding.text + "\n";
    }
    return text;
}

// Two expired tokens with a holder each, of a client.
void two_tokens(ArchiveCase& scene) {
    test::IamWriter& iam = scene.store_case.iam;
    const util::TimePoint expired = scene.store_case.store.clock().now - std::chrono::hours{48};
    for (int i = 0; i < 2; ++i) {
        iam.access_token({.expiration = expired, .holder = iam.holder()});
    }
    iam.flush();
}

std::int64_t permissions_of(const std::string& path) {
    struct stat status {};
    REQUIRE(stat(path.c_str(), &status) == 0);
    return status.st_mode & 0777U;
}

}  // namespace

TEST_CASE("an archive without values names every removed row, and no value") {
    test::on_one_store_per_backend([](StoreCase& store_case) {
        ArchiveCase scene(store_case, Mode::ids);
        scene.populate();
        scene.run();
        const archive::Verified verified = scene.verified();
        CHECK(failures(verified) == "");
        std::map<std::string, std::int64_t> targets;
        for (const auto& [table, rows] : verified.rows) {
            if (gc::target_of(table) || table == "spring_session") {
                targets[table] = rows;
            }
        }
        CHECK(targets == removed_by_target(scene.report.tally));
        CHECK(verified.rows.at("access_token") > 20);
        std::string text;
        for (const archive::Json& record : scene.records()) {
            text += record.dump() + "\n";
        }
        CHECK(text.find("SECRET") == std::string::npos);
    });
}

TEST_CASE("a token in the archive has its client, user, scopes, holder and expiration") {
    test::on_one_store_per_backend([](StoreCase& store_case) {
        ArchiveCase scene(store_case, Mode::ids);
        test::IamWriter& iam = store_case.iam;
        const test::Client client = iam.client({.name = "pilot"});
        iam.use_client(client);
        const gc::Id user = iam.user_auth({.name = "alice"});
        const gc::Id holder = iam.holder({.user_auth = user});
        const gc::Id token =
            iam.access_token({.expiration = store_case.store.clock().now - std::chrono::hours{48},
                              .holder = holder,
                              .scopes = {"openid", "profile"}});
        iam.flush();
        scene.run();
        const archive::Json record = scene.records().front();
        CHECK(record.at("table") == "access_token");
        CHECK(record.at("id") == token);
        CHECK(record.at("client") == client.client_id);
        CHECK(record.at("client_id") == client.id);
        CHECK(record.at("user") == "alice");
        CHECK(record.at("holder") == holder);
        CHECK(record.at("scopes").size() == 2);
        CHECK(record.at("reason") == "expired");
        CHECK(record.at("expiration").get<std::string>().starts_with("20"));
        CHECK(record.contains("hash") ==
              store_case.catalog.has_column("access_token", "token_value_hash"));
    });
}

TEST_CASE("a restored database is the original, to the last column") {
    test::on_one_store_per_backend([](StoreCase& store_case) {
        ArchiveCase scene(store_case, Mode::full);
        scene.populate();
        const auto before = scene.everything();
        scene.run();
        REQUIRE(scene.everything() != before);
        CHECK(failures(scene.verified()) == "");
        const archive::Restored dry = scene.restore({.dry_run = true});
        CHECK(scene.everything() != before);
        const archive::Restored restored = scene.restore();
        CHECK(restored.refused.empty());
        CHECK(restored.rows == dry.rows);
        CHECK(restored.rows == scene.verified().rows);
        const auto after = scene.everything();
        for (const auto& [table, rows] : before) {
            CHECK_MESSAGE(after.at(table) == rows, table);
        }
    });
}

TEST_CASE("a second restore refuses every row and changes nothing") {
    test::on_one_store_per_backend([](StoreCase& store_case) {
        ArchiveCase scene(store_case, Mode::full);
        scene.populate(8);
        scene.run();
        const archive::Restored first = scene.restore();
        const auto before = scene.everything();
        const archive::Restored second = scene.restore();
        CHECK(second.rows.empty());
        CHECK(second.refused == first.rows);
        CHECK(scene.everything() == before);
    });
}

TEST_CASE("a restore of one client brings its rows back and no others") {
    test::on_one_store_per_backend([](StoreCase& store_case) {
        ArchiveCase scene(store_case, Mode::full);
        test::IamWriter& iam = store_case.iam;
        const test::Client spared = iam.client({.name = "other"});
        const auto expired = store_case.store.clock().now - std::chrono::hours{48};
        const auto two_codes = [&] {
            iam.authorization_code(expired, iam.holder());
            iam.device_code({.expiration = expired});
        };
        iam.use_client(spared);
        two_codes();
        two_tokens(scene);
        const auto without = scene.everything();
        const test::Client wanted = iam.client({.name = "wanted"});
        iam.use_client(wanted);
        two_codes();
        two_tokens(scene);
        scene.run();
        const archive::Restored restored = scene.restore({.client = wanted.client_id});
        CHECK(restored.rows.at("access_token") == 2);
        CHECK(store_case.count("access_token") == 2);
        CHECK(restored.rows.at("authorization_code") == 1);
        CHECK(restored.rows.at("device_code") == 1);
        CHECK(db::as_integer(store_case.connection->query("SELECT MIN(client_id) FROM access_token")
                                 .at(0)
                                 .at(0)) == wanted.id);
    });
}

TEST_CASE("a batch whose COMMIT was carried out though the session broke is found to be so") {
    test::on_one_store_per_backend([](StoreCase& store_case) {
        ArchiveCase scene(store_case, Mode::ids);
        two_tokens(scene);
        scene.run([](test::BreakingStore& store) {
            store.after_commit = [] {
                throw util::Error(util::ErrorKind::connection, "gone after COMMIT");
            };
        });
        CHECK(failures(scene.verified()) == "");
        CHECK(scene.verified().rows.at("access_token") == 2);
        CHECK(store_case.count("access_token") == 0);
    });
}

TEST_CASE("a batch whose COMMIT was not carried out is marked so and archived again") {
    test::on_one_store_per_backend([](StoreCase& store_case) {
        ArchiveCase scene(store_case, Mode::full);
        two_tokens(scene);
        const auto before = scene.everything();
        scene.run([&](test::BreakingStore& store) {
            store.before_commit = [] {
                throw util::Error(util::ErrorKind::connection, "gone before COMMIT");
            };
        });
        CHECK(failures(scene.verified()) == "");
        CHECK(scene.verified().rows.at("access_token") == 2);
        scene.restore();
        CHECK(scene.everything() == before);
    });
}

TEST_CASE("verifying tells a crash after COMMIT from one before it") {
    test::on_one_store_per_backend([](StoreCase& store_case) {
        for (const bool committed : {false, true}) {
            ArchiveCase scene(store_case, Mode::ids);
            two_tokens(scene);
            CHECK_THROWS(scene.run([&](test::BreakingStore& store) {
                const auto crash = [] { throw std::runtime_error("crash"); };
                (committed ? store.after_commit : store.before_commit) = crash;
            }));
            store_case.store.rollback();
            CHECK(failures(scene.verified()) == "");
            const std::string end =
                committed ? "so it was carried out" : "so it was not carried out";
            CHECK_MESSAGE(notes(scene.verified()).find(end) != std::string::npos,
                          notes(scene.verified()));
            CHECK(notes(scene.verified(false)).find("name the database") != std::string::npos);
        }
    });
}

TEST_CASE("an altered, a shortened and a missing file are found") {
    test::on_one_store_per_backend([](StoreCase& store_case) {
        if (store_case.database.backend().name != "sqlite") {
            return;  // what files are does not depend on the server
        }
        ArchiveCase scene(store_case, Mode::ids);
        scene.populate();
        scene.run({}, 500);
        const std::string folder = scene.archive_folder();
        const std::vector<std::string> files = scene.runs().front().files;
        REQUIRE(files.size() > 2);
        CHECK(permissions_of(folder) == 0700);
        CHECK(permissions_of(folder + "/" + files.front()) == 0600);
        {
            std::fstream file(folder + "/" + files.front(), std::ios::in | std::ios::out);
            file.seekp(30);
            file.put('\xff');
        }
        CHECK(failures(scene.verified()).find(files.front() + " was altered") == 0);
        std::filesystem::resize_file(folder + "/" + files[1], 20);
        CHECK(failures(scene.verified()).find(files[1] + " was altered") != std::string::npos);
        std::filesystem::remove(folder + "/" + files[1]);
        CHECK(failures(scene.verified()).find(files[1] + " is missing") != std::string::npos);
    });
}

TEST_CASE("an archive without values, and one of another database, cannot be restored") {
    test::on_one_store_per_backend([](StoreCase& store_case) {
        if (store_case.database.backend().name != "sqlite") {
            return;
        }
        ArchiveCase scene(store_case, Mode::ids);
        two_tokens(scene);
        scene.run();
        CHECK_THROWS_WITH_AS(scene.restore(), doctest::Contains("without values"), util::Error);
        ArchiveCase full(store_case, Mode::full);
        archive::Manifest other = full.manifest();
        other.database = "elsewhere";
        archive::Writer(full.archive_folder(), 4096, other).finish();
        CHECK_THROWS_WITH_AS(full.restore(), doctest::Contains("of database elsewhere"),
                             util::Error);
    });
}
