// A number with no protection: for objects that one thread uses, and as the floor of what counting
// costs.
#ifndef LASTREF_LIB_REFCOUNT_PLAIN_H_
#define LASTREF_LIB_REFCOUNT_PLAIN_H_

#include <cstdint>

#include "lib/refcount/counter.h"

namespace lastref::refcount {

class Plain {
 public:
  void acquire() { ++count_; }
  bool release() { return --count_ == 0; }
  std::uint32_t value() const { return count_; }

 private:
  std::uint32_t count_ = 1;
};
static_assert(Counter<Plain>);

}  // namespace lastref::refcount

#endif  // LASTREF_LIB_REFCOUNT_PLAIN_H_
