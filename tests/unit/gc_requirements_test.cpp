// SPDX-License-Identifier: Apache-2.0
#include "gc/requirements.hpp"

#include "unit/fake_schema.hpp"

#include <doctest/doctest.h>

using gc::LookUp;
using gc::Target;
using test::drop_index;
using test::iam_schema;
using test::mitreid_schema;

TEST_CASE("a look-up with an index is never refused, however big the table") {
    CHECK_FALSE(gc::is_refused({"token_scope", "owner_id"}, iam_schema(), {"token_scope"}));
}

TEST_CASE("a look-up without an index in a table that is big by nature is refused at any size") {
    gc::Schema schema = iam_schema();
    drop_index(schema, "token_scope", "owner_id");
    CHECK(gc::is_refused({"token_scope", "owner_id"}, schema, {}));
}

TEST_CASE("a look-up without an index in a table small by nature is refused only if it is big") {
    const LookUp look_up{"device_code", "auth_holder_id", true};
    CHECK_FALSE(gc::is_refused(look_up, iam_schema(), {}));
    CHECK(gc::is_refused(look_up, iam_schema(), {"device_code"}));
    CHECK_FALSE(gc::is_refused(look_up, iam_schema(), {"device_code_scope"}));
}

TEST_CASE("a look-up in a table that does not exist is no reason to refuse") {
    CHECK_FALSE(gc::is_refused({"saved_user_auth_info", "owner_id"}, mitreid_schema(), {}));
}

TEST_CASE("nothing is refused on a complete IAM database") {
    const gc::Schema schema = iam_schema();
    for (const Target target : gc::k_targets) {
        for (const LookUp& look_up : gc::look_ups_of(target)) {
            CAPTURE(look_up.table);
            CAPTURE(look_up.column);
            CHECK_FALSE(gc::is_refused(look_up, schema, {}));
        }
    }
}

TEST_CASE("every column by which a holder could be referred to is looked up") {
    int referring = 0;
    for (const LookUp& look_up : gc::look_ups_of(Target::authentication_holder)) {
        referring += look_up.column == "auth_holder_id" ? 1 : 0;
    }
    CHECK(referring == 4);
}

TEST_CASE("on PostgreSQL an index is made without blocking writers, elsewhere by the plain words") {
    CHECK(gc::create_index("access_token", "refresh_token_id", mitreid_schema()) ==
          "CREATE INDEX CONCURRENTLY gc_access_token_refresh_token_id_idx ON access_token "
          "(refresh_token_id);");
    CHECK(gc::create_index("access_token", "refresh_token_id", iam_schema()) ==
          "CREATE INDEX gc_access_token_refresh_token_id_idx ON access_token (refresh_token_id);");
}

TEST_CASE("no index that could be proposed has a name too long for PostgreSQL") {
    for (const Target target : gc::k_targets) {
        for (const LookUp& look_up : gc::look_ups_of(target)) {
            const std::string statement =
                gc::create_index(look_up.table, look_up.column, iam_schema());
            const std::string name = statement.substr(13, statement.find(" ON ") - 13);
            CAPTURE(name);
            CHECK(name.size() <= 63);
        }
    }
}

TEST_CASE("the foreign keys of an IAM database are all known") {
    for (const Target target : gc::k_targets) {
        CAPTURE(gc::name(target));
        CHECK(gc::unknown_reference(target, iam_schema()) == std::nullopt);
    }
}

TEST_CASE("a foreign key of a table that is not known is found for the table it refers to only") {
    gc::Schema schema = iam_schema();
    schema.foreign_keys.push_back({.name = "fk_plugin",
                                   .table = "plugin_audit",
                                   .column = "token_id",
                                   .referenced_table = "access_token",
                                   .delete_rule = "CASCADE"});
    REQUIRE(gc::unknown_reference(Target::access_token, schema).has_value());
    CHECK(gc::unknown_reference(Target::access_token, schema)->name == "fk_plugin");
    CHECK(gc::unknown_reference(Target::refresh_token, schema) == std::nullopt);
}

TEST_CASE("an account of MariaDB that sees too few tables to know every foreign key is told so") {
    gc::Schema schema = iam_schema();
    schema.tables["approved_site"] = {.name = "approved_site"};
    schema.server = "MariaDB 10.11.6";
    CHECK(gc::hidden_references(schema) == std::nullopt);
    schema.tables.erase("approved_site");
    CHECK(gc::hidden_references(schema).has_value());
    schema.server = "MySQL 8.0.36";
    CHECK(gc::hidden_references(schema).has_value());
    schema.server = "PostgreSQL 15.5";
    CHECK(gc::hidden_references(schema) == std::nullopt);
}

TEST_CASE("a foreign key of a known table on a column that is not known is found") {
    gc::Schema schema = iam_schema();
    schema.foreign_keys.push_back({.name = "fk_parent",
                                   .table = "access_token",
                                   .column = "parent_token_id",
                                   .referenced_table = "access_token",
                                   .delete_rule = "CASCADE"});
    CHECK(gc::unknown_reference(Target::access_token, schema).has_value());
}
