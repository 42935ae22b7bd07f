#include "harness/shrink/variable.h"

#include <algorithm>
#include <cstddef>

namespace lastref {
namespace {

static_assert(kMaxHandles >= kMaxContexts && kMaxHandles >= kMaxConnections &&
              kMaxHandles >= kMaxBlobs);

Result variable_of(OperandKind kind) {
  switch (kind) {
    case OperandKind::kSession:
    case OperandKind::kSessionOrNull:
      return Result::SESSION;
    case OperandKind::kContext:
      return Result::CONTEXT;
    case OperandKind::kConnection:
      return Result::CONNECTION;
    case OperandKind::kBlob:
      return Result::BLOB;
    default:
      return Result::NONE;
  }
}

// Calls visit(index) for each operand that names a variable of the kind. `arg` and `null` are none.
template <class AnyOperation, class Visit>
void for_each_operand(AnyOperation& operation, Result kind, Visit visit) {
  const OperationRow& of = row(operation.code);
  for (std::size_t j = 0; j < of.operands.size(); ++j) {
    auto& index = operation.operand[j];
    if (variable_of(operand_kind(of, j)) == kind && index < kMaxHandles) visit(index);
  }
}

// The same for what it assigns, which comes after what it reads.
template <class AnyOperation, class Visit>
void for_each_variable(AnyOperation& operation, Result kind, Visit visit) {
  for_each_operand(operation, kind, visit);
  if (row(operation.code).result == kind) visit(operation.result);
}

}  // namespace

Variable assigned(const Operation& operation) {
  const Result kind = row(operation.code).result;
  if (kind == Result::NONE) return {};
  return {kind, operation.result};
}

bool reads(const Operation& operation, Variable variable) {
  bool found = false;
  for_each_operand(operation, variable.kind,
                   [&](std::uint8_t index) { found = found || index == variable.index; });
  return found;
}

std::uint32_t variables_used(const Program& program, Result kind) {
  std::uint32_t used = 0;
  for (const Operation& operation : program.view()) {
    for_each_variable(operation, kind, [&](std::uint8_t index) { used |= 1U << index; });
  }
  return used;
}

void rename_variables(std::span<Operation> operations, Result kind, const Names& names) {
  for (Operation& operation : operations) {
    for_each_variable(operation, kind, [&](std::uint8_t& index) { index = names[index]; });
  }
}

Names names_by_first_use(const Program& program, Result kind) {
  constexpr std::uint8_t kUnnamed = kMaxHandles;
  Names names{};
  names.fill(kUnnamed);
  std::uint8_t next = 0;
  for (const Operation& operation : program.view()) {
    for_each_variable(operation, kind, [&](std::uint8_t index) {
      if (names[index] == kUnnamed) names[index] = next++;
    });
  }
  std::replace(names.begin(), names.end(), kUnnamed, std::uint8_t{0});  // not used: any will do
  return names;
}

}  // namespace lastref
