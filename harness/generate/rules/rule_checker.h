// The independent judge of generated programs: does a program, with its teardown, keep every rule
// of a contract? A plain simulation of who holds what, written from the manual pages; it shares no
// code with the model by which programs are generated, so that a mistake there is seen here.
#ifndef LASTREF_HARNESS_GENERATE_RULES_RULE_CHECKER_H_
#define LASTREF_HARNESS_GENERATE_RULES_RULE_CHECKER_H_

#include <string>
#include <vector>

#include "harness/generate/rules/handshake_outcome.h"
#include "harness/program/program.h"
#include "harness/vocabulary/contract.h"

namespace lastref {

struct Ruling {
  bool legal = true;       // no rule is broken, as far as the program could be judged
  bool undecided = false;  // from `operation` on nothing could be judged; `rule` says why
  // The first operation that breaks a rule, from 0; program.size for the teardown. A callback's
  // body is named by its own place.
  int operation = -1;
  // The operation that called the callback back whose body breaks the rule, else -1.
  int during = -1;
  std::string rule;  // a sentence; empty for a legal program that was judged to its end
};

// Whether the decoding of damaged bytes succeeds is the library's choice: `decode_successes` has it
// for each decode of a damaged blob in the order in which they happen. Those beyond its end fail.
// What handshakes came to is told by `outcomes`, in their order; those beyond its end are not
// judged. Threads are judged as if the operations ran one after the other as they stand in the
// program.
Ruling judge_by_rules(const Program& program, const Contract& contract,
                      const std::vector<bool>& decode_successes = {},
                      const std::vector<HandshakeOutcome>& outcomes = {});

}  // namespace lastref

#endif  // LASTREF_HARNESS_GENERATE_RULES_RULE_CHECKER_H_
