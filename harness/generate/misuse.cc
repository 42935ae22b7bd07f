#include "harness/generate/misuse.h"

#include <algorithm>
#include <iterator>

namespace lastref {
namespace {

// What may be asked of a session that is gone.
constexpr Op kUses[] = {Op::SESSION_UP_REF, Op::GET_ID,    Op::SET_ID,       Op::GET_TIMEOUT,
                        Op::SET_TIMEOUT,    Op::CACHE_ADD, Op::CACHE_REMOVE, Op::SET_SESSION};

// A random operation that might break the rule in this state; the model decides.
std::optional<Operation> propose(Misuse kind, const State& state, Random& random) {
  const auto handle = static_cast<std::uint8_t>(random.below(kMaxHandles));
  const auto other = static_cast<std::uint8_t>(random.below(kMaxContexts));
  if (state.handles[handle] == kNobody) return std::nullopt;
  Operation operation;
  operation.operand[0] = handle;
  switch (kind) {
    case Misuse::kDoubleFree:
    case Misuse::kBorrowedFree:
      operation.code = Op::SESSION_FREE;
      return operation;
    case Misuse::kLeak:
      operation.code = Op::SESSION_FORGET;
      return operation;
    case Misuse::kTwoContexts:
      operation.code = Op::CACHE_ADD;
      operation.operand = {other, handle, 0, 0};
      return operation;
    case Misuse::kUseAfterFree: {
      operation.code = kUses[random.below(std::size(kUses))];
      const OperandKind first = operand_kind(row(operation.code), 0);
      if (first == OperandKind::kContext) operation.operand = {other, handle, 0, 0};
      if (first == OperandKind::kConnection) {
        operation.operand = {static_cast<std::uint8_t>(random.below(kMaxConnections)), handle, 0,
                             0};
      }
      return operation;
    }
    case Misuse::kNone:
      break;
  }
  return std::nullopt;
}

// Proposals for each place; a rule that can be broken there is met by a random one in sixteen.
constexpr int kProposals = 16;

}  // namespace

std::optional<Program> break_rule(const Model& model, const Program& legal, Misuse kind,
                                  Random& random) {
  std::optional<Program> chosen;
  std::uint32_t occasions = 0;
  State state;
  Expectation expected;
  for (std::uint8_t i = 0; i < legal.size; ++i) {
    const Operation& operation = legal.operations[i];
    const bool pair = has_body(operation);
    if (model.step(state, operation, pair ? legal.operations[i + 1U] : Operation{}, expected) !=
        Legality::kLegal) {
      break;
    }
    if (pair) ++i;
    for (int proposal = 0; proposal < kProposals; ++proposal) {
      const auto wrong = propose(kind, state, random);
      if (!wrong) continue;
      State tried = state;
      if (misuse_of(model.step(tried, *wrong, Operation{}, expected)) != kind) continue;
      // Each place is chosen with the same chance, whichever come after it.
      if (!random.one_in(++occasions)) break;
      Program program = legal;
      program.size = static_cast<std::uint8_t>(i + 1);
      std::fill(program.operations.begin() + program.size, program.operations.end(), Operation{});
      program.misuse = kind;
      program.misuse_at = program.size;
      if (program.append(*wrong)) chosen = program;
      break;
    }
  }
  return chosen;
}

std::optional<Program> random_misuse_program(const Model& model, const Mix& mix,
                                             const ProgramSeed& which, Misuse kind) {
  const Program legal = predict_random_program(model, mix, which);
  Random random(which.seed ^ static_cast<std::uint64_t>(kind), which.index);
  return break_rule(model, legal, kind, random);
}

Program without_misuse(const Program& program) {
  Program kept = program;
  if (program.misuse == Misuse::kNone) return kept;
  kept.misuse = Misuse::kNone;
  kept.misuse_at = 0;
  kept.size = program.misuse_at;
  // Not the first half of an operation with a body.
  if (kept.size > 0 && has_body(kept.operations[kept.size - 1U])) --kept.size;
  std::fill(kept.operations.begin() + kept.size, kept.operations.end(), Operation{});
  return kept;
}

}  // namespace lastref
