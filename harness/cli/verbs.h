// The verbs of the command line, one file each. add_x_verb() declares the verb's options; when the
// verb was given, its work runs while the command line is being parsed and leaves the exit code.
#ifndef LASTREF_HARNESS_CLI_VERBS_H_
#define LASTREF_HARNESS_CLI_VERBS_H_

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <functional>
#include <string>

#include "harness/cli/engine.h"
#include "harness/cli/exit_code.h"

namespace lastref {

struct CommandLine {
  const Engine& engine;
  std::string version;  // of lastref
  char** words;         // as main() got them
  ExitCode exit_code = ExitCode::kClean;
};

void add_check_verb(CLI::App& app, CommandLine& line);
void add_explore_verb(CLI::App& app, CommandLine& line);
void add_faults_verb(CLI::App& app, CommandLine& line);
void add_merge_verb(CLI::App& app, CommandLine& line);
void add_run_verb(CLI::App& app, CommandLine& line);
void add_shrink_verb(CLI::App& app, CommandLine& line);
void add_compare_verb(CLI::App& app, CommandLine& line);
void add_reproduce_verb(CLI::App& app, CommandLine& line);
void add_targets_verb(CLI::App& app, CommandLine& line);
void add_operations_verb(CLI::App& app, CommandLine& line);
void add_format_verb(CLI::App& app, CommandLine& line);
void add_contract_verb(CLI::App& app, CommandLine& line);
void add_build_adapter_verb(CLI::App& app, CommandLine& line);
void add_campaign_verb(CLI::App& app, CommandLine& line);
void add_mutants_verb(CLI::App& app, CommandLine& line);

// A verb whose options CLI11 fills before `work` runs. Words that are no option of it throw Failure
// (usage) with the nearest one.
CLI::App* add_verb(CLI::App& app, CommandLine& line, const std::string& name,
                   const std::string& description, std::function<ExitCode()> work);

// Reads and parses a trace. Throws Failure (usage) with file, line and column.
Program read_trace(const std::string& path);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_VERBS_H_
