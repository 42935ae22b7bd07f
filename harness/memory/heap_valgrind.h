// Tells valgrind which bytes of the heap are whose, when the process runs under it. In any other
// process this comes to a flag that is false, and without valgrind's header to nothing at all.
#ifndef LASTREF_HARNESS_MEMORY_HEAP_VALGRIND_H_
#define LASTREF_HARNESS_MEMORY_HEAP_VALGRIND_H_

#include <cstddef>

#if defined(__has_include)
#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#define LASTREF_VALGRIND 1
#endif
#endif
#ifndef LASTREF_VALGRIND
#define LASTREF_VALGRIND 0
#endif

namespace lastref {

inline bool on_valgrind() {
#if LASTREF_VALGRIND
  static const bool on = RUNNING_ON_VALGRIND != 0;
  return on;
#else
  return false;
#endif
}

// A block was given out, with so many bytes behind it that are the heap's. Its bytes are undefined.
inline void valgrind_allocated([[maybe_unused]] void* block, [[maybe_unused]] std::size_t bytes,
                               [[maybe_unused]] std::size_t behind) {
#if LASTREF_VALGRIND
  if (!on_valgrind()) return;
  VALGRIND_MAKE_MEM_UNDEFINED(block, bytes + behind);
  VALGRIND_MALLOCLIKE_BLOCK(block, bytes, 0, 0);
#endif
}

// Whatever touches it from now on is an error.
inline void valgrind_released([[maybe_unused]] void* block) {
#if LASTREF_VALGRIND
  if (on_valgrind()) VALGRIND_FREELIKE_BLOCK(block, 0);
#endif
}

// Writes into valgrind's report which operation begins; see harness/cli/valgrind_report.h.
inline void valgrind_operation([[maybe_unused]] int number) {
#if LASTREF_VALGRIND
  if (on_valgrind()) VALGRIND_PRINTF("operation %d\n", number);
#endif
}

}  // namespace lastref

#endif  // LASTREF_HARNESS_MEMORY_HEAP_VALGRIND_H_
