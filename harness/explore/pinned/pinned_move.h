// The operations of the pinned model, with their operands.
#ifndef LASTREF_HARNESS_EXPLORE_PINNED_PINNED_MOVE_H_
#define LASTREF_HARNESS_EXPLORE_PINNED_PINNED_MOVE_H_

#include <cstdint>
#include <string>
#include <vector>

namespace lastref {

enum class PinnedOp : std::uint8_t {
  kNew,         // handle = a new session with a fresh id
  kUpRef,       // handle = another one
  kFree,        // handle
  kDup,         // handle = a copy of another one's session, id included
  kAdd,         // to the cache
  kRemove,      // from the cache
  kLookup,      // handle = what stands in a place of the cache
  kFlush,       // the cache
  kSetSession,  // the connection's, to a handle's
  kGet1,        // handle = the connection's
  kReset,       // the connection
};

struct PinnedMove {
  PinnedOp op = PinnedOp::kNew;
  std::uint8_t handle = 0;  // the one written to, else the one read
  std::uint8_t source = 0;  // kUpRef, kDup: the handle read; kLookup: the place in the cache

  friend bool operator==(const PinnedMove&, const PinnedMove&) = default;
};

// "h1 = up_ref h0".
std::string text(const PinnedMove& move);

// One move a line, numbered from 1.
std::string text(const std::vector<PinnedMove>& program);

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_PINNED_PINNED_MOVE_H_
