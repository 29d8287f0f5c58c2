// SPDX-License-Identifier: Apache-2.0
// What read_schema says about each schema, judged by what the tests ask the database themselves.
#include "db/catalog.hpp"
#include "contract/store_case.hpp"

#include <map>

using test::on_every_store;
using test::StoreCase;

namespace {

const gc::ForeignKey* find_key(const gc::Schema& schema, std::string_view table,
                               std::string_view column) {
    const auto found = std::ranges::find_if(schema.foreign_keys, [&](const gc::ForeignKey& key) {
        return key.table == table && key.column == column;
    });
    return found == schema.foreign_keys.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("the catalog has every table, column, usable index and foreign key, and no more") {
    on_every_store([](StoreCase& c) {
        const gc::Schema schema = db::read_schema(*c.connection);
        std::vector<std::string> tables;
        for (const auto& [name, table] : schema.tables) {
            tables.push_back(name);
            CAPTURE(name);
            CHECK(table.name == c.catalog.spelling(name));
            std::vector<std::string> columns;
            for (const test::Catalog::Column& column : c.catalog.columns(name)) {
                columns.push_back(column.name);
                CAPTURE(column.name);
                CHECK(schema.has_column(name, column.name));
                // A hash index of token values is of no use for a range of ids or moments.
                if (column.name != "token_value") {
                    CHECK(schema.has_index(name, column.name) ==
                          c.catalog.has_index(name, column.name));
                }
                CHECK(schema.has_foreign_key(name, column.name) ==
                      c.catalog.has_foreign_key(name, column.name));
            }
            CHECK(columns == table.columns);
            CHECK(table.engine == (c.database.dialect() == db::Dialect::mysql ? "InnoDB" : ""));
        }
        CHECK(tables == c.catalog.tables());
    });
}

TEST_CASE("the catalog is found by names in any case") {
    on_every_store([](StoreCase& c) {
        const gc::Schema schema = c.store.schema();
        CHECK(schema.find("ACCESS_TOKEN") != nullptr);
        CHECK(schema.has_column("Access_Token", "EXPIRATION"));
        CHECK(schema.has_index("ACCESS_TOKEN", "Expiration"));
        CHECK(schema.find("no_such_table") == nullptr);
        CHECK_FALSE(schema.has_column("access_token", "no_such_column"));
        CHECK_FALSE(schema.has_foreign_key("no_such_table", "id"));
        CHECK((schema.find("SPRING_SESSION") != nullptr) == c.catalog.has_table("spring_session"));
    });
}

TEST_CASE("the delete rules and the level of each schema are as its migrations made them") {
    const std::map<std::string, std::string> levels{
        {"mitreid", "no history table (MITREid Connect)"}, {"iam", "V121"}};
    const std::map<std::string, std::string> rules{{"V96", "CASCADE"},
                                                   {"V101", "CASCADE"},
                                                   {"V108", "CASCADE"},
                                                   {"V121", "SET NULL"},
                                                   {"iam", "SET NULL"}};
    for (const test::Shape& shape : test::shapes()) {
        SUBCASE(shape.text().c_str()) {
            const StoreCase c(shape);
            const gc::Schema schema = db::read_schema(*c.connection);
            const auto level = levels.find(shape.name);
            CHECK(schema.level == (level == levels.end() ? shape.name : level->second));
            const auto rule = rules.find(shape.name);
            const gc::ForeignKey* const key = find_key(schema, "access_token", "refresh_token_id");
            REQUIRE((key != nullptr) == (rule != rules.end()));
            if (key != nullptr) {
                CHECK(key->delete_rule == rule->second);
                CHECK(key->referenced_table == "refresh_token");
                CHECK(find_key(schema, "token_scope", "owner_id")->delete_rule == "CASCADE");
            }
            CHECK(schema.server == c.connection->server());
            CHECK(!schema.database.empty());
        }
    }
}

TEST_CASE(
    "a foreign key from a table nobody knows is in the catalog, an index over some rows is not") {
    for (const test::Shape& shape : test::shapes()) {
        if (shape.name != "V121" && shape.name != "iam") {
            continue;
        }
        SUBCASE(shape.text().c_str()) {
            const test::Database database(shape);
            const auto connection = database.connect();
            connection->execute(
                "CREATE TABLE site_extra (id BIGINT PRIMARY KEY, token BIGINT, note "
                "VARCHAR(10), FOREIGN KEY (token) REFERENCES access_token (id))");
            const bool mysql = database.dialect() == db::Dialect::mysql;
            if (mysql && connection->is_mariadb()) {
                connection->execute("CREATE INDEX site_extra_note ON site_extra (note) IGNORED");
            } else if (mysql) {
                connection->execute("CREATE INDEX site_extra_note ON site_extra (note) INVISIBLE");
            } else {
                connection->execute(
                    "CREATE INDEX site_extra_note ON site_extra (note) WHERE note IS NOT NULL");
            }
            const gc::Schema schema = db::read_schema(*connection);
            const gc::ForeignKey* const key = find_key(schema, "site_extra", "token");
            REQUIRE(key != nullptr);
            CHECK(key->referenced_table == "access_token");
            CHECK((key->delete_rule == "RESTRICT" || key->delete_rule == "NO ACTION"));
            CHECK_FALSE(schema.has_index("site_extra", "note"));
            CHECK(schema.has_index("site_extra", "id"));
        }
    }
}

TEST_CASE("a history table that says nothing gives no level, and is no error") {
    for (const test::Shape& shape : test::shapes()) {
        if (shape.name != "V121" && shape.name != "iam") {
            continue;
        }
        SUBCASE(shape.text().c_str()) {
            const test::Database database(shape);
            const auto connection = database.connect_patiently();
            connection->execute("DELETE FROM schema_version");
            CHECK(db::read_schema(*connection).level == "no migration in schema_version");
            connection->execute("ALTER TABLE schema_version RENAME COLUMN version TO old_version");
            CHECK(db::read_schema(*connection).level == "a history table of unknown shape");
        }
    }
}
