#include "lib/session/memory.h"

#include <atomic>
#include <cstdlib>

#include "lastref/session.h"

namespace lr {
namespace {

// Set before other threads are started, as the manual asks; read without further order.
struct Functions {
  void* (*allocate)(std::size_t) = std::malloc;
  void* (*reallocate)(void*, std::size_t) = std::realloc;
  void (*release)(void*) = std::free;
};
constinit Functions functions;

// Once memory was given out, its release needs the functions that gave it.
constinit std::atomic<bool> in_use{false};

}  // namespace

void* allocate(std::size_t bytes) {
  // Tested first, so that threads do not fight for the line.
  if (!in_use.load(std::memory_order_relaxed)) in_use.store(true, std::memory_order_relaxed);
  return functions.allocate(bytes);
}

void deallocate(void* block) {
  if (block != nullptr) functions.release(block);
}

}  // namespace lr

int lr_set_mem_functions(void* (*allocate)(size_t), void* (*reallocate)(void*, size_t),
                         void (*release)(void*)) {
  if (lr::in_use.load(std::memory_order_relaxed)) return 0;
  const bool none = allocate == nullptr && reallocate == nullptr && release == nullptr;
  const bool all = allocate != nullptr && reallocate != nullptr && release != nullptr;
  if (none) lr::functions = lr::Functions{};
  if (all) lr::functions = {allocate, reallocate, release};
  return none || all ? 1 : 0;
}

void lr_free(void* block) { lr::deallocate(block); }

const char* lr_version() { return "lastref " LASTREF_SESSION_VERSION; }
