// All memory of the library, through the functions of lr_set_mem_functions().
#ifndef LASTREF_LIB_SESSION_MEMORY_H_
#define LASTREF_LIB_SESSION_MEMORY_H_

#include <cstddef>
#include <new>
#include <utility>

namespace lr {

// NULL when memory is short. Aligned as malloc aligns.
void* allocate(std::size_t bytes);
// NULL is ignored.
void deallocate(void* block);

// An object in a block of its own, whose address is the block's. NULL when memory is short.
template <class T, class... Arguments>
T* make(Arguments&&... arguments) {
  static_assert(alignof(T) <= alignof(std::max_align_t));
  void* block = allocate(sizeof(T));
  return block == nullptr ? nullptr : new (block) T(std::forward<Arguments>(arguments)...);
}

template <class T>
void destroy(T* object) {
  object->~T();
  deallocate(object);
}

}  // namespace lr

#endif  // LASTREF_LIB_SESSION_MEMORY_H_
