// SPDX-License-Identifier: Apache-2.0
// How the servers carry out the statements that meet big tables: by index, without sorting and
// without reading whole tables. The statements are taken from the store as it sends them.
#include "contract/store_case.hpp"
#include "db/explained.hpp"
#include "db/placeholders.hpp"

#include <fmt/format.h>

#include <functional>

using gc::Target;
using test::k_expired;
using test::policy;
using test::StoreCase;

namespace {

struct Sent {
    std::string sql{};
    std::vector<db::Value> parameters{};
};

// Hands everything on and keeps what was sent.
class Recorder final : public db::Connection {
public:
    Recorder(std::unique_ptr<db::Connection> inner, std::vector<Sent>& sent)
        : m_inner(std::move(inner)), m_sent(sent) {}

    using db::Connection::execute;
    using db::Connection::query;

    db::Rows query(std::string_view sql, std::span<const db::Value> parameters) override {
        keep(sql, parameters);
        return m_inner->query(sql, parameters);
    }
    std::int64_t execute(std::string_view sql, std::span<const db::Value> parameters) override {
        keep(sql, parameters);
        return m_inner->execute(sql, parameters);
    }
    void begin() override { m_inner->begin(); }
    void commit() override { m_inner->commit(); }
    void rollback() noexcept override { m_inner->rollback(); }
    db::Dialect dialect() const noexcept override { return m_inner->dialect(); }
    std::string server() const override { return m_inner->server(); }
    bool is_mariadb() const noexcept override { return m_inner->is_mariadb(); }
    std::int64_t statements() const noexcept override { return m_inner->statements(); }

private:
    void keep(std::string_view sql, std::span<const db::Value> parameters) {
        m_sent.push_back({std::string(sql), {parameters.begin(), parameters.end()}});
    }

    std::unique_ptr<db::Connection> m_inner;
    std::vector<Sent>& m_sent;
};

std::string literal(const db::Value& value) {
    const auto* const integer = std::get_if<std::int64_t>(&value);
    return integer != nullptr ? std::to_string(*integer) : "'" + std::get<std::string>(value) + "'";
}

// The statement with its parameters as literals, because not every server explains a bound one.
std::string literal(const Sent& sent) {
    std::string text;
    std::size_t next = 0;
    for (const char c : sent.sql) {
        text += c == '?' ? literal(sent.parameters.at(next++)) : std::string(1, c);
    }
    return text;
}

std::string literals(const std::vector<db::Value>& values) {
    std::string text;
    for (const db::Value& value : values) {
        text += (text.empty() ? "" : ", ") + literal(value);
    }
    return text;
}

constexpr int k_tokens = 6000;

// A flood of expired tokens with one holder and one scope each, a few of them with refresh tokens,
// as the statistics of a real database would see them.
void flood(StoreCase& c) {
    gc::Id refresh = 0;
    for (int i = 0; i < k_tokens; ++i) {
        const gc::Id holder = c.iam.holder({.user_auth = c.iam.user_auth({.authorities = 0}),
                                            .scopes = {"openid"},
                                            .authorities = 0,
                                            .extensions = 0,
                                            .parameters = 1,
                                            .resources = 0,
                                            .response_types = 0});
        if (i % 3 == 0) {
            refresh = c.iam.refresh_token(k_expired, holder);
        }
        c.iam.access_token({.expiration = k_expired - std::chrono::seconds{i},
                            .holder = holder,
                            .refresh_token = i % 3 == 0 ? std::optional(refresh) : std::nullopt});
        c.iam.authorization_code(k_expired, holder);
    }
    c.iam.flush();
    const bool mysql = c.database.dialect() == db::Dialect::mysql;
    for (const char* const table :
         {"access_token", "refresh_token", "authorization_code", "token_scope",
          "authentication_holder", "authentication_holder_scope", "saved_user_auth"}) {
        if (mysql) {
            c.connection->query(fmt::format("ANALYZE TABLE {}", table));
        } else {
            c.connection->execute(fmt::format("ANALYZE {}", table));
        }
    }
}

class Plans {
public:
    explicit Plans(StoreCase& c)
        : m_case(c), m_store(std::make_unique<Recorder>(c.database.connect(), m_sent), {}) {}

