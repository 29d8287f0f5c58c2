// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/content.hpp"
#include "sim/family.hpp"
#include "sim/ledger.hpp"
#include "sim/may_go.hpp"
#include "sim/rows.hpp"
#include "sim/schedule.hpp"
#include "sim/session.hpp"

#include <stdexcept>
#include <vector>

namespace sim {

// A row that was promised is not there, or is not whole.
class BrokenPromise : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// How a client's access tokens go when a refresh clears them.
enum class ClearOnRefresh {
    off,   // no client clears
    rows,  // one by one, as MITREid and IAM up to 1.8.2 do
    bulk,  // by one statement that scans token_scope on MySQL, as IAM from 1.8.3 does
};

struct FlowSettings {
    ClearOnRefresh clear_on_refresh = ClearOnRefresh::off;
    std::uint64_t salt = 0;       // differs from run to run, so that token values never repeat
    std::vector<MayGo> may_go{};  // a request that needs such a row may find it gone
};

// The server's side of each request, as the transactions of iam-database.md 5.2. Keeps the ledger:
// a promise ends before the statement that breaks it and begins after the COMMIT that makes it.
class Flows {
public:
    // `clients` are the numeric ids by number. The references have to outlive the object.
    Flows(Session& session, const std::vector<Id>& clients, Ledger& ledger,
          const FlowSettings& settings);

    // Performs one request. False when its subject is not what it needs, because an earlier request
    // on it failed or has not finished, or because somebody took what he may. Throws util::Error
    // for what the database says, BrokenPromise for what it lost.
    bool perform(const Step& step);

private:
    // What is promised if the request ends here: by a failure that is certain, or by a COMMIT that
    // is in doubt.
    struct Standing {
        Family committed{};
        Family in_doubt{};
    };

    template <typename Work>
    bool on_family(const Step& step, const Work& work);
    template <typename Work>
    bool work_on(Standing& standing, const Work& work);

    void client_credentials(const Step& step);
    void authorize(const Step& step);
    void redeem(const Step& step, Standing& standing);
    void device_create(const Step& step);
    void device_approve(const Step& step, Standing& standing);
    void device_poll(const Step& step, Standing& standing);
    void exchange(const Step& step, const Family& subject);
    void refresh(const Step& step, Standing& standing);
    void rotate(Family& family, Id client, std::uint64_t nonce);
    void clear(Family& family);
    void revoke(const Step& step, Standing& standing);
    void introspect(const Family& family);
    void read_holder(const Family& family);

    Family issue(const Step& step, const HolderContent& content, bool with_refresh_token);
    AccessToken new_token(const Step& step, std::uint64_t nonce) const;
    void require_device_code(const Family& family);
    void require_refresh_token(const Family& family);
    void require_access_token(const Family& family, const AccessToken& token);
    std::uint64_t nonce_of(const Step& step) const;
    Id client_row(int client) const { return m_clients.at(static_cast<std::size_t>(client)); }

    Session& m_session;
    const std::vector<Id>& m_clients;
    Ledger& m_ledger;
    FlowSettings m_settings;
};

}  // namespace sim
