// SPDX-License-Identifier: Apache-2.0
#include "report/letter.hpp"

#include "report/mail.hpp"
#include "report/text.hpp"
#include "report/units.hpp"
#include "util/escape.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace report {

namespace {

// What mail programs and printers show without breaking lines themselves.
constexpr std::size_t k_mail_columns = 76;

constexpr std::string_view k_reuse =
    "Keep an access token and use it until shortly before it expires (expires_in in the server's "
    "answer says when). Ask for a new one only then, not with every request, job or test.";

// What the owner can do; the flag's own advice is for the operator.
std::string_view request(FlagName flag) {
    switch (flag) {
    case FlagName::flood:
    case FlagName::share:
    case FlagName::burst:
    case FlagName::hoarder:
    case FlagName::no_reuse:
        return k_reuse;
    case FlagName::long_lived:
        return "Tell us which lifetime your access tokens need: a shorter one, with a refresh when "
               "it is over, is safer for you as well.";
    case FlagName::never_expires:
        return "Tell us which lifetime your access tokens need, and replace those that never "
               "expire: whoever finds one of them can use it for ever.";
    case FlagName::refresh_pileup:
        return "Keep the refresh token you have and use it again, ask for the scope offline_access "
               "only where it is needed, and revoke refresh tokens that are no longer needed.";
    case FlagName::inactive_client:
        return "The client is suspended: stop the program that still uses it, and talk to us if "
               "you need the client.";
    case FlagName::unknown_client:
        break;
    }
    return "Talk to us about this client.";
}

std::string shown(const std::string& text) {
    return util::escape_controls(text);
}

std::string called(const ClientFigures& client) {
    return client.name.empty()
               ? shown(client.client_id)
               : fmt::format("\"{}\" ({})", shown(client.name), shown(client.client_id));
}

std::string paragraph(const std::string& text) {
    return wrapped(text, 0, k_mail_columns) + "\n";
}

std::string item(const std::string& text) {
    std::string lines = wrapped(text, 4, k_mail_columns);
    lines[2] = '*';
    return lines;
}

std::string moment(util::TimePoint time) {
    return util::format_time(std::chrono::floor<std::chrono::minutes>(time)).substr(0, 16);
}

std::string figures(const ClientFigures& client) {
    TextTable table({"", ""});
    const auto add = [&](const char* label, const std::string& value) {
        table.add({fmt::format("  {}", label), value});
    };
    add("access tokens in the database", grouped(client.total()));
    add("of these good now", grouped(client.access.live + client.access.never_expiring));
    add("share of all clients' tokens", readable_share(client.share));
    add("refresh tokens", grouped(client.refresh.total()));
    add("issued in a second, now", readable_rate(client.rates.now));
    add("issued in a second, last day", readable_rate(client.rates.last_day));
    add("issued in a second, at the peak", readable_rate(client.rates.peak));
    if (client.rates.peak_at) {
        add("the peak was at", moment(*client.rates.peak_at));
    }
    if (client.lifetime) {
        add("lifetime of an access token", readable_duration(*client.lifetime));
    }
    if (client.users > 0) {
        add("users", grouped(client.users));
    }
    const std::string text = table.text({});
    return text.substr(text.find('\n') + 1);
}

std::string reasons(const ClientFigures& client) {
    if (!client.flagged()) {
        return paragraph("Nothing of this breaks a rule; it is for your information.");
    }
    std::string text = "Why we write to you: the client\n\n";
    std::vector<std::string_view> requests;
    for (const Flag& flag : client.flags) {
        text += item(shown(flag.sentence));
        const std::string_view wish = request(flag.name);
        if (std::find(requests.begin(), requests.end(), wish) == requests.end()) {
            requests.push_back(wish);
        }
    }
    text += "\nWhat we ask you to do:\n\n";
    for (const std::string_view wish : requests) {
        text += item(std::string(wish));
    }
    return text + "\n" +
           paragraph(
               "The tokens of all clients share one table. A client that fills it makes every "
               "login slower, in the end for everybody, and may have to be suspended.");
}

// An address that needs no quoting; anything else could add a recipient or a header.
bool is_plain_address(std::string_view text) {
    constexpr std::string_view letters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_+";
    const auto at = text.find('@');
    return at != std::string_view::npos && at > 0 && text.size() <= 254 &&
           text.substr(0, at).find_first_not_of(letters) == std::string_view::npos &&
           text.front() != '-' && text.find('.', at + 2) != std::string_view::npos &&
           text.substr(at + 1).find_first_not_of(letters) == std::string_view::npos;
}

}  // namespace

const ClientFigures* find_client(const Fleet& fleet, std::string_view id) {
    const ClientFigures* with_key = nullptr;
    for (const ClientFigures& client : fleet.clients) {
        if (!client.client_id.empty() && client.client_id == id) {
            return &client;
        }
        if (client.id && fmt::to_string(*client.id) == id) {
            with_key = &client;
        }
    }
    return with_key;
}

std::string letter(const Fleet& fleet, const ClientFigures& client) {
    std::string text =
        wrapped("To the owner of the OAuth client " + called(client), 0, k_mail_columns);
    std::vector<std::string> people = client.owners;
    people.insert(people.end(), client.contacts.begin(), client.contacts.end());
    if (!people.empty()) {
        constexpr std::size_t most = 5;
        people.resize(std::min(people.size(), most));
        text += wrapped(shown(fmt::to_string(fmt::join(people, ", "))), 0, k_mail_columns);
    }
    text += "\n" + paragraph("Hello,");
    text += paragraph(fmt::format(
        "this is what the identity server knows about the tokens of your client at {} {}:",
        moment(fleet.now), fleet.head.time_zone));
    text += figures(client) + "\n" + reasons(client);
    text += paragraph(
        "Please answer if you cannot change this, or if it is news to you that the "
        "client is in use at all: then its secret is in the wrong hands.");
    return text + "The operators of the identity server\n";
}

std::string letter_mail(const Fleet& fleet, const ClientFigures& client) {
    std::string to;
    for (const std::string& contact : client.contacts) {
        if (is_plain_address(contact)) {
            to += (to.empty() ? "" : ",\n ") + contact;
        }
    }
    return mail({.to = to, .subject = "The tokens of your OAuth client " + client.client_id},
                letter(fleet, client));
}

}  // namespace report
