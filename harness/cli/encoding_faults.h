// `lastref faults --encodings`: encoded sessions that are damaged, and what targets make of them.
#ifndef LASTREF_HARNESS_CLI_ENCODING_FAULTS_H_
#define LASTREF_HARNESS_CLI_ENCODING_FAULTS_H_

#include <string>
#include <vector>

#include "harness/cli/exit_code.h"
#include "harness/cli/finding_options.h"
#include "harness/cli/verbs.h"

namespace lastref {

// As the command line has it: text, so that a wrong value gets a message of ours.
struct EncodingWords {
  std::string budget;
  std::string jobs = "1";
  std::string memory = "guard";
};

ExitCode run_encoding_faults(const CommandLine& line, const FindingWords& finding,
                             const EncodingWords& words, const std::vector<std::string>& targets,
                             const std::string& seed);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_ENCODING_FAULTS_H_
