// What `--without` says: capabilities that a search makes no use of.
#ifndef LASTREF_HARNESS_CLI_CAPABILITY_CHOICE_H_
#define LASTREF_HARNESS_CLI_CAPABILITY_CHOICE_H_

#include <cstdint>
#include <string_view>

namespace lastref {

// Names separated by commas. Throws a usage failure for a name that is none, and for sessions and
// contexts, which every program has.
std::uint64_t parse_without(std::string_view text);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_CAPABILITY_CHOICE_H_
