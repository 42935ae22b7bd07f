// The variables that operations name: handles of sessions, contexts, connections and blobs.
#ifndef LASTREF_HARNESS_SHRINK_VARIABLE_H_
#define LASTREF_HARNESS_SHRINK_VARIABLE_H_

#include <array>
#include <cstdint>
#include <span>

#include "harness/program/operation.h"
#include "harness/program/program.h"

namespace lastref {

struct Variable {
  Result kind = Result::NONE;  // of what it is a variable; NONE: of nothing
  std::uint8_t index = 0;
  friend bool operator==(const Variable&, const Variable&) = default;
};

inline constexpr std::array kVariableKinds{Result::SESSION, Result::CONTEXT, Result::CONNECTION,
                                           Result::BLOB};

// What the operation assigns; of kind NONE for one that assigns nothing.
Variable assigned(const Operation& operation);

// Whether an operand of it names the variable. What it assigns does not count.
bool reads(const Operation& operation, Variable variable);

// The indices of that kind's variables that the program names anywhere, a bit each.
std::uint32_t variables_used(const Program& program, Result kind);

// Which name each of a kind's variables gets; result_range(kind) of them.
using Names = std::array<std::uint8_t, kMaxHandles>;
inline constexpr Names kSameNames{0, 1, 2, 3, 4, 5, 6, 7};

// Gives the kind's variables other names, in operands and in what is assigned.
void rename_variables(std::span<Operation> operations, Result kind, const Names& names);

// The names that number the kind's variables in the order of their first use.
Names names_by_first_use(const Program& program, Result kind);

}  // namespace lastref

#endif  // LASTREF_HARNESS_SHRINK_VARIABLE_H_
