// A C program in which an allocation of a handshake fails. Which one is the n-th depends on those
// before it in the process, which are not the same under lastref: a program that is to show
// something tries the neighbours of the trace's number too, each in a process of its own.
#ifndef LASTREF_HARNESS_REPRODUCE_ATTEMPTS_C_H_
#define LASTREF_HARNESS_REPRODUCE_ATTEMPTS_C_H_

#include <string>

#include "harness/program/program.h"
#include "harness/report/timeline.h"
#include "harness/reproduce/reproducer.h"

namespace lastref {

// Handshakes in which an allocation fails.
int counted_handshakes(const Program& program);

// Whether its program tries numbers: one that shows nothing at its own may show another bug at the
// next.
bool makes_attempts(const ReproducerInput& input);

// The variable that has the number of the attempt under way.
std::string attempt_variable();

// main(), which calls `int program(void)` for the number of the one counted handshake and for its
// neighbours, until one ends as the finding does, by a signal or by an exit code that is not 0. It
// ends so too. Numbers by which the contract's hazards would be broken are left out: those are
// other bugs.
std::string attempts_main(const ReproducerInput& input, const Timeline& plan);

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPRODUCE_ATTEMPTS_C_H_
