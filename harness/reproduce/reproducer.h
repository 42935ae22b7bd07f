// A program as C source that needs nothing but the library: who holds which reference stands in its
// comments, and what the library must do is asserted.
#ifndef LASTREF_HARNESS_REPRODUCE_REPRODUCER_H_
#define LASTREF_HARNESS_REPRODUCE_REPRODUCER_H_

#include <string>

#include "harness/execute/symptom.h"
#include "harness/program/program.h"
#include "harness/reproduce/dialect.h"
#include "harness/vocabulary/contract.h"

namespace lastref {

struct ReproducerInput {
  const Dialect* dialect = nullptr;
  Program program;
  Contract contract;    // of the target, with the hazards that are on
  Symptoms symptoms;    // what the program came to on the target; empty for nothing
  std::string version;  // of the library: "OpenSSL 3.0.22 25 Aug 2026"
};

// Whether valgrind must watch the program: the damage is to memory.
enum class Checker {
  kNotNeeded,
  kPerhaps,  // a program that ends with 0 may have been lucky
  kNeeded,
};

struct Reproducer {
  std::string lacks;  // not empty: what the dialect has no C for; then there is no source
  std::string source;
  Checker checker = Checker::kNotNeeded;
};

// Deterministic: the same input, the same bytes.
Reproducer reproduce(const ReproducerInput& input);

// How valgrind is told to fail for what it finds.
inline constexpr const char* kChecker =
    "valgrind -q --error-exitcode=1 --leak-check=full --errors-for-leak-kinds=definite";

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPRODUCE_REPRODUCER_H_
