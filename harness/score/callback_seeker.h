// Every program that `lastref faults --callbacks` runs, and those of each way out of a cache, as an
// engine to be scored.
#ifndef LASTREF_HARNESS_SCORE_CALLBACK_SEEKER_H_
#define LASTREF_HARNESS_SCORE_CALLBACK_SEEKER_H_

#include "harness/score/seeker.h"

namespace lastref {

// The same for every seed.
Seeker callback_seeker();

}  // namespace lastref

#endif  // LASTREF_HARNESS_SCORE_CALLBACK_SEEKER_H_
