#include "harness/campaign/finding_group.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "harness/campaign/fuzzer_home.h"
#include "harness/campaign/record.h"
#include "harness/report/timeline.h"

namespace lastref {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kFile = "finding.json";

// Symptoms whose subject is a context.
bool is_about_context(Discrepancy what) {
  return what == Discrepancy::kCacheNumber || what == Discrepancy::kCacheFull ||
         what == Discrepancy::kDanglingNumber;
}

json to_json(const FindingGroup& group) {
  return {{"fuzzer", group.fuzzer},    {"name", group.name}, {"about", group.about},
          {"known", group.known},      {"seen", group.seen}, {"operations", group.operations},
          {"symptoms", group.symptoms}};
}

std::optional<FindingGroup> read_group(const fs::path& folder) {
  std::ifstream file(folder / kFile, std::ios::binary);
  if (!file) return std::nullopt;
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const json read = json::parse(text, nullptr, false);
  if (!read.is_object()) return std::nullopt;
  FindingGroup group;
  group.fuzzer = read.value("fuzzer", "");
  group.name = read.value("name", "");
  group.about = read.value("about", "");
  group.known = read.value("known", "");
  group.operations = read.value("operations", 0);
  group.seen = read.value("seen", std::uint64_t{0});
  group.symptoms = read.value("symptoms", std::vector<std::string>{});
  return group;
}

void write_group(const fs::path& folder, const FindingGroup& group) {
  replace_file(folder / kFile, to_json(group).dump(2) + "\n");
}

void write_unless_empty(const fs::path& path, const std::string& text) {
  if (!text.empty()) replace_file(path, text);
}

std::vector<fs::path> folders_in(const fs::path& directory) {
  std::vector<fs::path> folders;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    if (entry.is_directory(error)) folders.push_back(entry.path());
  }
  std::ranges::sort(folders);
  return folders;
}

}  // namespace

std::string owner_of(const Finding& finding, const Contract& contract) {
  if (finding.symptoms.empty()) return {};
  const Symptom& cause = finding.symptoms.cause();
  if (cause.subject == kNoSubject) return {};
  if (is_about_context(cause.what)) return "cache";
  const Timeline timeline = make_timeline(contract, finding.program);
  const TimelineStep* const step = timeline.at(cause.operation);
  if (step == nullptr || cause.subject >= step->before.born) return {};
  const std::string held = holders(step->before, cause.subject);
  std::vector<std::string_view> owners;
  for (const std::string_view owner : {"application", "cache", "connection"}) {
    if (held.find(owner) != std::string::npos) owners.push_back(owner);
  }
  return owners.empty() ? "nobody" : fmt::format("{}", fmt::join(owners, "+"));
}

std::vector<FindingGroup> groups_in(const fs::path& findings) {
  std::vector<FindingGroup> groups;
  for (const fs::path& fuzzer : folders_in(findings)) {
    for (const fs::path& folder : folders_in(fuzzer)) {
      if (std::optional<FindingGroup> group = read_group(folder)) groups.push_back(*group);
    }
  }
  return groups;
}

void add_group(const fs::path& findings, const FindingGroup& group, const GroupFiles& files) {
  const fs::path folder = findings / group.fuzzer / group.name;
  if (std::optional<FindingGroup> there = read_group(folder)) {
    for (const std::string& symptom : group.symptoms) {
      if (std::ranges::find(there->symptoms, symptom) == there->symptoms.end()) {
        there->symptoms.push_back(symptom);
      }
    }
    write_group(folder, *there);
    return;
  }
  const fs::path fresh = findings / (group.fuzzer + ".new");
  fs::remove_all(fresh);
  fs::create_directories(fresh / "inputs");
  write_unless_empty(fresh / "program.trace", files.trace);
  write_unless_empty(fresh / "program.c", files.source);
  write_unless_empty(fresh / "report.txt", files.report);
  write_group(fresh, group);
  fs::create_directories(folder.parent_path());
  fs::remove_all(folder);  // without its finding.json it is none
  fs::rename(fresh, folder);
}

void add_input(const fs::path& findings, const std::string& fuzzer, const std::string& group,
               const fs::path& input) {
  const fs::path folder = findings / fuzzer / group;
  if (std::optional<FindingGroup> there = read_group(folder)) {
    ++there->seen;
    write_group(folder, *there);
  }
  if (files_in(folder / "inputs").size() < kMaxInputs) {
    fs::rename(input, folder / "inputs" / input.filename());
  } else {
    fs::remove(input);
  }
}

}  // namespace lastref
