// The comments of a C program: what it shows, how to build and run it, and who holds what.
#ifndef LASTREF_HARNESS_REPRODUCE_HEADER_COMMENT_H_
#define LASTREF_HARNESS_REPRODUCE_HEADER_COMMENT_H_

#include <string>

#include "harness/report/timeline.h"
#include "harness/reproduce/reproducer.h"

namespace lastref {

Checker checker_of(const ReproducerInput& input, const Timeline& plan);

std::string header_comment(const ReproducerInput& input, const Timeline& plan);

// "/* 4. session 1 (s0): application 1, cache c0 = 2 references */" above the call.
std::string step_comment(const ReproducerInput& input, const TimelineStep& step);

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPRODUCE_HEADER_COMMENT_H_
