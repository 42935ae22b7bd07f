// `lastref contract TARGET`: what the manuals leave open, and what the target chose.

#include <fmt/format.h>

#include <memory>

#include "harness/cli/files.h"
#include "harness/cli/library_choice.h"
#include "harness/cli/target_choice.h"
#include "harness/cli/verbs.h"

namespace lastref {
namespace {

ExitCode print_contract(const Engine& engine, const std::string& target) {
  require_targets(engine, {target});
  Contract contract;
  const std::string error = engine.target_contract(target, &contract);
  if (!error.empty()) throw Failure(ExitCode::kCouldNotRun, target + ": " + error);
  const Contract manual;
  for (const SwitchRow& row : switch_table()) {
    const bool differs = contract.value(row.id) != manual.value(row.id);
    print_out(fmt::format("{} = {}{}\n  {}\n  {}\n", row.name, contract.text(row.id),
                          differs ? fmt::format("  (default: {})", manual.text(row.id)) : "",
                          row.question, row.source));
  }
  return ExitCode::kClean;
}

}  // namespace

void add_contract_verb(CLI::App& app, CommandLine& line) {
  auto target = std::make_shared<std::string>();
  auto library = std::make_shared<std::string>();
  CLI::App* verb =
      add_verb(app, line, "contract", "Print what the manuals leave open and a target chose",
               [&line, target, library] {
                 search_library_in(*library, line);
                 return print_contract(line.engine, *target);
               });
  verb->add_option("TARGET", *target, "A name that 'lastref targets' lists, or an adapter's path")
      ->required();
  add_library_option(*verb, *library);
}

}  // namespace lastref
