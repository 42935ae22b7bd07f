#include "harness/inject/program_draft.h"

#include <algorithm>

#include "harness/program/values.h"

namespace lastref {

ProgramDraft& ProgramDraft::add(Op code, std::initializer_list<std::uint8_t> operands,
                                std::uint8_t result) {
  if (!can(code)) return *this;
  Operation operation;
  operation.code = code;
  operation.result = result;
  std::copy(operands.begin(), operands.end(), operation.operand.begin());
  program_.append(operation);
  return *this;
}

ProgramDraft& ProgramDraft::add_body(const Operation& body) {
  Operation marked = body;
  marked.is_body = 1;
  program_.append(marked);
  return *this;
}

int value_index(OperandKind kind, std::int64_t value) {
  const auto pool = number_values(kind);
  const auto found = std::ranges::find(pool, value, &NumberValue::value);
  return found == pool.end() ? -1 : static_cast<int>(found - pool.begin());
}

Judgement predict(
    const Model& model, const Program& program,
    const std::function<void(const Operation&, const State&, const Expectation&)>& seen) {
  State state;
  Expectation expected;
  for (std::size_t i = 0; i < program.size; ++i) {
    const Operation& operation = program.operations[i];
    const Operation body = has_body(operation) ? program.operations[i + 1] : Operation{};
    const Legality legality = model.step(state, operation, body, expected);
    if (legality != Legality::kLegal) return {legality, static_cast<int>(i)};
    seen(operation, state, expected);
    if (has_body(operation)) ++i;
  }
  while (const auto operation = next_teardown(state, program.teardown)) {
    const Legality legality = model.step(state, *operation, Operation{}, expected);
    if (legality != Legality::kLegal) return {legality, program.size};
    seen(*operation, state, expected);
  }
  return {};
}

}  // namespace lastref
