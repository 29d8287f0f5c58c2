// SPDX-License-Identifier: Apache-2.0
// A store whose account may not read any secret column.
#include "contract/store_case.hpp"
#include "support/failure.hpp"

#include <fmt/format.h>

#include <set>

using gc::Target;
using test::failure_of;
using test::k_expired;
using test::k_live;
using test::policy;
using test::scan_all;
using test::StoreCase;

namespace {

const std::set<std::string> k_secret_columns{"token_value",     "code",         "device_code",
                                             "user_code",       "ticket",       "session_id",
                                             "attribute_bytes", "client_secret"};

// An account that may read every column but the secret ones, lock rows and remove them; gone with
// this object.
class NarrowAccount {
public:
    explicit NarrowAccount(const StoreCase& c)
        : m_connection(*c.connection),
          m_postgresql(c.database.dialect() == db::Dialect::postgresql) {
        m_connection.execute(fmt::format("CREATE USER {}", m_name));
        const std::string to = fmt::format(" TO {}", m_name);
        for (const std::string& table : c.catalog.tables()) {
            std::vector<std::string> columns;
            for (const test::Catalog::Column& column : c.catalog.columns(table)) {
                if (!k_secret_columns.contains(column.name)) {
                    columns.push_back(column.name);
                }
            }
            const std::string on = " ON " + c.catalog.spelling(table);
            if (m_postgresql) {
                columns.emplace_back("ctid");
            }
            m_connection.execute(
                fmt::format("GRANT SELECT ({}){}{}", fmt::join(columns, ", "), on, to));
            m_connection.execute("GRANT DELETE" + on + to);
            if (m_postgresql && c.catalog.has_column(table, "id")) {
                m_connection.execute("GRANT UPDATE (id)" + on + to);
            }
        }
    }
    ~NarrowAccount() {
        failure_of([&] {
            if (m_postgresql) {
                m_connection.execute(fmt::format("DROP OWNED BY {}", m_name));
            }
            m_connection.execute(fmt::format("DROP USER {}", m_name));
        });
    }
    NarrowAccount(const NarrowAccount&) = delete;
    NarrowAccount& operator=(const NarrowAccount&) = delete;

    std::unique_ptr<db::Connection> connect(const test::Database& database) const {
        std::string url = database.url();
        const std::string_view before = m_postgresql ? "user=postgres" : "root@";
        url.replace(url.find(before), before.size(),
                    m_postgresql ? "user=" + m_name : m_name + "@");
        return db::connect(db::parse_url(url), {});
    }

private:
    db::Connection& m_connection;
    bool m_postgresql;
    std::string m_name = fmt::format("itgc_narrow_{}", getpid());
};

}  // namespace

TEST_CASE("an account that may read no secret column can do everything a run does") {
    for (const test::Shape& shape : test::shapes()) {
        if (shape.backend.dialect == db::Dialect::sqlite ||
            (shape.name != "V121" && shape.name != "iam")) {
            continue;
        }
        SUBCASE(shape.text().c_str()) {
            StoreCase c(shape);
            const gc::Id user = c.iam.user_auth();
            const gc::Id holder = c.iam.holder({.user_auth = user});
            const gc::Id token = c.iam.access_token(
                {.expiration = k_expired, .holder = holder, .scopes = {"a", "b", "c"}});
            const gc::Id refresh = c.iam.refresh_token(k_expired, holder);
            const gc::Id code = c.iam.authorization_code(k_expired, {});
            const gc::Id device = c.iam.device_code({.expiration = k_expired});
            const gc::Id permission = c.iam.permission({"read"});
            const gc::Id ticket = c.iam.permission_ticket(k_expired, permission);
            const std::string hash = c.iam.revoked_hash(k_expired);
            const std::string session = c.iam.session(k_expired, 1);
            c.iam.flush();
            const NarrowAccount account(c);
            db::SqlStore store(account.connect(c.database), {});

            CHECK(store.schema().has_column("access_token", "expiration"));
            CHECK(store.holder_safe_point(k_live) == holder);
            CHECK(store.user_auth_safe_point(holder) == user);
            CHECK(store.newest_tokens().size() == 1);
            CHECK_FALSE(store.has_more_rows_than("device_code", 1));
            CHECK(store.try_lock_run().acquired);
            store.begin();
            const auto remove = [&](Target target, gc::Id id) {
                CAPTURE(gc::name(target));
                store.probe_removal(gc::name(target));
                store.scan(target, {}, policy(holder), 10);
                CHECK(store.find(target, id, policy(holder)));
                CHECK(store.lock(target, {id}).size() == 1);
                CHECK(store.references(target, {id}).empty());
                for (const gc::Satellite& satellite : gc::satellites_of(target)) {
                    if (!c.catalog.has_table(satellite.table)) {
                        continue;
                    }
                    store.heavy_owners({satellite}, {id}, 1);
                    store.satellite_rows({satellite}, {id}, 1);
                    store.scan_ownerless(satellite, {}, 10);
                    store.remove_ownerless(satellite, {id});
                    const auto before = store.count_satellites(satellite, {id});
                    CHECK(store.drain_satellites(satellite, id, 1) ==
                          std::min<std::int64_t>(before, 1));
                    store.remove_satellites(satellite, {id});
                }
                CHECK(store.remove(target, {id}, policy(holder)) == 1);
            };
            remove(Target::access_token, token);
            remove(Target::refresh_token, refresh);
            remove(Target::authorization_code, code);
            remove(Target::device_code, device);
            remove(Target::authentication_holder, holder);
            remove(Target::saved_user_auth, user);
            remove(Target::permission_ticket, ticket);
            remove(Target::permission, permission);
            CHECK(scan_all(store, Target::iam_revoked_at, policy(), 10).size() == 1);
            CHECK(store.remove_keys(Target::iam_revoked_at, {hash}, policy()) == 1);
            CHECK(scan_all(store, Target::spring_session, policy(), 10).size() == 1);
            CHECK(store.remove_key_satellites(Target::spring_session, {session}, policy()) == 1);
            CHECK(store.remove_keys(Target::spring_session, {session}, policy()) == 1);
            store.commit();
        }
    }
}

TEST_CASE("probe_removal tells an account without the right to remove") {
    for (const test::Shape& shape : test::shapes()) {
        if (shape.backend.dialect == db::Dialect::sqlite ||
            (shape.name != "V121" && shape.name != "iam")) {
            continue;
        }
        SUBCASE(shape.text().c_str()) {
            StoreCase c(shape);
            const NarrowAccount account(c);
            const std::string from = fmt::format(" FROM itgc_narrow_{}", getpid());
            c.connection->execute("REVOKE DELETE ON token_scope" + from);
            db::SqlStore store(account.connect(c.database), {});
            store.probe_removal("access_token");
            const test::Failure failure = failure_of([&] { store.probe_removal("token_scope"); });
            CHECK(failure.kind == util::ErrorKind::permission);
            CHECK(failure.says("token_scope"));
        }
    }
}
