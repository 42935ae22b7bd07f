#include "harness/memory/call_stack.h"

#include <execinfo.h>

#include <algorithm>

namespace lastref {
namespace {

// Frames of the walk itself, and of a handler with what the kernel puts below it.
constexpr std::size_t kOwnFrames = 8;
using Walked = std::array<void*, kStackFrames + kOwnFrames>;

CallStack from(const Walked& walked, std::size_t first, std::size_t count) {
  CallStack stack;
  for (std::size_t i = first; i < count && i - first < kStackFrames; ++i) {
    stack.frames[i - first] = reinterpret_cast<std::uintptr_t>(walked[i]);
  }
  return stack;
}

std::size_t walk(Walked& walked) {
  return static_cast<std::size_t>(backtrace(walked.data(), static_cast<int>(walked.size())));
}

}  // namespace

CallStack call_stack() {
  Walked walked{};
  return from(walked, 1, walk(walked));
}

CallStack interrupted_stack(std::uintptr_t instruction) {
  Walked walked{};
  const std::size_t count = walk(walked);
  for (std::size_t i = 0; i < count; ++i) {
    if (reinterpret_cast<std::uintptr_t>(walked[i]) == instruction) return from(walked, i, count);
  }
  // The walk did not find its way: a call through a wild pointer has no frame.
  CallStack stack;
  stack.frames[0] = instruction;
  return stack;
}

void prepare_call_stacks() { call_stack(); }

}  // namespace lastref
