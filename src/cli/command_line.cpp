// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"

#include "cli/completion.hpp"
#include "cli/help.hpp"
#include "cli/man_page.hpp"
#include "cli/target_options.hpp"
#include "config/keys.hpp"
#include "util/closest.hpp"
#include "util/error.hpp"
#include "util/escape.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <map>
#include <string_view>

namespace cli {

namespace {

std::string in_quotes(std::string_view text) {
    return '"' + util::escape_controls(text) + '"';
}

[[noreturn]] void fail(const std::string& message) {
    throw util::Error(util::ErrorKind::usage, message + "; see iam-token-gc --help");
}

// The grammar, without any of CLI11's own checks and texts: what was given is looked at afterwards.
class Grammar {
public:
    Grammar() {
        m_app.set_help_flag();
        m_app.allow_extras();
        add_value("--config");
        add_value("--skip");
        add_value("--only");
        add_value("--target");
        add_value("--client");
        add_value("--generate");
        for (const char* const name : {"--plan", "--out", "--run"}) {
            add_value(name);
        }
        add_flag("--dry-run");
        add_flag("--yes");
        add_flag("--yes-really");
        add_flag("--estimate");
        add_flag("--help,-h");
        add_flag("--version");
        for (const config::Key& key : config::keys()) {
            if (!key.option.empty()) {
                key.placeholder.empty() ? add_flag(key.option) : add_value(key.option);
            }
        }
        for (const CommandInfo& info : k_commands) {
            add_command(info);
        }
    }

    void parse(int argc, const char* const* argv) {
        try {
            m_app.parse(argc, argv);
        } catch (const CLI::ArgumentMismatch&) {
            // Flags with a value are refused before, so it is the last argument that lacks one.
            fail(fmt::format("{} needs a value", in_quotes(argv[argc - 1])));
        } catch (const CLI::ParseError& error) {
            fail(util::escape_controls(error.what()));
        }
    }

    // The command that was given, if any.
    std::optional<Command> command() const {
        for (const auto& [command, app] : m_commands) {
            if (app->parsed()) {
                return command;
            }
        }
        return std::nullopt;
    }

    // The first part of a command of two words without the second.
    bool half_a_command() const { return !command() && first_half() != nullptr; }

    // The command of which that is the first part; call it only when half_a_command().
    Command whole_command() const {
        const std::string beginning = first_half()->get_name() + " ";
        const auto* const found = std::ranges::find_if(
            k_commands, [&](const CommandInfo& info) { return info.name.starts_with(beginning); });
        return found->command;
    }

    bool is_flag(const std::string& option) const {
        return m_options.contains(option) && !takes_value(option);
    }

    bool takes_value(const std::string& option) const {
        const auto found = m_options.find(option);
        return found != m_options.end() && found->second->get_items_expected_max() > 0;
    }

    bool has(const std::string& option) const { return m_options.at(option)->count() > 0; }

    std::vector<std::string> values(const std::string& option) const {
        return m_options.at(option)->results();
    }

    // The value of an option that may be given once.
    std::optional<std::string> value(const std::string& option) const {
        const std::vector<std::string> given = values(option);
        if (given.empty()) {
            return std::nullopt;
        }
        if (given.size() > 1) {
            fail(fmt::format("{} is given {} times, which one counts is not clear", option,
                             given.size()));
        }
        return given.front();
    }

    // What is neither an option nor a command.
    std::vector<std::string> rest() const { return m_app.remaining(true); }

