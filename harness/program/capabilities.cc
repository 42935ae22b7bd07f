#include "harness/program/capabilities.h"

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

}  // namespace

std::vector<std::string> capability_names(std::uint64_t capabilities) {
  std::vector<std::string> names;
  std::uint64_t left = capabilities;
  for (const OperationRow& row : operation_table()) {
    if ((row.capability & left) == 0) continue;
    left &= ~row.capability;
    names.push_back(name_of(row));
  }
  return names;
}

std::optional<std::uint64_t> capability_named(std::string_view name) {
  for (const OperationRow& row : operation_table()) {
    if (name_of(row) == name) return row.capability;
  }
  return std::nullopt;
}

}  // namespace lastref
