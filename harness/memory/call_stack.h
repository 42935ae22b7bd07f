// Who called, as addresses: they cost little to keep and are given names when somebody asks.
#ifndef LASTREF_HARNESS_MEMORY_CALL_STACK_H_
#define LASTREF_HARNESS_MEMORY_CALL_STACK_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace lastref {

// The innermost frames. Between the allocator and the harness that made the call lie about ten.
inline constexpr std::size_t kStackFrames = 24;

// The innermost first; 0 behind the last. Plain data, so that it crosses a process boundary.
struct CallStack {
  std::array<std::uintptr_t, kStackFrames> frames{};

  bool empty() const { return frames[0] == 0; }
};

// The callers of the function that calls it. By the tables for exceptions, which every library has,
// stripped or not. Some microseconds.
CallStack call_stack();

// The same in a signal handler, from the instruction that was interrupted on. prepare_call_stacks()
// must have run before: the first walk of a process loads a library.
CallStack interrupted_stack(std::uintptr_t instruction);
void prepare_call_stacks();

}  // namespace lastref

#endif  // LASTREF_HARNESS_MEMORY_CALL_STACK_H_
