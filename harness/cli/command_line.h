// The `lastref` command.
#ifndef LASTREF_HARNESS_CLI_COMMAND_LINE_H_
#define LASTREF_HARNESS_CLI_COMMAND_LINE_H_

#include <string>

#include "harness/cli/engine.h"

namespace lastref {

// Parses the words of the command line, does what they say, prints, and returns the exit code.
// Throws nothing.
int run_command_line(int count, char** words, const Engine& engine, const std::string& version);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_COMMAND_LINE_H_
