// The state-machine testing of rapidcheck (https://github.com/emil-e/rapidcheck), with the same
// model and the same lockstep: what a team gets that writes the model and takes the library's
// engine.
#ifndef LASTREF_HARNESS_SCORE_RAPIDCHECK_SEEKER_H_
#define LASTREF_HARNESS_SCORE_RAPIDCHECK_SEEKER_H_

#include "harness/score/seeker.h"

namespace lastref {

// One command class for every operation of the common mix: the operation and its operands are drawn
// uniformly, the model's rules are the preconditions. Test cases in rounds of a hundred of growing
// size, as rapidcheck does by default; shrinking off.
Seeker rapidcheck_seeker();

}  // namespace lastref

#endif  // LASTREF_HARNESS_SCORE_RAPIDCHECK_SEEKER_H_
