#include "harness/model/model.h"

#include "harness/model/stepper.h"

namespace lastref {

std::string_view name(Legality legality) {
  switch (legality) {
    case Legality::kLegal:
      return "legal";
    case Legality::kDoubleFree:
      return "frees a reference that was given back before";
    case Legality::kBorrowedFree:
      return "frees a session that the application never acquired";
    case Legality::kDeadSession:
      return "uses a session that is destroyed";
    case Legality::kTwoContexts:
      return "uses one session with two contexts";
    case Legality::kLosesReference:
      return "overwrites the last pointer to a reference";
    case Legality::kNoObject:
      return "uses a handle that holds nothing";
    case Legality::kDeadContext:
      return "leads a servername callback to a context that is destroyed";
    case Legality::kOccupied:
      return "makes an object in a place that is still taken";
    case Legality::kNotReady:
      return "uses a connection before its handshake, or behind it, where it must not";
    case Legality::kNotFresh:
      return "decodes into an object that is not newly allocated";
    case Legality::kInsideCallback:
      return "does inside a callback what it must not, or what no manual speaks of";
    case Legality::kFixedKey:
      return "gives another id or version to a session that a cache links";
    case Legality::kTooMany:
      return "exceeds a bound of the harness";
    case Legality::kHazard:
      return "meets the precondition of a known bug";
  }
  return "unknown";
}

Misuse misuse_of(Legality legality) {
  switch (legality) {
    case Legality::kDoubleFree:
      return Misuse::kDoubleFree;
    case Legality::kBorrowedFree:
      return Misuse::kBorrowedFree;
    case Legality::kDeadSession:
      return Misuse::kUseAfterFree;
    case Legality::kTwoContexts:
      return Misuse::kTwoContexts;
    case Legality::kLosesReference:
      return Misuse::kLeak;
    default:
      return Misuse::kNone;
  }
}

Legality Model::step(State& state, const Operation& operation, const Operation& body,
                     Expectation& expected, int choice) const {
  expected.clear();
  Stepper stepper(contract_, state, expected, choice);
  const Legality legality = stepper.run(operation, body);
  return legality == Legality::kLegal ? stepper.end_contexts() : legality;
}

Judgement judge(const Model& model, const Program& program) {
  State state;
  Expectation expected;
  for (int i = 0; i < program.size; ++i) {
    const Operation& operation = program.operations[static_cast<std::size_t>(i)];
    Operation body;
    if (has_body(operation) && i + 1 < program.size) {
      body = program.operations[static_cast<std::size_t>(i) + 1];
    }
    const Legality legality = model.step(state, operation, body, expected);
    if (legality != Legality::kLegal) return {legality, i};
    if (has_body(operation)) ++i;
  }
  while (const auto operation = next_teardown(state, program.teardown)) {
    const Legality legality = model.step(state, *operation, Operation{}, expected);
    if (legality != Legality::kLegal) return {legality, program.size};
  }
  return {};
}

}  // namespace lastref
