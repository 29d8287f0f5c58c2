// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/fleet.hpp"

#include <string>
#include <string_view>

namespace report {

// The client with that client_id, else with that key of client_details; null when there is none.
const ClientFigures* find_client(const Fleet& fleet, std::string_view id);

// One page of text for the owner of a client: what it does, what is wrong with that, and what to
// do. It tells nothing about other clients or about the server.
std::string letter(const Fleet& fleet, const ClientFigures& client);

// The letter as a message for `sendmail -t`, to those contacts of the client that are plain
// addresses.
std::string letter_mail(const Fleet& fleet, const ClientFigures& client);

}  // namespace report
