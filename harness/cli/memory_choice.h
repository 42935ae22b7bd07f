// How closely blocks are watched: the value of --memory.
#ifndef LASTREF_HARNESS_CLI_MEMORY_CHOICE_H_
#define LASTREF_HARNESS_CLI_MEMORY_CHOICE_H_

#include <string_view>

#include "harness/memory/memory_tier.h"

namespace lastref {

// "guard-all". Throws Failure (usage).
MemoryTier parse_memory(std::string_view text);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_MEMORY_CHOICE_H_
