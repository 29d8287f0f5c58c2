// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/fleet.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace report {

// What one run or report leaves for the next (state.file). It helps the forecast; without it
// everything works.
struct State {
    std::string database{};  // URL without password; another database starts anew
    std::vector<HistoryPoint> points{};
    std::optional<LastRun> last_run{};
    std::map<gc::Id, std::int64_t> removed{};  // by the last run, by client; 0: of no client
};

struct LoadedState {
    State state{};
    std::string warning{};  // why it starts anew; empty when it does not, or there was no file yet
};

// Never throws: a file that is missing, too large, broken or of another database is an empty state.
LoadedState load_state(const std::string& path, const std::string& database);

// Replaces the file atomically, readable by its owner only. Throws Error(io) naming the path.
void save_state(const std::string& path, const State& state);

// Pure: the text of the file, at most 200 points and 1000 clients, and its reading; nothing for any
// other text.
std::string state_text(const State& state);
std::optional<State> parse_state(std::string_view text);

// Pure: adds a look at the database, oldest first; one within a minute of the last replaces that.
// Of more than 200 every second of the older half goes.
void add_point(State& state, const HistoryPoint& point);

}  // namespace report
