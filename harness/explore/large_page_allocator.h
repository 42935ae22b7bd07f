// Memory for large tables that are read in random order: on pages of 2 MiB where the system has
// them, so that a place in the table is seldom also a walk through the page tables. It changes the
// time only.
#ifndef LASTREF_HARNESS_EXPLORE_LARGE_PAGE_ALLOCATOR_H_
#define LASTREF_HARNESS_EXPLORE_LARGE_PAGE_ALLOCATOR_H_

#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <limits>
#include <new>

namespace lastref {

template <class T>
struct LargePageAllocator {
  using value_type = T;

  LargePageAllocator() = default;
  template <class U>
  LargePageAllocator(const LargePageAllocator<U>&) {}

  // Throws std::bad_alloc. `count` is a power of two, so that large ones are whole pages.
  T* allocate(std::size_t count) {
    if (count > std::numeric_limits<std::size_t>::max() / sizeof(T)) throw std::bad_alloc();
    const std::size_t bytes = count * sizeof(T);
    const bool large = bytes >= kPage && bytes % kPage == 0;
    void* const memory = large ? std::aligned_alloc(kPage, bytes) : std::malloc(bytes);
    if (memory == nullptr) throw std::bad_alloc();
    if (large) madvise(memory, bytes, MADV_HUGEPAGE);  // a wish: nothing is lost without
    return static_cast<T*>(memory);
  }

  void deallocate(T* memory, std::size_t) { std::free(memory); }

  friend bool operator==(const LargePageAllocator&, const LargePageAllocator&) { return true; }

 private:
  static constexpr std::size_t kPage = std::size_t{2} << 20;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_LARGE_PAGE_ALLOCATOR_H_
