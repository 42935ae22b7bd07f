// An atomic count in the default order of C++: what one writes without thinking about orders.
#ifndef LASTREF_LIB_REFCOUNT_SEQUENTIALLY_CONSISTENT_H_
#define LASTREF_LIB_REFCOUNT_SEQUENTIALLY_CONSISTENT_H_

#include <atomic>
#include <cstdint>

#include "lib/refcount/counter.h"

namespace lastref::refcount {

class SequentiallyConsistent {
 public:
  void acquire() { ++count_; }
  bool release() { return --count_ == 0; }
  std::uint32_t value() const { return count_; }

 private:
  std::atomic<std::uint32_t> count_{1};
};
static_assert(Counter<SequentiallyConsistent>);

}  // namespace lastref::refcount

#endif  // LASTREF_LIB_REFCOUNT_SEQUENTIALLY_CONSISTENT_H_
