// Which known bugs a run goes round: the value of --hazards.
#ifndef LASTREF_HARNESS_CLI_HAZARD_CHOICE_H_
#define LASTREF_HARNESS_CLI_HAZARD_CHOICE_H_

#include <string_view>

#include "harness/vocabulary/contract.h"

namespace lastref {

struct HazardChoice {
  bool known = false;  // those that the baseline has for the target
  Hazards named;       // and these
  Hazards dropped;     // but not these

  Hazards on(Hazards of_baseline) const;
};

// "known", "none", or names separated by commas, of which "known" may be one; "-NAME" drops that
// one again: "known,-rekey-cached". Throws Failure (usage).
HazardChoice parse_hazards(std::string_view text);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_HAZARD_CHOICE_H_
