// `lastref targets`: the adapters that are there, and what their libraries say of themselves.

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "harness/cli/files.h"
#include "harness/cli/verbs.h"

namespace lastref {
namespace {

ExitCode list_targets(const Engine& engine) {
  const std::vector<TargetEntry> entries = engine.list_targets();
  if (entries.empty()) {
    throw Failure(ExitCode::kCouldNotRun,
                  "found no adapter, expected some beside the program; build lastref_adapters");
  }
  std::size_t width = 0;
  for (const TargetEntry& entry : entries) width = std::max(width, entry.name.size());
  for (const TargetEntry& entry : entries) {
    std::string error;
    const std::string version = engine.target_version(entry.name, &error);
    print_out(fmt::format("{:<{}}  {}\n{:{}}  {}\n", entry.name, width,
                          version.empty() ? "cannot be started: " + error : version, "", width,
                          entry.path));
  }
  return ExitCode::kClean;
}

}  // namespace

void add_targets_verb(CLI::App& app, CommandLine& line) {
  add_verb(app, line, "targets", "List the targets that are there",
           [&line] { return list_targets(line.engine); });
}

}  // namespace lastref
