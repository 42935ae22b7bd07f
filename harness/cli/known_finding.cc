#include "harness/cli/known_finding.h"

namespace lastref {

Hazards hazards_of_faults() {
  Hazards hazards;
  hazards.add(Hazard::FAILED_ADD_LINKS);
  hazards.add(Hazard::FREE_NEEDS_MEMORY);
  return hazards;
}

std::string known_finding(const Engine& engine, const std::vector<BaselineEntry>& entries,
                          const std::string& target, const Program& program, const Signature& seen,
                          Hazards on, MemoryTier memory) {
  Hazards explaining = on;
  const Hazards of_faults = hazards_of_faults();
  for (const BaselineEntry& entry : entries) {
    if (of_faults.has(entry.hazard)) explaining.remove(entry.hazard);
  }
  return known_by(entries, seen, explaining, [&](const BaselineEntry& entry) {
    if (of_faults.has(entry.hazard)) return true;
    Hazards round = on;
    round.add(entry.hazard);
    const ProgramReport again = engine.run_program(target, program, round, {}, memory);
    const bool judged = again.illegal_operation < 0 && !again.symptoms.empty();
    return !judged || signature(again.symptoms.cause()) != seen;
  });
}

}  // namespace lastref
