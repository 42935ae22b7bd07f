// The memory of a library whose sessions are structures of the application's, and which takes its
// blocks from the C library's functions: those of its imports that are replaced lead here.
#ifndef LASTREF_HARNESS_TARGET_SHARED_MEMORY_H_
#define LASTREF_HARNESS_TARGET_SHARED_MEMORY_H_

#include <lastref/target_abi.h>

#include <cstddef>

namespace lastref::copying {

// The host given to start(). Set by it before anything else.
extern const lastref_host* host;

// Sessions are known by their size: defined by each adapter, one that few blocks of its library
// have.
extern const std::size_t kSessionSize;

// A block for a session; NULL when memory is short.
void* allocate_session();

// Blocks that are no sessions, however large; as malloc(), calloc(), realloc() and free().
void* allocate(std::size_t bytes) noexcept;
void* allocate_zeroed(std::size_t count, std::size_t size) noexcept;
void* reallocate(void* block, std::size_t bytes) noexcept;
void release_block(void* block) noexcept;

}  // namespace lastref::copying

#endif  // LASTREF_HARNESS_TARGET_SHARED_MEMORY_H_
