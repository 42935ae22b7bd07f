#include "harness/cli/known_finding.h"

#include <algorithm>

namespace lastref {
namespace {

// Of one that fails with all that follow it only the first has its stack.
bool fails_on(const Program& program) {
  return std::ranges::any_of(program.view(),
                             [](const Operation& of) { return of.fault.persistent(); });
}

// Whether the request that failed was that function's, or of what it called.
bool asked_by(const std::string& function, const StruckEvidence& struck) {
  return std::ranges::any_of(struck.asked, [&function](const std::string& frame) {
    return frame.starts_with(function + "+");
  });
}

}  // namespace

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
    if (of_faults.has(entry.hazard)) {
      return entry.asked_by.empty() || fails_on(program) ||
             asked_by(entry.asked_by, engine.run_program(target, program, on, {}, memory).struck);
    }
    Hazards round = on;
    round.add(entry.hazard);
    const ProgramReport again = engine.run_program(target, program, round, {}, memory);
    const bool judged = again.illegal_operation < 0 && !again.symptoms.empty();
    return !judged || signature(again.symptoms.cause()) != seen;
  });
}

}  // namespace lastref