    // MariaDB has ten columns; MySQL has the partitions and the filtered share besides.
    bool is_of_mysql(const db::Row& row, std::size_t column) const {
        return m_case.database.dialect() == db::Dialect::mysql && row.size() > 10 &&
               (column == 3 || column == 10);
    }

    std::string explained(const std::string& statement) const {
        return std::string(db::explain_words(m_case.database.dialect())) + statement;
    }

    // The plan of the last statement that the call sends, one line per row.
    std::string of(const std::function<void(gc::Store&)>& call) {
        m_sent.clear();
        m_store.begin();
        call(m_store);
        m_store.rollback();
        REQUIRE(!m_sent.empty());
        const auto session = m_case.database.connect();
        const db::Numbered numbered = db::number_placeholders(m_sent.back().sql);
        if (!numbered.names_arrays) {
            return rows_of(*session, explained(literal(m_sent.back())));
        }
        // It is prepared, and then the server plans it for these values or for any.
        session->execute("PREPARE batch AS " + numbered.text);
        std::string text;
        for (const char* const mode : {"force_custom_plan", "force_generic_plan"}) {
            session->execute(fmt::format("SET plan_cache_mode = {}", mode));
            text += fmt::format("{}:\n", mode);
            text += rows_of(*session, explained(fmt::format("EXECUTE batch ({})",
                                                            literals(m_sent.back().parameters))));
        }
        return text;
    }

private:
    std::string rows_of(db::Connection& session, const std::string& statement) const {
        std::string text;
        for (const db::Row& row : session.query(statement)) {
            for (std::size_t column = 0; column < row.size(); ++column) {
                text += is_of_mysql(row, column) ? "" : row[column].value_or("NULL") + "|";
            }
            text += "\n";
        }
        return text;
    }

    StoreCase& m_case;
    std::vector<Sent> m_sent{};
    db::SqlStore m_store;
};

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

std::vector<gc::Id> ids(int from, int count, int step) {
    std::vector<gc::Id> result;
    for (int i = 0; i < count; ++i) {
        result.push_back(from + static_cast<gc::Id>(i) * step);
    }
    return result;
}

gc::Id first_id(StoreCase& c, const std::string& table) {
    return db::as_integer(c.connection->query("SELECT MIN(id) FROM " + table).at(0).at(0));
}

template <typename Check>
void on_shapes_of(db::Dialect dialect, const Check& check) {
    for (const test::Shape& shape : test::shapes()) {
        const bool telling =
            dialect == db::Dialect::postgresql || shape.name == "V62" || shape.name == "V108";
        if (shape.backend.dialect == dialect && telling) {
            SUBCASE(shape.text().c_str()) {
                StoreCase c(shape);
                flood(c);
                check(c);
            }
        }
    }
}

// What InnoDB handed out while the call ran in a transaction that is rolled back.
struct RowsRead {
    std::int64_t by_key = 0;
    std::int64_t scanned = 0;
};

RowsRead handler_counters(db::SqlStore& store) {
    RowsRead counters;
    for (const db::Row& row : store.connection().query(
             "SHOW SESSION STATUS WHERE Variable_name IN ('Handler_read_key', "
             "'Handler_read_rnd_next', 'Handler_read_first', 'Handler_read_next')")) {
        const std::int64_t value = db::as_integer(row.at(1));
        if (row.at(0) == "Handler_read_key") {
            counters.by_key = value;
        } else if (row.at(0) == "Handler_read_rnd_next" || row.at(0) == "Handler_read_first") {
            counters.scanned += value;
        }
    }
    return counters;
}

RowsRead rows_read(db::SqlStore& store, const std::function<void(gc::Store&)>& call) {
    store.schema();  // read once, from tables of the server
    handler_counters(store);
    const RowsRead before = handler_counters(store);
    const RowsRead idle = handler_counters(store);
    store.begin();
    call(store);
    const RowsRead after = handler_counters(store);
    store.rollback();
    const RowsRead by_show{.by_key = idle.by_key - before.by_key,
                           .scanned = idle.scanned - before.scanned};
    return {.by_key = after.by_key - idle.by_key - by_show.by_key,
            .scanned = after.scanned - idle.scanned - by_show.scanned};
}

const gc::Satellite& scopes_of_tokens() {
    return gc::satellites_of(Target::access_token).front();
}

}  // namespace

