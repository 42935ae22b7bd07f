// Targets as the command line names them: an adapter that was found, or the path of one.
#ifndef LASTREF_HARNESS_CLI_TARGET_CHOICE_H_
#define LASTREF_HARNESS_CLI_TARGET_CHOICE_H_

#include <string>
#include <vector>

#include "harness/cli/engine.h"

namespace lastref {

// Throws Failure (usage) for a name that no adapter has, with the nearest one, and for a path that
// cannot be read. Whether an adapter can be started shows only when it is.
void require_targets(const Engine& engine, const std::vector<std::string>& targets);

// The name under which the baseline knows a target: "openssl" of ".../lastref-target-openssl.so".
std::string target_name(const std::string& target);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_TARGET_CHOICE_H_
