#include "harness/generate/rules/rule_checker.h"

#include "harness/generate/rules/simulation.h"

namespace lastref {

Ruling judge_by_rules(const Program& program, const Contract& contract,
                      const std::vector<bool>& decode_successes,
                      const std::vector<HandshakeOutcome>& outcomes) {
  if (std::string wrong = malformed(program); !wrong.empty()) {
    return {.legal = false, .operation = 0, .rule = "the program is malformed: " + wrong};
  }
  return rules::Simulation(program, contract, decode_successes, outcomes).run();
}

}  // namespace lastref
