#include "harness/shrink/unit.h"

#include <algorithm>
#include <cstddef>

namespace lastref {

std::vector<Unit> units_of(const Program& program) {
  std::vector<Unit> units;
  for (std::size_t i = 0; i < program.size; ++i) {
    Unit unit{program.operations[i], {}};
    if (has_body(unit.operation) && i + 1 < program.size) unit.body = program.operations[++i];
    units.push_back(unit);
  }
  return units;
}

Program with_units(const Program& like, const std::vector<Unit>& units) {
  Program program;
  program.teardown = like.teardown;
  program.misuse = like.misuse;
  program.contract = like.contract;
  const auto gives = [](const Unit& unit) { return unit.operation.code == Op::BLOB_GIVE; };
  if (std::ranges::any_of(units, gives)) program.give(like.given_bytes());
  for (const Unit& unit : units) {
    program.append(unit.operation);
    if (has_body(unit.operation)) program.append(unit.body);
  }
  return program;
}

}  // namespace lastref
