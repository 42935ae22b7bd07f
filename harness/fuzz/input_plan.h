// How an input is run, which its bytes alone decide: the same bytes are run in the same way for
// ever.
#ifndef LASTREF_HARNESS_FUZZ_INPUT_PLAN_H_
#define LASTREF_HARNESS_FUZZ_INPUT_PLAN_H_

#include <cstdint>
#include <span>

#include "harness/program/program.h"

namespace lastref {

// What few inputs do, for it costs much. A context that is freed, or that was short of memory,
// cannot be used again, and to make one takes as long as thirty programs; a crowd takes as long as
// several. Of the inputs that mutations keep for what they reach most would come to do it.
struct InputPlan {
  bool encodings = false;  // of sessions are compared, see Watch
  // Contexts are freed before the program's end, or at its end before connections or with what
  // their caches hold, and allocations fail in operations on contexts and connections, as the
  // program says. Else its end is another: connections go before contexts, which are flushed.
  bool loses_contexts = false;
  // At its end contexts go before connections, or with what their caches hold, whatever the program
  // says. Only where they are lost.
  bool contexts_first = false;
  bool unflushed = false;
  bool fails_allocations = false;  // in operations on sessions alone, as the program says
  bool crowds = false;             // operations that make sessions by the dozen stay
};

InputPlan plan_of(std::span<const std::uint8_t> input);

// The program without what the plan leaves out, and with its end. It may need repair: a
// connection's context, say, is there for longer.
Program planned(const InputPlan& plan, const Program& program);
// The same in place.
void keep_planned(const InputPlan& plan, Program& program);

}  // namespace lastref

#endif  // LASTREF_HARNESS_FUZZ_INPUT_PLAN_H_