TEST_CASE(
    "MySQL reads expired tokens as a backward range of at_exp_idx, from any place, without a "
    "sort") {
    on_shapes_of(db::Dialect::mysql, [](StoreCase& c) {
        Plans plans(c);
        gc::Cursor middle;
        middle.expiration = k_expired - std::chrono::seconds{3000};
        middle.id = first_id(c, "access_token") + 3000;
        middle.started = true;
        for (const gc::Cursor& cursor : {gc::Cursor{}, middle}) {
            const std::string plan = plans.of(
                [&](gc::Store& store) { store.scan(Target::access_token, cursor, policy(), 500); });
            CHECK_MESSAGE(has(plan, "|range|"), plan);
            CHECK_MESSAGE(has(plan, "|at_exp_idx|13|"), plan);
            CHECK_MESSAGE(!has(plan, "filesort"), plan);
        }
    });
}

TEST_CASE("MySQL reads no row but those it removes or locks, even half a table") {
    on_shapes_of(db::Dialect::mysql, [](StoreCase& c) {
        const auto half = [&](const std::string& table, int rows) {
            return ids(static_cast<int>(first_id(c, table)), rows / 2, 2);
        };
        const auto tokens = half("access_token", k_tokens);
        const auto holders = half("authentication_holder", k_tokens);
        const auto refresh = half("refresh_token", k_tokens / 3);
        const auto codes = half("authorization_code", k_tokens);
        const auto users = half("saved_user_auth", k_tokens);
        // Above a share of the table, MySQL 9 takes the whole of it for cheaper; MariaDB can be
        // told.
        if (!c.connection->is_mariadb()) {
            MESSAGE("not looked at on MySQL, which reads all rows of a table for half of them");
            return;
        }
        const auto nothing_else = [&](const std::vector<gc::Id>& list,
                                      const std::function<void(gc::Store&)>& call) {
            const auto read = rows_read(c.store, call);
            CHECK(read.scanned < 10);
            CHECK(read.by_key >= static_cast<std::int64_t>(list.size()));
            CHECK(read.by_key <= static_cast<std::int64_t>(list.size()) * 5 + 10);
        };
        nothing_else(tokens,
                     [&](gc::Store& s) { s.remove_satellites(scopes_of_tokens(), tokens); });
        nothing_else(tokens, [&](gc::Store& s) { s.remove_ownerless(scopes_of_tokens(), tokens); });
        nothing_else(tokens,
                     [&](gc::Store& s) { s.remove(Target::access_token, tokens, policy()); });
        if (c.catalog.has_index("access_token", "refresh_token_id")) {
            nothing_else(refresh,
                         [&](gc::Store& s) { s.remove(Target::refresh_token, refresh, policy()); });
        }
        nothing_else(codes,
                     [&](gc::Store& s) { s.remove(Target::authorization_code, codes, policy()); });
        nothing_else(holders, [&](gc::Store& s) {
            s.remove(Target::authentication_holder, holders, policy());
        });
        nothing_else(holders,
                     [&](gc::Store& s) { s.lock(Target::authentication_holder, holders); });
        if (c.catalog.has_index("authentication_holder", "user_auth_id")) {
            nothing_else(users,
                         [&](gc::Store& s) { s.remove(Target::saved_user_auth, users, policy()); });
        }
    });
}

