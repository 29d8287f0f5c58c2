// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace report {

// Texts from a database, made harmless for where they are put. Anybody may register a client and
// name it, so each of these first makes control characters visible (util::escape_controls).

// For HTML text and for attribute values in either kind of quotes.
std::string in_html(std::string_view text);

// A field of RFC 4180, in quotes where it needs them. A text that a spreadsheet would take for a
// formula is put behind an apostrophe; numbers of our own do not go through here.
std::string in_csv(std::string_view text);

// For a label of OpenMetrics and of the Prometheus text format, without the quotes.
std::string in_label(std::string_view text);

// A JSON text for the inside of <script type="application/json">: the same document, in which no
// character can end that element.
std::string json_in_html(std::string_view json);

}  // namespace report
