// A program in the making, for a target that has not every operation.
#ifndef LASTREF_HARNESS_INJECT_PROGRAM_DRAFT_H_
#define LASTREF_HARNESS_INJECT_PROGRAM_DRAFT_H_

#include <cstdint>
#include <functional>
#include <initializer_list>

#include "harness/model/model.h"
#include "harness/program/program.h"

namespace lastref {

class ProgramDraft {
 public:
  explicit ProgramDraft(std::uint64_t capabilities) : capabilities_(capabilities) {}

  bool can(Op code) const { return (row(code).capability & ~capabilities_) == 0; }
  // Adds the operation, if the target has it; operands by their indices. `result` is the variable.
  ProgramDraft& add(Op code, std::initializer_list<std::uint8_t> operands = {},
                    std::uint8_t result = 0);
  ProgramDraft& add_body(const Operation& body);

  const Program& program() const { return program_; }

 private:
  std::uint64_t capabilities_;
  Program program_;
};

// The index of a number in its kind's pool; -1 for one that the pool has not.
int value_index(OperandKind kind, std::int64_t value);

// Calls `seen` behind each operation of the program, and says how the program's prediction ends.
Judgement predict(
    const Model& model, const Program& program,
    const std::function<void(const Operation&, const State&, const Expectation&)>& seen);

}  // namespace lastref

#endif  // LASTREF_HARNESS_INJECT_PROGRAM_DRAFT_H_
