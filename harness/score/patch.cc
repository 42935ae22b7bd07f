#include "harness/score/patch.h"

#include <fmt/format.h>

#include <cstddef>

namespace lastref {

std::map<std::string, std::string> patch_header(std::string_view patch) {
  std::map<std::string, std::string> header;
  std::string* value = nullptr;
  while (!patch.empty() && !patch.starts_with("diff --git")) {
    const std::size_t end = patch.find('\n');
    const std::string_view line = patch.substr(0, end);
    patch.remove_prefix(end == std::string_view::npos ? patch.size() : end + 1);
    if (line.empty()) continue;
    if (line.starts_with(' ')) {
      if (value != nullptr) *value += line.substr(1);
      continue;
    }
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) continue;
    value = &header[std::string(line.substr(0, colon))];
    *value = line.substr(colon + 2);
  }
  return header;
}

std::string bug_of_patch(std::string_view patch, const std::string& adapter, Bug& bug) {
  const std::map<std::string, std::string> header = patch_header(patch);
  const auto value = [&header](const char* key) {
    const auto found = header.find(key);
    return found == header.end() ? std::string() : found->second;
  };
  bug.name = value("name");
  bug.target = adapter;
  if (bug.name.empty()) return "name: not there, expected the file's name";
  bug.place = value("source");
  bug.about = value("about");
  bug.signs.clear();
  if (value("verdict") == "any") return {};
  const auto verdict = verdict_named(value("verdict"));
  if (!verdict.has_value()) {
    return fmt::format("verdict: found '{}', expected a kind of finding", value("verdict"));
  }
  // "9 free": where in its trace, and which.
  const std::string operation = value("operation");
  const std::size_t blank = operation.find(' ');
  const auto code =
      blank == std::string::npos ? std::nullopt : operation_named(operation.substr(blank + 1));
  if (!code.has_value()) {
    return fmt::format("operation: found '{}', expected a number and an operation", operation);
  }
  bug.signs.push_back({*verdict, *code, {}});
  return {};
}

}  // namespace lastref
