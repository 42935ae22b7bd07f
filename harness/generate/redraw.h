// A random program once more, from its seed, in a fresh process: each operation is written down
// before it runs, so that a program that ends its process is known as well.
#ifndef LASTREF_HARNESS_GENERATE_REDRAW_H_
#define LASTREF_HARNESS_GENERATE_REDRAW_H_

#include <functional>

#include "harness/execute/replay.h"
#include "harness/generate/mix.h"
#include "harness/generate/random_program.h"

namespace lastref {

// What a Replay needs, as its extra request, for redraw() to be asked of it: programs are drawn by
// the mix that `mix_of` makes in the target's process.
Replay::Extra serve_redraw(std::function<Mix(const lastref_target&)> mix_of);

// Fills `program` with that of the seed. False when the process that drew it wrote nothing down.
bool redraw(Replay& replay, const ProgramSeed& which, Program& program);

}  // namespace lastref

#endif  // LASTREF_HARNESS_GENERATE_REDRAW_H_
