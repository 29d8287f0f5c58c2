// SPDX-License-Identifier: Apache-2.0
#include "db/blocking.hpp"
#include "db/queries.hpp"

#include <utility>

namespace db {

namespace {

class WatchedConnection final : public Connection {
public:
    WatchedConnection(std::unique_ptr<Connection> inner, BlockingWatch& watch)
        : m_inner(std::move(inner)), m_watch(watch) {
        const Statement& session = queries::blocking::session;
        m_session = as_integer(m_inner->query(session.text(m_inner->dialect())).at(0).at(0));
    }

    ~WatchedConnection() override { m_watch.closed(m_session); }

    using Connection::execute;
    using Connection::query;

    Rows query(std::string_view sql, std::span<const Value> parameters) override {
        return m_inner->query(sql, parameters);
    }
    std::int64_t execute(std::string_view sql, std::span<const Value> parameters) override {
        return m_inner->execute(sql, parameters);
    }
    Rows query_with_names(std::string_view sql) override { return m_inner->query_with_names(sql); }

    void begin() override {
        m_inner->begin();
        m_watch.opened(m_session);
    }
    void commit() override {
        try {
            m_inner->commit();
        } catch (...) {
            m_watch.closed(m_session);
            throw;
        }
        m_watch.closed(m_session);
    }
    void rollback() noexcept override {
        m_inner->rollback();
        m_watch.closed(m_session);
    }

    Dialect dialect() const noexcept override { return m_inner->dialect(); }
    std::string server() const override { return m_inner->server(); }
    std::string transport() const override { return m_inner->transport(); }
    bool is_mariadb() const noexcept override { return m_inner->is_mariadb(); }
    bool likes_ranges() const noexcept override { return m_inner->likes_ranges(); }
    std::int64_t statements() const noexcept override { return m_inner->statements(); }

private:
    std::unique_ptr<Connection> m_inner;
    BlockingWatch& m_watch;
    std::int64_t m_session = 0;
};

}  // namespace

std::unique_ptr<Connection> watched(std::unique_ptr<Connection> connection, BlockingWatch& watch) {
    if (connection->dialect() == Dialect::sqlite) {
        return connection;  // a writer there locks out everybody, and nobody can tell who waits
    }
    return std::make_unique<WatchedConnection>(std::move(connection), watch);
}

}  // namespace db
