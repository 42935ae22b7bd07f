// The model: what each operation must do, and whether a program may ask for it.
//
// An automaton over events (event.h): a step takes the state and an operation, says whether the
// contract allows it, and if so moves the state on and writes down every event and the result that
// the operation must show. Where the manual grants several endings, `choice` selects one of them.
#ifndef LASTREF_HARNESS_MODEL_MODEL_H_
#define LASTREF_HARNESS_MODEL_MODEL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "harness/model/event.h"
#include "harness/model/state.h"
#include "harness/program/program.h"
#include "harness/vocabulary/contract.h"

namespace lastref {

// Why a program may not ask for an operation. Every value but kLegal names a rule.
enum class Legality : std::uint8_t {
  kLegal,
  kDoubleFree,      // SSL_SESSION_free(3): the reference was given back before
  kBorrowedFree,    // SSL_SESSION_free(3): "must not be called on other SSL_SESSION objects"
  kDeadSession,     // the session is destroyed
  kTwoContexts,     // SSL_set_session(3): "must therefore only be used with one SSL_CTX object"
  kLosesReference,  // the last pointer to a reference of the application would be overwritten
  kNoObject,        // the handle, context, connection or blob holds nothing
  kDeadContext,     // a servername callback would switch to a context that is destroyed
  kOccupied,        // the context or connection is still there
  kNotReady,        // a connection has shaken hands, or not yet, where the other is needed
  kNotFresh,        // d2i_X509(3): reuse only of a newly allocated, unmodified object
  kInsideCallback,  // what a callback may not do, or no source says that it may
  kFixedKey,        // a new id or version for a session that a cache links, where it must not be
  kTooMany,         // a bound of limits.h, or of the model: what no source says
  kHazard,          // a known bug lies there, and its hazard is on
};
std::string_view name(Legality legality);

// The misuse that a broken rule amounts to; kNobody for rules that are no misuse of references.
Misuse misuse_of(Legality legality);

class Model {
 public:
  explicit Model(const Contract& contract) : contract_(contract) {}

  const Contract& contract() const { return contract_; }

  // Carries `operation` out on `state`. When it is legal: the new state, and all that must be seen
  // in `expected`, which is cleared first; `choice` is below expected.choices of choice 0. When it
  // is not: `state` is as it was, unless a callback's body broke a rule halfway (then it is
  // unspecified; may_run_body tells when to keep a copy). `body` is the operation that a
  // `... do` installs, else ignored. Takes no memory, never fails.
  Legality step(State& state, const Operation& operation, const Operation& body,
                Expectation& expected, int choice = 0) const;

  // Whether a step may have several endings, so that the state before it must be kept.
  static bool may_choose(const State& state, const Operation& operation) {
    switch (operation.code) {
      case Op::D2I:
      case Op::D2I_FRESH:
        return state.blobs[operation.operand[0]].damaged != 0;
      case Op::D2I_INTO:
        return state.blobs[operation.operand[1]].damaged != 0;
      default:
        return false;
    }
  }

  // Whether a step may run a callback's body, so that its legality shows only halfway.
  static bool may_run_body(const State& state) {
    static_assert(kMaxContexts == 2);
    const bool first = state.contexts[0].on_remove == kOnRemoveDo;
    const bool second = state.contexts[1].on_remove == kOnRemoveDo;
    const bool inside = (state.contexts[0].acting | state.contexts[1].acting) != 0;
    return first | second | inside;
  }

 private:
  Contract contract_;
};

// How a program lets go of what the application holds, one operation at a time. It remembers what
// it has been through, so that a teardown is one pass over what there is.
class TeardownWalk {
 public:
  explicit TeardownWalk(Teardown teardown) : teardown_(teardown), stages_(stages(teardown)) {}

  // The next operation, or nothing when the application holds nothing more. Each is legal in the
  // state it is asked for, which must be the one that the operations before have led to.
  std::optional<Operation> next(const State& state);

 private:
  // The next one in a stage, whose places without anything left leave `left_`.
  std::optional<Operation> in_stage(const State& state, TeardownStage stage);

  Teardown teardown_;
  std::array<TeardownStage, 3> stages_;
  std::size_t stage_ = 0;
  int body_ = 0;  // the context whose callback's body is looked at
  static constexpr std::uint32_t kAllPlaces = ~std::uint32_t{0};
  std::uint32_t left_ = kAllPlaces;  // the places of the stage that may hold something, a bit each
};

// The first operation of the walk that is left in this state.
std::optional<Operation> next_teardown(const State& state, Teardown teardown);

// How a program's prediction ends, with no target: the first operation that breaks a rule.
struct Judgement {
  Legality legality = Legality::kLegal;
  int operation = -1;  // index; the program's size for a rule broken at teardown
};
Judgement judge(const Model& model, const Program& program);

}  // namespace lastref

#endif  // LASTREF_HARNESS_MODEL_MODEL_H_
