#include "harness/cli/capability_choice.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <lastref/target_abi.h>

#include <algorithm>
#include <string>
#include <vector>

#include "harness/cli/exit_code.h"
#include "harness/program/capabilities.h"
#include "harness/program/suggestion.h"
#include "harness/program/trace_words.h"

namespace lastref {

std::uint64_t parse_without(std::string_view text) {
  constexpr std::uint64_t kEveryProgram = LASTREF_CAN_SESSION | LASTREF_CAN_CONTEXT;
  std::uint64_t without = 0;
  while (true) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view word = text.substr(0, comma);
    const auto capability = capability_named(word);
    if (!capability || (*capability & kEveryProgram) != 0) {
      const auto names = capability_names(~kEveryProgram);
      const std::vector<std::string_view> candidates(names.begin(), names.end());
      const std::string meant = did_you_mean(word, candidates);
      throw usage_failure(fmt::format(
          "--without: found {}, expected capabilities separated by commas; {}", show_word(word),
          meant.empty() ? fmt::format("they are {}", fmt::join(names, ", ")) : meant));
    }
    without |= *capability;
    if (comma == text.size()) return without;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace lastref
