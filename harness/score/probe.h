// Whether a search came to the place of a seeded bug's mistake: harness/mutants/exported.h.
#ifndef LASTREF_HARNESS_SCORE_PROBE_H_
#define LASTREF_HARNESS_SCORE_PROBE_H_

#include <string>

namespace lastref {

// From now on the adapter, which is loaded in this process, stores a 1 there when the place is
// reached. False when it has no such place: then nothing is ever stored.
bool place_probe(const std::string& target, unsigned char* reached);

}  // namespace lastref

#endif  // LASTREF_HARNESS_SCORE_PROBE_H_
