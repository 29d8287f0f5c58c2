// SPDX-License-Identifier: Apache-2.0
#include "archive/reader.hpp"

#include "archive/frame.hpp"
#include "util/error.hpp"
#include "util/read_file.hpp"
#include "util/sha256.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>

namespace archive {

namespace {

constexpr std::string_view k_manifest_end = ".manifest.json";
constexpr std::string_view k_file_end = ".jsonl.zst";

std::vector<Json> lines_of(const std::string& text) {
    std::vector<Json> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(Json::parse(line, nullptr, false));
    }
    return lines;
}

bool is_record(const Json& line, std::string_view kind) {
    return line.is_object() && line.value("record", "") == kind;
}

std::vector<std::string> names_in(const std::string& folder) {
    std::error_code failure;
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failure)) {
        names.push_back(entry.path().filename().string());
    }
    if (failure) {
        throw util::Error(util::ErrorKind::io,
                          fmt::format("the archive {} cannot be read ({}); name its folder with "
                                      "--archive",
                                      folder, failure.message()));
    }
    std::ranges::sort(names);
    return names;
}

// "20260501T120000Z-1a2b3c4d" of "20260501T120000Z-1a2b3c4d-0001.jsonl.zst".
std::string run_of(const std::string& name) {
    if (name.ends_with(k_manifest_end)) {
        return name.substr(0, name.size() - k_manifest_end.size());
    }
    const bool file = name.ends_with(k_file_end);
    return file ? name.substr(0, std::min(name.rfind('-'), name.size())) : std::string();
}

}  // namespace

StoredFile::StoredFile(const std::string& path) : m_content(util::read_file(path, path)) {
    Frames found = split_frames(m_content);
    m_frames = std::move(found.frames);
    m_torn = found.torn;
    for (std::size_t i = 0; i < m_frames.size(); ++i) {
        read_frame(i);
    }
}

std::string StoredFile::sha256() const {
    return util::sha256_hex(m_content);
}

void StoredFile::read_frame(std::size_t index) {
    const auto text = decompressed(m_frames[index]);
    const std::vector<Json> lines = text ? lines_of(*text) : std::vector<Json>{};
    if (lines.empty() || !std::ranges::all_of(lines, &Json::is_object)) {
        m_damages.push_back(fmt::format("frame {} cannot be read", index + 1));
        return;
    }
    const auto number = lines.front().value("batch", std::int64_t{0});
    if (is_record(lines.front(), "begin")) {
        const auto rows =
            std::ranges::count_if(lines, [](const Json& line) { return is_record(line, "row"); });
        if (lines.front().value("rows", std::int64_t{-1}) != rows) {
            m_damages.push_back(fmt::format("batch {} lacks rows", number));
        }
        m_batches.push_back({.number = number, .rows = rows, .frame = index});
        return;
    }
    const auto batch = std::ranges::find(m_batches, number, &StoredBatch::number);
    if (batch == m_batches.end()) {
        m_damages.push_back(fmt::format("the end of batch {} stands without the batch", number));
    } else {
        batch->end =
            is_record(lines.front(), "committed") ? BatchEnd::committed : BatchEnd::rolled_back;
    }
}

std::vector<Json> StoredFile::rows(const StoredBatch& batch) const {
    std::vector<Json> lines = lines_of(decompressed(m_frames.at(batch.frame)).value_or(""));
    std::erase_if(lines, [](const Json& line) { return !is_record(line, "row"); });
    return lines;
}

std::vector<StoredRun> find_runs(const std::string& folder, const std::string& run) {
    if (folder.empty()) {
        throw util::Error(util::ErrorKind::config,
                          "no archive is named; give its folder with --archive or archive.path");
    }
    const std::vector<std::string> names = names_in(folder);
    std::set<std::string> ids;
    for (const std::string& name : names) {
        if (const std::string id = run_of(name); !id.empty() && (run.empty() || id == run)) {
            ids.insert(id);
        }
    }
    if (ids.empty()) {
        throw util::Error(
            util::ErrorKind::data,
            run.empty() ? fmt::format("{} holds no archive; name its folder with --archive", folder)
                        : fmt::format("{} holds no run {}; `archive verify` lists those it "
                                      "holds",
                                      folder, run));
    }
    std::vector<StoredRun> runs;
    for (const std::string& id : ids) {
        StoredRun& stored = runs.emplace_back();
        stored.manifest.run = id;
        for (const std::string& name : names) {
            if (run_of(name) == id && name.ends_with(k_file_end)) {
                stored.files.push_back(name);
            }
        }
        const std::string path = fmt::format("{}/{}{}", folder, id, k_manifest_end);
        try {
            stored.manifest = parse_manifest(util::read_file(path, path), path);
        } catch (const util::Error& error) {
            stored.problem = error.what();
        }
    }
    return runs;
}

}  // namespace archive
