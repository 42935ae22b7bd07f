// Which entry of the baseline explains a finding.
//
// An entry lists signatures, and a signature says little: many a leak shows at the end of a
// context. So the program is run again with the entry's hazard on. Where it then is not judged, or
// is clean, the known bug is what it met; where it shows the same all the same, it met something
// else. An entry that says whose request has to fail explains no finding behind another's.
#ifndef LASTREF_HARNESS_CLI_KNOWN_FINDING_H_
#define LASTREF_HARNESS_CLI_KNOWN_FINDING_H_

#include <string>
#include <vector>

#include "harness/cli/baseline.h"
#include "harness/cli/engine.h"

namespace lastref {

// The hazards that keep programs from failing allocations in one kind of operation, and not in
// handshakes, which do the same inside: what they are about may show with them on.
Hazards hazards_of_faults();

// The name of the entry, empty for none: `program` showed `seen` on the target with the hazards
// `on`. An entry whose hazard is on explains nothing, but those of hazards_of_faults().
std::string known_finding(const Engine& engine, const std::vector<BaselineEntry>& entries,
                          const std::string& target, const Program& program, const Signature& seen,
                          Hazards on, MemoryTier memory = MemoryTier::kGuard);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_KNOWN_FINDING_H_
