// The pinned model in Promela, for a second opinion by Spin.
#ifndef LASTREF_HARNESS_EXPLORE_PINNED_PROMELA_H_
#define LASTREF_HARNESS_EXPLORE_PINNED_PROMELA_H_

#include <string>

#include "harness/explore/pinned/pinned_bound.h"

namespace lastref {

// One d_step is one operation, so that a state that Spin stores is a state of the model. It has one
// more, before the start, and two more transitions: into the start, and one that ends init.
std::string promela(const PinnedBound& bound);

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_PINNED_PROMELA_H_
