// Numbers on the command line, with bounds that catch a slip of the keyboard.
#ifndef LASTREF_HARNESS_CLI_QUANTITY_H_
#define LASTREF_HARNESS_CLI_QUANTITY_H_

#include <cstdint>
#include <string_view>

#include "harness/generate/check.h"

namespace lastref {

// More programs than a year of a fast machine does.
inline constexpr std::uint64_t kMaxPrograms = 10'000'000'000'000;
inline constexpr std::uint64_t kMaxSeconds = 366ULL * 24 * 3600;

// A whole decimal number within bounds. Throws Failure (usage) that names the option.
std::uint64_t parse_number(std::string_view option, std::string_view text, std::uint64_t least,
                           std::uint64_t most);

// The same, in thousands or millions too: "300k", "2M".
std::uint64_t parse_count(std::string_view option, std::string_view text, std::uint64_t least,
                          std::uint64_t most);

// "100000", "300k", "2M" programs; "30s", "10m", "8h" of time. Throws Failure (usage).
Budget parse_budget(std::string_view text);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_QUANTITY_H_
