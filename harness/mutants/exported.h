// Included before all else of a mutant, which is one translation unit: the functions of the session
// library leave its shared object, so that a C program can be linked with it, and so does the place
// where its patch says that it was reached. Everything else stays inside.
#ifndef LASTREF_HARNESS_MUTANTS_EXPORTED_H_
#define LASTREF_HARNESS_MUTANTS_EXPORTED_H_

#pragma GCC visibility push(default)
#include <lastref/session.h>

static unsigned char lastref_seeded_unasked;
// Whoever wants to know points it to a byte of their own: harness/score/probe.h.
extern "C" {
unsigned char* lastref_seeded = &lastref_seeded_unasked;
}
#pragma GCC visibility pop

// Stands in each patch at the place of its mistake. lib/ has no such thing.
// Threads may come there at once, which is no race of the library's.
#define LASTREF_SEEDED() \
  __atomic_store_n(lastref_seeded, static_cast<unsigned char>(1), __ATOMIC_RELAXED)

#endif  // LASTREF_HARNESS_MUTANTS_EXPORTED_H_
