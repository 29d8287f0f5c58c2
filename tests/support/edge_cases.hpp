// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/iam_writer.hpp"
#include "support/snapshot.hpp"
#include "util/time.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace test {

// The moments edge cases are made of, with the defaults of the program: grace 1 h, margin 10 min.
struct Moments {
    util::TimePoint now{};

    util::TimePoint cutoff() const { return now - std::chrono::hours{1}; }
    util::TimePoint live() const { return now + std::chrono::minutes{30}; }
    util::TimePoint in_grace() const { return now - std::chrono::minutes{30}; }
    util::TimePoint expired() const { return now - std::chrono::hours{26}; }
    util::TimePoint expired_recently() const { return now - std::chrono::minutes{5}; }
};

// A user authentication and its holder.
struct Login {
    gc::Id user_auth = 0;
    gc::Id holder = 0;
};

// What an edge case writes, and which of its rows go. A row that is not named stays as it is.
class Scene {
public:
    Scene(IamWriter& writer, util::TimePoint now);

    IamWriter& rows;
    const Moments at;
    int many = 25;  // rows, where a case wants more than a batch holds

    // Whether the database has the indexes without which these targets are refused.
    bool collects_refresh_tokens() const { return m_collects_refresh_tokens; }
    bool collects_user_auths() const { return m_collects_user_auths; }

    Login login(const std::string& user = "user");
    // An access token in grace with a holder of its own: all stays, and everything written before
    // is at or below the safe points.
    Login grace_token();
    // An id that no row has.
    gc::Id missing_id(std::string_view table) { return rows.rows().next_id(table); }

    // The row goes with its satellites.
    void goes(std::string_view table, gc::Id id);
    // The holder goes, and its user authentication where these are collected.
    void goes(const Login& login);
    void goes_if(bool condition, std::string_view table, gc::Id id);
    // Rows with this value in this column go.
    void goes(std::string_view table, std::string_view column, const std::string& value);

    // Takes the rows that go out of a snapshot made before a run.
    void apply(Snapshot& snapshot) const;

private:
    struct Gone {
        std::string table{};
        std::string column{};
        std::string value{};
    };

    bool m_collects_refresh_tokens = false;
    bool m_collects_user_auths = false;
    std::vector<Gone> m_gone{};
};

// A case of tests/fixtures/edge_cases.md.
struct EdgeCase {
    std::string_view name{};
    void (*write)(Scene& scene) = nullptr;
    // False where foreign keys or missing tables make it impossible; null: it is possible
    // everywhere.
    bool (*possible)(const Catalog& catalog) = nullptr;
    // It hangs on the second, so it needs a run whose `now` is the scene's.
    bool exact = false;

    bool possible_in(const Catalog& catalog) const {
        return possible == nullptr || possible(catalog);
    }
};

// All of them, in the order of the document.
const std::vector<EdgeCase>& edge_cases();
// Throws std::out_of_range for an unknown name.
const EdgeCase& edge_case(std::string_view name);

// Adds every case that is possible here and does not hang on the second, for a database that shows
// them all. What becomes of a row may differ from what its case says when it is alone.
void write_edge_cases(IamWriter& writer, util::TimePoint now);

// Whether a token may name a holder that is gone: nothing but a foreign key forbids it.
bool holders_may_dangle(const Catalog& catalog);

// Parts of edge_cases().
std::vector<EdgeCase> access_token_cases();
std::vector<EdgeCase> refresh_token_cases();
std::vector<EdgeCase> code_cases();
std::vector<EdgeCase> holder_cases();
std::vector<EdgeCase> satellite_cases();
std::vector<EdgeCase> other_cases();

}  // namespace test
