#include "harness/cli/baseline.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "harness/cli/exit_code.h"
#include "harness/cli/files.h"

namespace lastref {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxBaselineBytes = std::size_t{1} << 20;

std::vector<std::string> files_of(const std::string& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return {path};
  std::vector<std::string> files;
  for (fs::directory_iterator i(path, error), end; !error && i != end; i.increment(error)) {
    if (i->path().extension() == ".txt") files.push_back(i->path().string());
  }
  if (error) {
    throw usage_failure(path + ": found " + error.message() +
                        ", expected a directory that can be read; check its permissions");
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

Baseline Baseline::load(const std::string& path) {
  Baseline baseline;
  for (const std::string& file : files_of(path)) {
    auto parsed = parse_baseline(read_file(file, kMaxBaselineBytes));
    if (const auto* error = std::get_if<BaselineError>(&parsed)) {
      throw usage_failure(error->text(file));
    }
    baseline.add(std::get<std::vector<BaselineEntry>>(std::move(parsed)));
  }
  return baseline;
}

void Baseline::add(std::vector<BaselineEntry> entries) {
  std::move(entries.begin(), entries.end(), std::back_inserter(entries_));
}

std::vector<BaselineEntry> Baseline::of(std::string_view target, std::string_view version) const {
  const std::optional<Version> number = version_in(version);
  std::vector<BaselineEntry> matching;
  for (const BaselineEntry& entry : entries_) {
    if (entry.target == target && entry.versions.contains(number)) matching.push_back(entry);
  }
  return matching;
}

Hazards hazards_of(const std::vector<BaselineEntry>& entries) {
  Hazards hazards;
  for (const BaselineEntry& entry : entries) hazards.add(entry.hazard);
  return hazards;
}

Hazards hazards_beside(const BaselineEntry& entry, const std::vector<BaselineEntry>& entries) {
  Hazards hazards = hazards_of(entries);
  hazards.remove(entry.hazard);
  for (const BaselineEntry& other : entries) {
    if (std::ranges::find(entry.behind, other.name) != entry.behind.end())
      hazards.remove(other.hazard);
  }
  return hazards;
}

std::string known_by(const std::vector<BaselineEntry>& entries, const Signature& signature,
                     Hazards on, const std::function<bool(const BaselineEntry&)>& explains) {
  const std::string wanted = text(signature);
  for (const BaselineEntry& entry : entries) {
    if (on.has(entry.hazard)) continue;
    const bool listed = std::find(entry.signatures.begin(), entry.signatures.end(), wanted) !=
                        entry.signatures.end();
    if (listed && explains(entry)) return entry.name;
  }
  return {};
}

std::string gone_round_text(const std::vector<BaselineEntry>& entries, Hazards on,
                            std::string_view version) {
  std::string text;
  for (const BaselineEntry& entry : entries) {
    if (!on.has(entry.hazard)) continue;
    if (text.empty()) {
      text = fmt::format("\nKnown in {}; the search goes round them (--hazards none shows them):\n",
                         version);
    }
    text +=
        fmt::format("  {} ({}, {}): {}\n    breaks {}\n", entry.name, entry.outcome, entry.date,
                    hazard_table()[static_cast<std::size_t>(entry.hazard)].meaning, entry.breaks);
    for (const std::string& citation : entry.citations) {
      text += fmt::format("    cites  {}\n", citation);
    }
  }
  return text;
}

std::string default_baseline() {
  const fs::path bin = program_directory();
  if (bin.empty()) return {};
  std::error_code error;
  for (const fs::path& place :
       {bin / "../share/lastref/baseline", bin / "../../../corpus/baseline"}) {
    if (fs::is_directory(place, error)) return place.lexically_normal().string();
  }
  return {};
}

}  // namespace lastref
