// lastref's own random check, as an engine to be scored.
#ifndef LASTREF_HARNESS_SCORE_RANDOM_SEEKER_H_
#define LASTREF_HARNESS_SCORE_RANDOM_SEEKER_H_

#include "harness/score/seeker.h"

namespace lastref {

// Programs of the common mix, of 24 operations, as `lastref check` draws them.
Seeker random_seeker();
// The same with allocations that fail.
Seeker shortage_seeker();
// The same two with the mix of handshakes.
Seeker handshake_seeker();
Seeker faults_seeker();

}  // namespace lastref

#endif  // LASTREF_HARNESS_SCORE_RANDOM_SEEKER_H_
