#include "harness/explore/pinned/pinned_move.h"

#include <fmt/format.h>

namespace lastref {

std::string text(const PinnedMove& move) {
  const int handle = move.handle;
  const int source = move.source;
  switch (move.op) {
    case PinnedOp::kNew:
      return fmt::format("h{} = new", handle);
    case PinnedOp::kUpRef:
      return fmt::format("h{} = up_ref h{}", handle, source);
    case PinnedOp::kFree:
      return fmt::format("free h{}", handle);
    case PinnedOp::kDup:
      return fmt::format("h{} = dup h{}", handle, source);
    case PinnedOp::kAdd:
      return fmt::format("add h{}", handle);
    case PinnedOp::kRemove:
      return fmt::format("remove h{}", handle);
    case PinnedOp::kLookup:
      return fmt::format("h{} = lookup cache[{}]", handle, source);
    case PinnedOp::kFlush:
      return "flush";
    case PinnedOp::kSetSession:
      return fmt::format("set_session h{}", handle);
    case PinnedOp::kGet1:
      return fmt::format("h{} = get1", handle);
    case PinnedOp::kReset:
      return "reset";
  }
  return "?";
}

std::string text(const std::vector<PinnedMove>& program) {
  std::string lines;
  int number = 0;
  for (const PinnedMove& move : program) lines += fmt::format("{:3}  {}\n", ++number, text(move));
  return lines;
}

}  // namespace lastref
