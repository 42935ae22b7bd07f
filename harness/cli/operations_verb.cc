// `lastref operations`: the operation table as a manual page.

#include "harness/cli/files.h"
#include "harness/cli/verbs.h"
#include "harness/program/manual.h"

namespace lastref {

void add_operations_verb(CLI::App& app, CommandLine& line) {
  add_verb(app, line, "operations", "Print the manual of the trace language and its operations",
           [] {
             print_out(operations_manual());
             return ExitCode::kClean;
           });
}

}  // namespace lastref
