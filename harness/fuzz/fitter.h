// Makes an operation fit a state: operands that name nothing are renamed to what exists.
//
// It is how bytes of no meaning come to be programs that do something: a fuzzer's input, cut and
// spliced, names handles that hold nothing by then. What is renamed is a function of the state and
// the operation alone, so that the same bytes are the same program for ever.
#ifndef LASTREF_HARNESS_FUZZ_FITTER_H_
#define LASTREF_HARNESS_FUZZ_FITTER_H_

#include <lastref/target_abi.h>

#include <cstdint>

#include "harness/generate/generator.h"
#include "harness/model/state.h"

namespace lastref {

// Capabilities that a fuzzer without handshakes makes no use of. One handshake costs as much as
// fifty programs.
inline constexpr std::uint64_t kHandshakeCapabilities = LASTREF_CAN_HANDSHAKE | LASTREF_CAN_TLS13;

class Fitter {
 public:
  // Operations that need a capability which is not among these never fit.
  explicit Fitter(std::uint64_t capabilities) : capabilities_(capabilities) {}

  // False when the state has nothing that the operation could be about, or no room for its result;
  // `draft` is then unspecified. True is no promise that it is legal: the model has the last word.
  // An operation whose operands all exist stays as it is.
  bool fit(const State& state, Draft& draft) const;

 private:
  bool fit_operation(const State& state, Operation& operation) const;

  std::uint64_t capabilities_;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_FUZZ_FITTER_H_
