// The pinned model searched by Spin: depth first, every state stored in full.
#ifndef LASTREF_HARNESS_EXPLORE_PINNED_SPIN_H_
#define LASTREF_HARNESS_EXPLORE_PINNED_SPIN_H_

#include <cstdint>
#include <string>

#include "harness/explore/pinned/pinned_bound.h"

namespace lastref {

struct SpinSearch {
  // Empty when Spin has looked at every state. Else why it has not: it or a compiler is missing, a
  // bound of its own was too small, or anything else that it said.
  std::string failure;
  bool installed = true;          // false: the failure is that something is missing
  std::uint64_t errors = 0;       // assertions that failed
  std::uint64_t states = 0;       // less the one before the start
  std::uint64_t transitions = 0;  // less those two that the model does not have
  double processor_seconds = 0;   // of the search alone
};

// Writes, compiles and runs it in a directory of its own, which is gone afterwards. `depth` and
// `log2_places` are Spin's -m and -w.
SpinSearch search_with_spin(const PinnedBound& bound, int depth, int log2_places);

// What pan printed. Pure, so that a search that was cut off can be shown to be noticed.
SpinSearch read_spin_output(const std::string& output);

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_PINNED_SPIN_H_
