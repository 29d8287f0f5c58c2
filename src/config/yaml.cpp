// SPDX-License-Identifier: Apache-2.0
#include "config/yaml.hpp"

#include "config/keys.hpp"
#include "util/closest.hpp"
#include "util/error.hpp"
#include "util/escape.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cstddef>
#include <set>
#include <sstream>

namespace config {

namespace {

std::vector<std::string> section_names() {
    std::set<std::string> names;
    for (const Key& key : keys()) {
        names.emplace(section_of(key));
    }
    names.erase("");
    return {names.begin(), names.end()};
}

bool is_section(const std::string& name) {
    const std::vector<std::string> names = section_names();
    return std::find(names.begin(), names.end(), name) != names.end();
}

class Reader {
public:
    explicit Reader(const std::string& file) : m_file(file) {}

    std::vector<Setting> read(const YAML::Node& document) {
        if (document.IsNull()) {  // nothing but comments
            return {};
        }
        if (!document.IsMap()) {
            fail(document.Mark(), "the configuration is not a list of \"key: value\" lines");
        }
        read_section(document, "");
        return std::move(m_settings);
    }

private:
    [[noreturn]] void fail(const YAML::Mark& mark, const std::string& message) const {
        throw util::Error(util::ErrorKind::config, fmt::format("{}: {}", place(mark), message));
    }

    std::string place(const YAML::Mark& mark) const {
        return fmt::format("{}:{}", m_file, mark.line + 1);
    }

    void read_section(const YAML::Node& section, const std::string& prefix) {
        for (const auto& pair : section) {
            if (!pair.first.IsScalar()) {
                fail(pair.first.Mark(), "a key is not a name");
            }
            read_key(prefix, pair.first, pair.second);
        }
    }

    void read_key(const std::string& prefix, const YAML::Node& name, const YAML::Node& value) {
        const std::string path = prefix + name.Scalar();
        const auto fail_here = [&](const std::string& why) {
            fail(name.Mark(), fmt::format("{}: {}", util::escape_controls(path), why));
        };
        if (!m_seen.insert(path).second) {
            fail_here("is given twice");
        }
        if (prefix.empty() && is_section(name.Scalar())) {
            if (!value.IsMap()) {
                fail_here("is a section, so its keys belong below it, indented");
            }
            read_section(value, path + ".");
            return;
        }
        if (prefix.empty() && value.IsMap() && find_key(path) == nullptr) {
            fail_here("unknown section" + util::did_you_mean(path, section_names()));
        }
        const bool dotted = name.Scalar().find('.') != std::string::npos;
        if (dotted && find_key(path) != nullptr) {
            fail_here("write the section on a line of its own and the key below it, indented");
        }
        if (dotted || find_key(path) == nullptr) {
            fail_here(unknown_key(path));
        }
        if (value.IsNull()) {
            fail_here("has no value; leave the key out for its default");
        }
        if (!value.IsScalar()) {
            fail_here("takes one value, not a list or a section");
        }
        m_settings.push_back({.path = path,
                              .value = value.Scalar(),
                              .origin = {.source = Source::file, .place = place(name.Mark())},
                              .quoted = value.Tag() != "?"});
    }

    const std::string& m_file;
    std::set<std::string> m_seen;
    std::vector<Setting> m_settings;
};

// Takes note of where documents begin, and of nothing else.
class DocumentStarts final : public YAML::EventHandler {
public:
    void OnDocumentStart(const YAML::Mark& mark) override { m_last = mark; }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}
    void OnAlias(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}
    void OnScalar(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                  const std::string& /*value*/) override {}
    void OnSequenceStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/,
                         YAML::anchor_t /*anchor*/, YAML::EmitterStyle::value /*style*/) override {}
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/,
                    YAML::anchor_t /*anchor*/, YAML::EmitterStyle::value /*style*/) override {}
    void OnMapEnd() override {}

    const YAML::Mark& last() const { return m_last; }

private:
    YAML::Mark m_last = YAML::Mark::null_mark();
};

// Where a ',' stands alone yaml-cpp 0.7 finds one empty document after the other and never comes to
// an end: a document has to begin behind the one before it.
void require_an_end(const std::string& text) {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    DocumentStarts starts;
    int before = -1;
    while (parser.HandleNextDocument(starts)) {
        if (starts.last().pos <= before) {
            throw YAML::ParserException(starts.last(), "a ',' outside of a list");
        }
        before = starts.last().pos;
    }
}

}  // namespace

std::vector<Setting> parse_yaml(const std::string& text, const std::string& file) {
    const auto fail = [&](std::ptrdiff_t line, const std::string& why) {
        throw util::Error(util::ErrorKind::config, fmt::format("{}:{}: {}", file, line, why));
    };
    const std::ptrdiff_t lines = std::count(text.begin(), text.end(), '\n') + 1;
    try {
        // yaml-cpp takes the end of the text for the end of a quote, and would hide every key
        // behind the opening one in that value. The end of the document is no part of a quote.
        const std::string ended = text + "\n...\n";
        require_an_end(ended);
        const std::vector<YAML::Node> documents = YAML::LoadAll(ended);
        if (documents.size() > 1) {
            fail(documents[1].Mark().line + 1,
                 "the configuration is one YAML document, not several");
        }
        return documents.empty() ? std::vector<Setting>{} : Reader(file).read(documents.front());
    } catch (const YAML::Exception& error) {
        const std::ptrdiff_t line = error.mark.line + 1;
        fail(std::min(line, lines), line > lines ? "not valid YAML: a quote is not closed"
                                                 : "not valid YAML: " + error.msg);
    }
    return {};
}

}  // namespace config
