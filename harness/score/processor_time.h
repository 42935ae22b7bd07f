// The processor time that a search is charged with.
#ifndef LASTREF_HARNESS_SCORE_PROCESSOR_TIME_H_
#define LASTREF_HARNESS_SCORE_PROCESSOR_TIME_H_

namespace lastref {

// Seconds of all children of this process that have ended and were waited for, and of theirs.
double children_seconds();

}  // namespace lastref

#endif  // LASTREF_HARNESS_SCORE_PROCESSOR_TIME_H_
