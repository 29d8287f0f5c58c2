// SPDX-License-Identifier: Apache-2.0
#include "gc/schema.hpp"

#include <doctest/doctest.h>

namespace {

gc::Schema sessions() {
    gc::Schema schema;
    schema.tables["spring_session"] = {.name = "SPRING_SESSION",
                                       .columns = {"primary_id", "expiry_time"},
                                       .indexed = {"primary_id"}};
    schema.foreign_keys.push_back({.name = "fk",
                                   .table = "spring_session_attributes",
                                   .column = "session_primary_id",
                                   .referenced_table = "spring_session"});
    return schema;
}

}  // namespace

TEST_CASE("a table is found in any case and keeps the spelling the database has") {
    const gc::Schema schema = sessions();
    REQUIRE(schema.find("spring_session") != nullptr);
    CHECK(schema.find("SPRING_SESSION")->name == "SPRING_SESSION");
    CHECK(schema.find("spring_sessions") == nullptr);
    CHECK(schema.find("") == nullptr);
}

TEST_CASE("columns, indexes and foreign keys are found in any case") {
    const gc::Schema schema = sessions();
    CHECK(schema.has_column("SPRING_SESSION", "PRIMARY_ID"));
    CHECK(schema.has_index("SPRING_SESSION", "PRIMARY_ID"));
    CHECK(schema.has_foreign_key("SPRING_SESSION_ATTRIBUTES", "SESSION_PRIMARY_ID"));
}

TEST_CASE("a column without an index, another column and another table are not taken for one") {
    const gc::Schema schema = sessions();
    CHECK(schema.has_column("spring_session", "expiry_time"));
    CHECK_FALSE(schema.has_index("spring_session", "expiry_time"));
    CHECK_FALSE(schema.has_column("spring_session", "expiry"));
    CHECK_FALSE(schema.has_column("access_token", "primary_id"));
    CHECK_FALSE(schema.has_index("access_token", "primary_id"));
    CHECK_FALSE(schema.has_foreign_key("spring_session_attributes", "primary_id"));
    CHECK_FALSE(schema.has_foreign_key("spring_session", "session_primary_id"));
}
