// `lastref run --valgrind`: a second opinion.
#ifndef LASTREF_HARNESS_CLI_VALGRIND_RUN_H_
#define LASTREF_HARNESS_CLI_VALGRIND_RUN_H_

#include <string>
#include <vector>

#include "harness/cli/valgrind_report.h"

namespace lastref {

// Throws Failure (could not run) that says what to install, where valgrind is missing or lastref
// was built without its header.
void require_valgrind();

// Runs this program again with these words behind its name, under memcheck, and returns what that
// found in the processes of the target. Throws Failure (could not run).
std::vector<ValgrindError> run_on_valgrind(const std::vector<std::string>& words);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_VALGRIND_RUN_H_
