// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/fleet.hpp"

#include <cstddef>
#include <string>

// The parts of the page, each an element or a few. None holds a style or handler attribute: the
// page's Content-Security-Policy allows its own style and scripts by their hashes and nothing else.
namespace report::html {

// The figures of the whole table.
std::string summary(const Fleet& fleet);
// Every flagged client with its flags, advice and figures, up to a hundred.
std::string flagged(const Fleet& fleet);
// Where the tables are going, in words and figures.
std::string forecast(const Forecast& forecast);
// The table of clients, up to two thousand, and the fields that filter it.
std::string clients(const Fleet& fleet);
// What the charts show, of the first `top` clients at most, as JSON that is safe inside <script>.
std::string chart_data(const Fleet& fleet, std::size_t top);

// How a client is called: its name, else its client_id; not escaped.
std::string title(const ClientFigures& client);
// <dl> entry; the value is escaped here.
std::string figure(const std::string& label, const std::string& value, bool alarm = false);

}  // namespace report::html
