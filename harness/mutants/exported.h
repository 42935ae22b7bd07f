// Included before all else of a mutant: the functions of the session library leave its shared
// object, so that a C program can be linked with it. Everything else stays inside.
#ifndef LASTREF_HARNESS_MUTANTS_EXPORTED_H_
#define LASTREF_HARNESS_MUTANTS_EXPORTED_H_

#pragma GCC visibility push(default)
#include <lastref/session.h>
#pragma GCC visibility pop

#endif  // LASTREF_HARNESS_MUTANTS_EXPORTED_H_
