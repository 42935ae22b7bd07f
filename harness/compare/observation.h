// What a program shows of a target, operation by operation, as the target's contract has it, and in
// what two such records differ.
#ifndef LASTREF_HARNESS_COMPARE_OBSERVATION_H_
#define LASTREF_HARNESS_COMPARE_OBSERVATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/model.h"
#include "harness/program/program.h"

namespace lastref {

// After one operation. What no public call tells is not compared.
struct Observation {
  State state;
  Expectation expected;
};

// One for each operation, bodies left out, up to the first that is not legal. `legal`: all were.
struct Record {
  std::vector<Observation> steps;
  bool legal = true;
};
Record record_of(const Contract& contract, const Program& program);

// The index in the program of the operation of that step.
int operation_of_step(const Program& program, std::size_t step);

// What is seen to differ: the result, a callback or a death, or a field of a session or a context.
enum class Seen : std::uint8_t {
  kResult,
  kEvents,
  kId,
  kIdContext,
  kTime,
  kTimeout,
  kResumable,
  kVersion,
  kExData,
  kNumber,
  kCacheFull,
};

struct SeenDifference {
  Seen what = Seen::kResult;
  std::uint8_t subject = 0;  // a session's or a context's number

  friend bool operator==(const SeenDifference&, const SeenDifference&) = default;
};

// The first that an application can see, whose library has these capabilities.
std::optional<SeenDifference> difference(const Operation& operation, const Observation& a,
                                         const Observation& b, std::uint64_t capabilities);

// What one target shows there: "304", "session 1 destroyed".
std::string seen_text(const SeenDifference& where, const Operation& operation,
                      const Observation& of);

// "the result", "the timeout of session 1".
std::string name_of(const SeenDifference& where);

}  // namespace lastref

#endif  // LASTREF_HARNESS_COMPARE_OBSERVATION_H_
