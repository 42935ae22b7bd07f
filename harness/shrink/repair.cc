#include "harness/shrink/repair.h"

#include <cstdint>
#include <iterator>

#include "harness/shrink/variable.h"

namespace lastref {
namespace {

bool reads(const Unit& unit, Variable variable) {
  return lastref::reads(unit.operation, variable) ||
         (has_body(unit.operation) && lastref::reads(unit.body, variable));
}

bool assigns(const Unit& unit, Variable variable) { return assigned(unit.operation) == variable; }

// The names that put `other` in the place of `variable` where it is read only.
Unit reading(Unit unit, Variable variable, std::uint8_t other) {
  Names names = kSameNames;
  names[variable.index] = other;
  const Unit before = unit;
  rename_variables({&unit.operation, 1}, variable.kind, names);
  if (has_body(unit.operation)) rename_variables({&unit.body, 1}, variable.kind, names);
  unit.operation.result = before.operation.result;
  unit.body.result = before.body.result;
  return unit;
}

}  // namespace

std::vector<std::vector<Unit>> repaired_without(const std::vector<Unit>& units, std::size_t index) {
  const Variable variable = assigned(units[index].operation);
  if (variable.kind == Result::NONE) return {};
  std::vector<Unit> before(units.begin(), units.begin() + static_cast<std::ptrdiff_t>(index));
  std::vector<Unit> without_readers = before;
  std::vector<std::size_t> readers;
  bool alive = true;  // not assigned again yet
  for (std::size_t i = index + 1; i < units.size(); ++i) {
    const bool reader = alive && reads(units[i], variable);
    if (reader) readers.push_back(i);
    if (!reader) without_readers.push_back(units[i]);
    if (assigns(units[i], variable)) alive = false;
  }
  if (readers.empty()) return {};
  std::vector<std::vector<Unit>> repaired{without_readers};
  for (std::uint8_t other = 0; other < result_range(variable.kind); ++other) {
    if (other == variable.index) continue;
    std::vector<Unit> instead = units;
    for (const std::size_t i : readers) instead[i] = reading(units[i], variable, other);
    instead.erase(instead.begin() + static_cast<std::ptrdiff_t>(index));
    repaired.push_back(std::move(instead));
  }
  return repaired;
}

}  // namespace lastref