TEST_CASE("MySQL looks references up by index") {
    on_shapes_of(db::Dialect::mysql, [](StoreCase& c) {
        Plans plans(c);
        const gc::Id first = first_id(c, "authentication_holder");
        const auto holders = ids(static_cast<int>(first), 300, 3);
        const std::string plan =
            plans.of([&](gc::Store& s) { s.referenced(Target::authentication_holder, holders); });
        CHECK_MESSAGE(has(plan, "access_token|range|at_ahi_idx|"), plan);
        CHECK_MESSAGE(has(plan, "authorization_code|range|ac_ahi_idx|"), plan);
        CHECK_MESSAGE(has(plan, "refresh_token|range|rf_ahi_idx|"), plan);
        const std::string orphans = plans.of([&](gc::Store& s) {
            s.scan(Target::authentication_holder, {}, policy(first + k_tokens), 100);
        });
        CHECK_MESSAGE(has(orphans, "|at_ahi_idx|9|"), orphans);
        CHECK_MESSAGE(has(orphans, "Not exists"), orphans);
        CHECK_MESSAGE(!has(orphans, "|ALL|"), orphans);
        const std::string registration = plans.of([&](gc::Store& s) {
            std::vector<gc::Candidate> tokens(1);
            tokens.front().id = first_id(c, "access_token");
            s.examine(Target::access_token, tokens, policy());
        });
        CHECK_MESSAGE(has(registration, "|ts_oi_idx|"), registration);
    });
}

TEST_CASE("PostgreSQL reads expired tokens from at_exp_idx and sorts no more than equal moments") {
    on_shapes_of(db::Dialect::postgresql, [](StoreCase& c) {
        Plans plans(c);
        const std::string plan =
            plans.of([](gc::Store& s) { s.scan(Target::access_token, {}, policy(), 200); });
        CHECK_MESSAGE(has(plan, "Index Scan Backward using at_exp_idx"), plan);
        CHECK_MESSAGE(has(plan, "Incremental Sort"), plan);
    });
}

TEST_CASE("PostgreSQL reads no big table whole to remove, lock or look up a batch") {
    on_shapes_of(db::Dialect::postgresql, [](StoreCase& c) {
        Plans plans(c);
        const auto tokens = ids(static_cast<int>(first_id(c, "access_token")), 50, 3);
        const auto holders = ids(static_cast<int>(first_id(c, "authentication_holder")), 50, 3);
        const auto without_scan = [&](const std::function<void(gc::Store&)>& call) {
            const std::string plan = plans.of(call);
            for (const char* const table :
                 {"access_token", "authorization_code", "authentication_holder", "token_scope"}) {
                CHECK_MESSAGE(!has(plan, fmt::format("Seq Scan on {}", table)), plan);
            }
        };
        without_scan([&](gc::Store& s) { s.remove(Target::access_token, tokens, policy()); });
        without_scan([&](gc::Store& s) { s.remove_satellites(scopes_of_tokens(), tokens); });
        without_scan([&](gc::Store& s) { s.satellite_rows({scopes_of_tokens()}, tokens, 1000); });
        without_scan([&](gc::Store& s) { s.heavy_owners({scopes_of_tokens()}, tokens, 5); });
        without_scan([&](gc::Store& s) { s.lock(Target::authentication_holder, holders); });
        without_scan([&](gc::Store& s) { s.referenced(Target::authentication_holder, holders); });
        without_scan([&](gc::Store& s) { s.references(Target::authentication_holder, holders); });
        without_scan(
            [&](gc::Store& s) { s.remove(Target::authentication_holder, holders, policy()); });
        without_scan([&](gc::Store& s) {
            s.scan(Target::authentication_holder, {}, policy(holders.front() + 300), 20);
        });
        // As a DBA is told to make them where a shape lacks them.
        c.connection->execute("CREATE INDEX by_refresh_token ON access_token (refresh_token_id)");
        c.connection->execute("CREATE INDEX by_user ON authentication_holder (user_auth_id)");
        Plans indexed(c);
        for (const Target target : {Target::refresh_token, Target::saved_user_auth}) {
            const auto rows =
                ids(static_cast<int>(first_id(c, std::string(gc::name(target)))), 50, 3);
            for (const auto& call : std::vector<std::function<void(gc::Store&)>>{
                     [&](gc::Store& s) { s.referenced(target, rows); },
                     [&](gc::Store& s) { s.references(target, rows); },
                     [&](gc::Store& s) { s.remove(target, rows, policy()); }}) {
                const std::string plan = indexed.of(call);
                CHECK_MESSAGE(!has(plan, "Seq Scan on access_token"), plan);
                CHECK_MESSAGE(!has(plan, "Seq Scan on authentication_holder"), plan);
            }
        }
    });
}
