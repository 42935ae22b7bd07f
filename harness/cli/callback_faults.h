// `lastref faults --callbacks`: every answer of the callbacks, and every operation from inside
// each.
#ifndef LASTREF_HARNESS_CLI_CALLBACK_FAULTS_H_
#define LASTREF_HARNESS_CLI_CALLBACK_FAULTS_H_

#include <string>
#include <vector>

#include "harness/cli/exit_code.h"
#include "harness/cli/finding_options.h"
#include "harness/cli/verbs.h"

namespace lastref {

// `programs` is the directory that the programs are written into as traces; empty for none.
ExitCode run_callback_faults(const CommandLine& line, const FindingWords& finding,
                             const std::vector<std::string>& targets, const std::string& programs);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_CALLBACK_FAULTS_H_
