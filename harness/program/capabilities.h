// Names of the capabilities that operations need: those of the operation table, in small letters
// and with '-' for '_'.
#ifndef LASTREF_HARNESS_PROGRAM_CAPABILITIES_H_
#define LASTREF_HARNESS_PROGRAM_CAPABILITIES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/program/operation_fault.h"

namespace lastref {

// Each name once, in the order of the table: those among `capabilities`.
std::vector<std::string> capability_names(std::uint64_t capabilities);

// LASTREF_CAN_*; nothing for a name that no operation needs.
std::optional<std::uint64_t> capability_named(std::string_view name);

// What a target must have for the fault; 0 for nothing, and for none.
std::uint64_t capability_of(const Fault& fault);

}  // namespace lastref

#endif  // LASTREF_HARNESS_PROGRAM_CAPABILITIES_H_
