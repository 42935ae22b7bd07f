// `lastref targets`: the adapters that are there, and what their libraries say of themselves.

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <memory>

#include "harness/cli/files.h"
#include "harness/cli/library_choice.h"
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
  auto library = std::make_shared<std::string>();
  CLI::App* verb = add_verb(app, line, "targets", "List the targets that are there", [&, library] {
    search_library_in(*library, line);
    return list_targets(line.engine);
  });
  add_library_option(*verb, *library);
}

}  // namespace lastref
