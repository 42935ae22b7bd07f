// A finding: a verdict that fails, reproduced, shrunk, and grouped with its like.
#ifndef LASTREF_HARNESS_EXECUTE_FINDING_H_
#define LASTREF_HARNESS_EXECUTE_FINDING_H_

#include <cstdint>
#include <string>

#include "harness/execute/memory_fault.h"
#include "harness/execute/struck_operation.h"
#include "harness/execute/symptom.h"
#include "harness/program/program.h"
#include "harness/vocabulary/contract.h"

namespace lastref {

// What makes two findings the same: verdict, what differs, at which kind of operation, and whether
// in the program or at its teardown.
struct Signature {
  Verdict verdict = Verdict::kNone;
  Discrepancy what = Discrepancy::kNone;
  Op code = Op::SESSION_NEW;

  friend auto operator<=>(const Signature&, const Signature&) = default;
};
inline Signature signature(const Symptom& cause) { return {cause.verdict, cause.what, cause.code}; }
// "wrong-callback/missing-callback/add": stable, used in baselines and as a file name.
std::string text(const Signature& signature);

struct Finding {
  std::string target;             // "openssl"
  std::string version;            // what the library says
  Program program;                // minimal
  Program original;               // as generated
  Symptoms symptoms;              // of the minimal program; symptoms.cause() is the cause
  MemoryEvidence memory;          // of the minimal program, where it touched what it must not
  StruckEvidence struck;          // of the minimal program, where something fails in it
  std::uint64_t index = 0;        // of the program in the run: the first that showed it
  std::uint64_t occurrences = 1;  // programs of the run with this signature before shrinking
  // False when a fresh process did not show it again; it is then listed apart and convicts nobody.
  bool reproduced = true;
  // The baseline's entry, when the finding is known: its name; empty otherwise.
  std::string known;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXECUTE_FINDING_H_
