// Shrinking on a target that is replayed.
#ifndef LASTREF_HARNESS_GENERATE_SHRINKING_H_
#define LASTREF_HARNESS_GENERATE_SHRINKING_H_

#include <functional>

#include "harness/execute/replay.h"
#include "harness/shrink/shrinker.h"

namespace lastref {

// What an operation gets while a hang is shrunk: most of the tries hang, and take all of it. No
// operation that ends takes a hundredth of it.
inline constexpr Patience kShrinkPatience{std::chrono::milliseconds{150},
                                          std::chrono::milliseconds{1500}};

// `program` showed `first` on `replay`, which is started. The result's run has the consequences as
// well, where they can be seen. A program that hangs is shrunk with kShrinkPatience, and the
// smallest one is believed if it hangs on `replay` too; else the program is left as it is, and not
// complete. `progress`: see ShrinkOptions.
Shrunk shrink_on(Replay& replay, const Program& program, const ProgramRun& first,
                 const std::function<bool(int tried, int size)>& progress);

}  // namespace lastref

#endif  // LASTREF_HARNESS_GENERATE_SHRINKING_H_
