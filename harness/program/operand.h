// The words that operands have in traces: those of handles ("s0", "arg", "c1") and those of the
// values in the pools ("id_a", "300").
#ifndef LASTREF_HARNESS_PROGRAM_OPERAND_H_
#define LASTREF_HARNESS_PROGRAM_OPERAND_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "harness/program/operation.h"

namespace lastref {

// A kind of operand, for the reader of a message and of the manual.
struct OperandKindRow {
  OperandKind kind;
  std::string_view name;         // "a session"
  std::string_view placeholder;  // "SESSION"
  bool is_handle;
};

// Every kind of operand, once.
std::span<const OperandKindRow> operand_kinds();

// The row of `kind`, which must be one of the table's.
const OperandKindRow& row(OperandKind kind);

// The word of an operand: "s0", "id_a". "?" for an index out of range.
std::string_view operand_word(OperandKind kind, std::uint8_t index);

// The index that `word` names among operands of this kind, or nothing.
std::optional<std::uint8_t> operand_named(OperandKind kind, std::string_view word);

// All words of a kind by index: operand_range(kind) of them. They live as long as the process.
std::vector<std::string_view> operand_words(OperandKind kind);

// The kind of the variables that hold such a result, of which a result has the first
// result_range(result) words; kSession for NONE, which has no variable.
OperandKind variable_kind(Result result);

}  // namespace lastref

#endif  // LASTREF_HARNESS_PROGRAM_OPERAND_H_
