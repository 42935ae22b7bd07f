#include "harness/program/capabilities.h"

#include <lastref/target_abi.h>

#include <algorithm>

#include "harness/program/operation.h"

namespace lastref {
namespace {

std::string name_of(const OperationRow& row) {
  std::string name(row.capability_name);
  std::ranges::transform(name, name.begin(), [](char letter) {
    if (letter == '_') return '-';
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return name;
}

// What no operation needs, but a fault.
struct FaultCapability {
  std::uint64_t bit;
  std::string_view name;
};
constexpr FaultCapability kOfFaults[] = {
    {LASTREF_CAN_DAMAGE_FLIGHTS, "damage-flights"},
    {LASTREF_CAN_FAIL_RANDOM, "fail-random"},
    {LASTREF_CAN_FAIL_LOCK, "fail-lock"},
};

}  // namespace

std::vector<std::string> capability_names(std::uint64_t capabilities) {
  std::vector<std::string> names;
  std::uint64_t left = capabilities;
  for (const OperationRow& row : operation_table()) {
    if ((row.capability & left) == 0) continue;
    left &= ~row.capability;
    names.push_back(name_of(row));
  }
  for (const FaultCapability& of : kOfFaults) {
    if ((of.bit & left) != 0) names.emplace_back(of.name);
  }
  return names;
}

std::optional<std::uint64_t> capability_named(std::string_view name) {
  for (const OperationRow& row : operation_table()) {
    if (name_of(row) == name) return row.capability;
  }
  for (const FaultCapability& of : kOfFaults) {
    if (of.name == name) return of.bit;
  }
  return std::nullopt;
}

std::uint64_t capability_of(const Fault& fault) {
  if (!fault.any()) return 0;
  switch (fault.kind()) {
    case FaultKind::kRandom:
      return LASTREF_CAN_FAIL_RANDOM;
    case FaultKind::kLock:
      return LASTREF_CAN_FAIL_LOCK;
    case FaultKind::kFlight:
      return LASTREF_CAN_DAMAGE_FLIGHTS;
    case FaultKind::kAllocation:
      break;
  }
  return 0;
}

}  // namespace lastref
