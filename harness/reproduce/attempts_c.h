// A C program in which an allocation of a handshake fails. Which one is the n-th depends on those
// before it in the process, which are not the same under lastref: a program that is to show
// something tries the neighbours of the trace's number too, each in a process of its own.
#ifndef LASTREF_HARNESS_REPRODUCE_ATTEMPTS_C_H_
#define LASTREF_HARNESS_REPRODUCE_ATTEMPTS_C_H_

#include <string>

#include "harness/program/program.h"

namespace lastref {

// Handshakes in which an allocation fails.
int counted_handshakes(const Program& program);

// The number of the allocation that fails in the first of them. There must be one.
int counted_allocation(const Program& program);

// The variable that has the number of the attempt under way.
std::string attempt_variable();

// main(), which calls `int program(void)` for the number and its neighbours, until one ends as the
// finding does: by a signal, or else with an exit code that is not 0. It ends so too.
std::string attempts_main(int number, bool by_signal);

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPRODUCE_ATTEMPTS_C_H_
