// `lastref contract TARGET...`: what the manuals leave open, and what the targets chose.

#include <fmt/format.h>

#include <memory>

#include "harness/cli/files.h"
#include "harness/cli/library_choice.h"
#include "harness/cli/target_choice.h"
#include "harness/cli/verbs.h"
#include "harness/report/contract_text.h"

namespace lastref {
namespace {

struct Options {
  std::vector<std::string> targets;
  std::string library;
  bool markdown = false;
};

TargetContract contract_of(const Engine& engine, const std::string& target) {
  TargetContract result;
  result.target = target_name(target);
  const std::string error = engine.target_contract(target, &result.contract);
  if (!error.empty()) throw Failure(ExitCode::kCouldNotRun, target + ": " + error);
  return result;
}

ExitCode print_contract(const CommandLine& line, const Options& options) {
  search_library_in(options.library, line);
  std::vector<std::string> names = options.targets;
  if (names.empty()) {
    if (!options.markdown) {
      throw usage_failure("contract: found no target, expected one; 'lastref targets' lists them");
    }
    for (const TargetEntry& entry : line.engine.list_targets()) names.push_back(entry.name);
  }
  require_targets(line.engine, names);
  std::vector<TargetContract> contracts;
  contracts.reserve(names.size());
  for (const std::string& name : names) contracts.push_back(contract_of(line.engine, name));
  if (options.markdown) {
    print_out(contract_markdown(contracts));
    return ExitCode::kClean;
  }
  for (const TargetContract& of : contracts) {
    if (contracts.size() > 1) print_out(fmt::format("[{}]\n", of.target));
    print_out(contract_text(of.contract));
  }
  return ExitCode::kClean;
}

}  // namespace

void add_contract_verb(CLI::App& app, CommandLine& line) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      add_verb(app, line, "contract", "Print what the manuals leave open and a target chose",
               [&line, options] { return print_contract(line, *options); });
  verb->add_option("TARGET", options->targets,
                   "Names that 'lastref targets' lists, or paths (with --markdown: default all)");
  verb->add_flag("--markdown", options->markdown, "Print the page docs/contract.md");
  add_library_option(*verb, options->library);
}

}  // namespace lastref
