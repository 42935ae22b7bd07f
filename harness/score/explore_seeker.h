// lastref's exhaustive exploration, as an engine to be scored.
#ifndef LASTREF_HARNESS_SCORE_EXPLORE_SEEKER_H_
#define LASTREF_HARNESS_SCORE_EXPLORE_SEEKER_H_

#include "harness/score/seeker.h"

namespace lastref {

// The programs of `lastref explore --bound standard,depth=7`, shortest ways first. Nothing is
// drawn: the seed has no part in it. Beyond the last program nothing is run any more.
Seeker explore_seeker();

}  // namespace lastref

#endif  // LASTREF_HARNESS_SCORE_EXPLORE_SEEKER_H_
