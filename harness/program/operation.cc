#include "harness/program/operation.h"

#include <lastref/target_abi.h>

#include "harness/program/values.h"

namespace lastref {

static_assert(kCrowd == LASTREF_CROWD);
namespace {

static_assert(kOperationLimit == LASTREF_OP_LIMIT);

constexpr OperationRow kTable[] = {
#define LASTREF_OPERATION(number, id, name, result, operands, effect, capability, weight, c) \
  OperationRow{Op::id,      #id,                                                             \
               name,        Result::result,                                                  \
               operands,    Effect::effect,                                                  \
               #capability, LASTREF_CAN_##capability,                                        \
               weight,      c},
#include "harness/program/include/lastref/operations.def"
#undef LASTREF_OPERATION
};

constexpr std::array<OperationRow, kOperationLimit> by_number() {
  std::array<OperationRow, kOperationLimit> rows{};
  for (const OperationRow& of : kTable) rows[static_cast<std::size_t>(of.code)] = of;
  return rows;
}

}  // namespace

constinit const std::array<OperationRow, kOperationLimit> internal::kRowOf = by_number();

std::span<const OperationRow> operation_table() { return kTable; }

std::optional<Op> operation_named(std::string_view name) {
  for (const OperationRow& of : kTable) {
    if (of.name == name) return of.code;
  }
  return std::nullopt;
}

int operand_range(OperandKind kind) {
  switch (kind) {
    case OperandKind::kSession:
      return kArgumentHandle + 1;
    case OperandKind::kSessionOrNull:
      return kSessionOperands;
    case OperandKind::kContext:
      return kMaxContexts;
    case OperandKind::kConnection:
      return kMaxConnections;
    case OperandKind::kBlob:
      return kMaxBlobs;
    default:
      return static_cast<int>(byte_values(kind).size() + number_values(kind).size());
  }
}

int result_range(Result result) {
  switch (result) {
    case Result::NONE:
      return 1;
    case Result::SESSION:
      return kMaxHandles;
    case Result::CONTEXT:
      return kMaxContexts;
    case Result::CONNECTION:
      return kMaxConnections;
    case Result::BLOB:
      return kMaxBlobs;
  }
  return 1;
}

}  // namespace lastref
