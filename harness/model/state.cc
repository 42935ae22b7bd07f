#include "harness/model/state.h"

#include <limits>

namespace lastref {

void State::restart() {
  now = kClockStart;
  born = 0;
  live = 0;
  handles.fill(kNobody);
  connections.fill(ConnectionState{});
  for (ContextState& context : contexts) {
    context.application = 0;
    context.connections = 0;
    context.count = 0;
    context.on_remove = kOnRemoveOff;
  }
  for (BlobState& blob : blobs) blob.written = 0;
  symbols = 0;
  issued = 0;
}

std::int64_t expiry(const Contents& contents) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(contents.time, contents.timeout, &sum)) {
    return std::numeric_limits<std::int64_t>::max();
  }
  return sum;
}

bool outlives(const Contents& a, const Contents& b, bool never_by_sum) {
  if (!never_by_sum) return expiry(a) >= expiry(b);
  std::int64_t sum_a = 0;
  std::int64_t sum_b = 0;
  const bool never_a = __builtin_add_overflow(a.time, a.timeout, &sum_a);
  const bool never_b = __builtin_add_overflow(b.time, b.timeout, &sum_b);
  return never_a == never_b ? sum_a >= sum_b : never_a;
}

}  // namespace lastref
