// SPDX-License-Identifier: Apache-2.0
#include "config/yaml.hpp"

#include "config/keys.hpp"
#include "util/error.hpp"
#include "util/escape.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <set>

namespace config {

namespace {

bool is_section(const std::string& name) {
    return std::any_of(keys().begin(), keys().end(),
                       [&](const Key& key) { return section_of(key) == name; });
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

}  // namespace

std::vector<Setting> parse_yaml(const std::string& text, const std::string& file) {
    try {
        const std::vector<YAML::Node> documents = YAML::LoadAll(text);
        if (documents.size() > 1) {
            throw util::Error(
                util::ErrorKind::config,
                fmt::format("{}:{}: the configuration is one YAML document, not several", file,
                            documents[1].Mark().line + 1));
        }
        return documents.empty() ? std::vector<Setting>{} : Reader(file).read(documents.front());
    } catch (const YAML::Exception& error) {
        throw util::Error(util::ErrorKind::config, fmt::format("{}:{}: not valid YAML: {}", file,
                                                               error.mark.line + 1, error.msg));
    }
}

}  // namespace config