    std::vector<std::string> option_names() const {
        std::vector<std::string> names;
        for (const auto& [name, option] : m_options) {
            names.push_back(name);
        }
        return names;
    }

private:
    void add_value(const std::string& name) {
        CLI::Option* const option = m_app.add_option(name);
        option->expected(1)->type_size(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
        m_options[name] = option;
    }

    void add_flag(const std::string& names) {
        m_options[names.substr(0, names.find(','))] =
            m_app.add_flag(names)->disable_flag_override();
    }

    void add_command(const CommandInfo& info) {
        const auto blank = info.name.find(' ');
        CLI::App* parent = &m_app;
        if (blank != std::string_view::npos) {
            CLI::App*& first = m_parents[std::string(info.name.substr(0, blank))];
            first =
                first == nullptr ? sub(*parent, std::string(info.name.substr(0, blank))) : first;
            parent = first;
        }
        m_commands[info.command] =
            sub(*parent,
                std::string(info.name.substr(blank == std::string_view::npos ? 0 : blank + 1)));
    }

    const CLI::App* first_half() const {
        for (const auto& [name, app] : m_parents) {
            if (app->parsed()) {
                return app;
            }
        }
        return nullptr;
    }

    static CLI::App* sub(CLI::App& parent, const std::string& name) {
        CLI::App* const app = parent.add_subcommand(name);
        app->set_help_flag();
        app->fallthrough();
        parent.require_subcommand(0, 1);
        return app;
    }

    CLI::App m_app{"", "iam-token-gc"};
    std::map<std::string, CLI::App*> m_parents;  // first words of commands of two
    std::map<std::string, CLI::Option*> m_options;
    std::map<Command, CLI::App*> m_commands;
};

// What CLI11 would read in ways of its own.
void check_arguments(const Grammar& grammar, const std::vector<std::string>& arguments) {
    bool is_value = false;
    for (const std::string& argument : arguments) {
        const auto equals = argument.find('=');
        const std::string name = argument.substr(0, equals);
        if (equals != std::string::npos && grammar.is_flag(name)) {
            fail(fmt::format("{} takes no value", name));
        }
        if (argument.starts_with("--") && equals == argument.size() - 1) {
            fail(fmt::format("{} needs a value", in_quotes(name)));
        }
        if (!is_value && (argument == "++" || argument == "--")) {
            fail(fmt::format("Unexpected argument {}", in_quotes(argument)));
        }
        is_value = equals == std::string::npos && grammar.takes_value(name);
    }
}

bool looks_like_an_option(const std::string& text) {
    // Negative numbers are values, which their range then refuses.
    return text.size() > 1 && text[0] == '-' && !(text[1] >= '0' && text[1] <= '9');
}

void check_values(const Grammar& grammar) {
    for (const std::string& option : grammar.option_names()) {
        for (const std::string& value : grammar.values(option)) {
            if (looks_like_an_option(value)) {
                const bool file = option == "--config" || option == "--output" ||
                                  option == "--plan" || option == "--out";
                fail(fmt::format("{} needs a value, and {} looks like an option{}", option,
                                 in_quotes(value),
                                 file ? " (write ./ in front of such a file name)" : ""));
            }
        }
    }
}

std::vector<std::string> command_names() {
    std::vector<std::string> names;
    names.reserve(k_commands.size());
    for (const CommandInfo& info : k_commands) {
        names.emplace_back(info.name);
    }
    return names;
}

// Refuses everything that is neither option nor command, but for the number behind `why` and the
// file behind `certificate verify`.
void check_rest(const Grammar& grammar, std::vector<std::string> rest) {
    const bool takes_one =
        grammar.command() == Command::why || grammar.command() == Command::certificate_verify;
    if (takes_one && !rest.empty() && !looks_like_an_option(rest.front())) {
        rest.erase(rest.begin());
    }
    if (rest.empty()) {
        return;
    }
    const std::string& first = rest.front();
    const std::string shown = in_quotes(first);
    if (looks_like_an_option(first)) {
        const std::string name = first.substr(0, first.find('='));
        fail(fmt::format("Unknown option {}{}", shown,
                         util::did_you_mean(name, grammar.option_names())));
    }
    if (grammar.half_a_command()) {
        const std::string_view name = info_of(grammar.whole_command()).name;
        fail(fmt::format("Unknown command {} {} (did you mean {}?)", name.substr(0, name.find(' ')),
                         shown, name));
    }
    if (!grammar.command()) {
        fail(
            fmt::format("Unknown command {}{}", shown, util::did_you_mean(first, command_names())));
    }
    fail(fmt::format("Unexpected argument {}", shown));
}

gc::Id row_id(const std::vector<std::string>& rest) {
    if (rest.empty()) {
        fail("why needs the id of a row");
    }
    const std::string& text = rest.front();
    gc::Id id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc{} || end != text.data() + text.size() || id < 1) {
        fail(fmt::format("The id of a row is a whole number above 0, not {}", in_quotes(text)));
    }
    return id;
}

void check_command_options(const Grammar& grammar, Command command) {
    for (const OwnOption& own : k_own_options) {
        const std::vector<std::string_view> owners = commands_of(own);
        if (grammar.has(std::string(own.option)) &&
            std::ranges::find(owners, info_of(command).name) == owners.end()) {
            fail(fmt::format("{} belongs to {} only{}", own.option, fmt::join(owners, " and "),
                             own.option == "--target" ? "; --skip and --only choose targets" : ""));
        }
    }
    if (grammar.has("--out") && grammar.has("--estimate")) {
        fail("--out needs rows that were counted, and --estimate counts none; leave one out");
    }
    for (const config::Key& key : config::keys()) {
        const bool given = key.option.empty() ? grammar.has("--skip") || grammar.has("--only")
                                              : grammar.has(key.option);
        if (given && !applies(key, command)) {
            fail(fmt::format("{} means nothing to {}; it is for {}",
                             key.option.empty() ? "--skip or --only" : key.option,
                             info_of(command).name, fmt::join(commands_of(key), ", ")));
        }
    }
}

std::string generated(const std::string& what) {
    if (what == "man") {
        return man_page();
    }
    if (what == "bash-completion") {
        return bash_completion();
    }
    if (what == "zsh-completion") {
        return zsh_completion();
    }
    fail("--generate makes man, bash-completion or zsh-completion");
}

std::vector<config::Override> overrides(const Grammar& grammar) {
    std::vector<config::Override> changes;
    for (const config::Key& key : config::keys()) {
        if (key.option.empty() || !grammar.has(key.option)) {
            continue;
        }
        if (key.placeholder.empty()) {
            changes.push_back({.path = key.path, .value = "true"});
        } else {
            changes.push_back({.path = key.path, .value = *grammar.value(key.option)});
        }
    }
    for (config::Override& change :
         target_overrides(grammar.values("--skip"), grammar.values("--only"))) {
        changes.push_back(std::move(change));
    }
    return changes;
}

}  // namespace

Invocation parse(int argc, const char* const* argv) {
    Grammar grammar;
    check_arguments(grammar, {argv + (argc > 0 ? 1 : 0), argv + argc});
    grammar.parse(argc, argv);
    const std::optional<Command> command = grammar.command();
    Invocation invocation;
    check_values(grammar);
    check_rest(grammar, grammar.rest());
    if (grammar.has("--help") || grammar.has("--version")) {
        invocation.text_and_exit =
            grammar.has("--help")
                ? help_text(grammar.half_a_command() ? grammar.whole_command() : command)
                : version_text();
        return invocation;
    }
    if (const auto what = grammar.value("--generate")) {
        invocation.text_and_exit = generated(*what);
        return invocation;
    }
    if (!command) {
        if (grammar.half_a_command()) {
            const std::string_view name = info_of(grammar.whole_command()).name;
            const auto blank = name.find(' ');
            fail(fmt::format("{} needs {} behind it", name.substr(0, blank),
                             name.substr(blank + 1)));
        }
        fail("No command is given");
    }
    check_command_options(grammar, *command);
    invocation.command = *command;
    invocation.dry_run = grammar.has("--dry-run");
    invocation.yes = grammar.has("--yes");
    invocation.yes_really = grammar.has("--yes-really");
    invocation.estimate = grammar.has("--estimate");
    invocation.plan_file =
        grammar.value(*command == Command::plan ? "--out" : "--plan").value_or("");
    invocation.run_id = grammar.value("--run").value_or("");
    if (*command == Command::certificate_verify) {
        if (grammar.rest().empty()) {
            fail("certificate verify needs the file of a certificate");
        }
        invocation.certificate = grammar.rest().front();
    }
    if (*command == Command::why) {
        invocation.id = row_id(grammar.rest());
        invocation.target = why_target(grammar.value("--target"));
    }
    if (const auto client = grammar.value("--client")) {
        if (client->empty()) {
            fail("--client needs a client_id");
        }
        invocation.client = *client;
    }
    if (const auto file = grammar.value("--config")) {
        if (file->empty()) {
            fail("--config needs the name of a file");
        }
        invocation.config_file = *file;
    }
    invocation.overrides = overrides(grammar);
    if (!invocation.client.empty() && (*command == Command::run || *command == Command::plan)) {
        invocation.overrides.push_back({.path = "purge_client.client", .value = invocation.client});
    }
    return invocation;
}

}  // namespace cli
