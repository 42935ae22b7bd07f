#include "harness/cli/memory_choice.h"

#include <fmt/format.h>

#include "harness/cli/exit_code.h"
#include "harness/program/trace_words.h"

namespace lastref {

MemoryTier parse_memory(std::string_view text) {
  const auto tier = memory_tier_named(text);
  if (!tier) {
    throw usage_failure(fmt::format(
        "--memory: found {}, expected count, quarantine, guard or guard-all", show_word(text)));
  }
  return *tier;
}

}  // namespace lastref
