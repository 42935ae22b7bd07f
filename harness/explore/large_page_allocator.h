// Memory for large tables that are read in random order: on pages of 2 MiB where the system has
// them, so that a place in the table is seldom also a walk through the page tables. It changes the
// time only.
#ifndef LASTREF_HARNESS_EXPLORE_LARGE_PAGE_ALLOCATOR_H_
#define LASTREF_HARNESS_EXPLORE_LARGE_PAGE_ALLOCATOR_H_

#include <sys/mman.h>

#include <cstddef>
#include <limits>
#include <new>

namespace lastref {

template <class T>
struct LargePageAllocator {
  using value_type = T;

  LargePageAllocator() = default;
  template <class U>
  LargePageAllocator(const LargePageAllocator<U>&) {}

  // Throws std::bad_alloc. Large memory comes from the system and goes back to it at once: a table
  // that has grown leaves nothing behind.
  T* allocate(std::size_t count) {
    if (count > std::numeric_limits<std::size_t>::max() / sizeof(T)) throw std::bad_alloc();
    const std::size_t bytes = count * sizeof(T);
    if (bytes < kLarge) return static_cast<T*>(::operator new(bytes));
    void* const memory =
        mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    madvise(memory, bytes, MADV_HUGEPAGE);  // a wish: nothing is lost without
    return static_cast<T*>(memory);
  }

  void deallocate(T* memory, std::size_t count) {
    if (count * sizeof(T) < kLarge) {
      ::operator delete(memory);
    } else {
      munmap(memory, count * sizeof(T));
    }
  }

  friend bool operator==(const LargePageAllocator&, const LargePageAllocator&) { return true; }

 private:
  static constexpr std::size_t kLarge = std::size_t{4} << 20;  // two large pages
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_LARGE_PAGE_ALLOCATOR_H_
