// SPDX-License-Identifier: Apache-2.0
#include "db/replica.hpp"

#include <doctest/doctest.h>

using db::lag_of_status;
using db::Row;
using db::Rows;

namespace {

Row columns() {
    return {"Slave_IO_Running", "Seconds_Behind_Master", "Master_Port"};
}

}  // namespace

TEST_CASE("the lag of a replica is that of its slowest channel") {
    CHECK(lag_of_status({columns(), {"Yes", "3", "3306"}}, "db2").value == 3.0);
    CHECK(
        lag_of_status({columns(), {"Yes", "3", "1"}, {"Yes", "70", "2"}, {"Yes", "0", "3"}}, "db2")
            .value == 70.0);
    CHECK(lag_of_status({{"Seconds_Behind_Source"}, {"5"}}, "db2").value == 5.0);
    CHECK(lag_of_status({columns(), {"Yes", "3", "3306"}}, "db2").of == "db2");
}

TEST_CASE("the lag of a replica that does not replicate cannot be read") {
    CHECK_FALSE(lag_of_status({columns(), {"No", std::nullopt, "3306"}}, "db2").value);
    CHECK_FALSE(
        lag_of_status({columns(), {"Yes", "0", "1"}, {"No", std::nullopt, "2"}}, "db2").value);
}

TEST_CASE("the lag of a server that is no replica, or of an unknown one, cannot be read") {
    CHECK(lag_of_status({columns()}, "db2").detail == "it is no replica");
    CHECK_FALSE(lag_of_status({columns()}, "db2").value);
    CHECK_FALSE(lag_of_status({{"Seconds"}, {"0"}}, "db2").value);
}
