// Tells AddressSanitizer which bytes of the heap an instrumented library may touch. Nothing at all
// in other builds.
#ifndef LASTREF_HARNESS_MEMORY_HEAP_ASAN_H_
#define LASTREF_HARNESS_MEMORY_HEAP_ASAN_H_

#include <cstddef>

#include "harness/memory/block.h"

#if LASTREF_ASAN
#include <sanitizer/asan_interface.h>
#endif

namespace lastref {

// After it, an access from instrumented code is reported as use-after-poison.
inline void poison_region([[maybe_unused]] const void* begin, [[maybe_unused]] std::size_t bytes) {
#if LASTREF_ASAN
  __asan_poison_memory_region(begin, bytes);
#endif
}

inline void unpoison_region([[maybe_unused]] const void* begin,
                            [[maybe_unused]] std::size_t bytes) {
#if LASTREF_ASAN
  __asan_unpoison_memory_region(begin, bytes);
#endif
}

}  // namespace lastref

#endif  // LASTREF_HARNESS_MEMORY_HEAP_ASAN_H_
