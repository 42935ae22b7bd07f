#include "harness/cli/target_choice.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>

#include "harness/cli/exit_code.h"
#include "harness/program/suggestion.h"
#include "harness/program/trace_words.h"

namespace lastref {
namespace {

bool is_path(const std::string& target) { return target.find('/') != std::string::npos; }

void require_path(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    throw usage_failure(
        fmt::format("{}: found a directory, expected an adapter; name the .so in it", path));
  }
  if (access(path.c_str(), R_OK) == 0) return;
  throw usage_failure(
      fmt::format("{}: found {}, expected an adapter that can be read; check the path", path,
                  std::strerror(errno)));
}

void require_name(const std::vector<TargetEntry>& entries, const std::string& name) {
  std::vector<std::string_view> names;
  names.reserve(entries.size());
  for (const TargetEntry& entry : entries) names.push_back(entry.name);
  if (std::find(names.begin(), names.end(), name) != names.end()) return;
  std::string advice = did_you_mean(name, names);
  if (advice.empty()) {
    advice = names.empty() ? "none was found: build the adapters, or name one by its path"
                           : fmt::format("there are {}; an adapter elsewhere is named by its path",
                                         fmt::join(names, ", "));
  }
  throw usage_failure(fmt::format("found {}, expected a target; {}", show_word(name), advice));
}

}  // namespace

void require_targets(const Engine& engine, const std::vector<std::string>& targets) {
  const std::vector<TargetEntry> entries = engine.list_targets();
  for (const std::string& target : targets) {
    if (is_path(target)) {
      require_path(target);
    } else {
      require_name(entries, target);
    }
  }
}

std::string target_name(const std::string& target) {
  if (!is_path(target)) return target;
  constexpr std::string_view kPrefix = "lastref-target-";
  std::string stem = std::filesystem::path(target).stem().string();
  if (stem.rfind(kPrefix, 0) == 0) stem.erase(0, kPrefix.size());
  return stem;
}

}  // namespace lastref
