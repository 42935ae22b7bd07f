#include "harness/target/shared/memory.h"

#include <cstring>

namespace lastref::copying {
namespace {

std::size_t other_than_a_session(std::size_t bytes) {
  return bytes == kSessionSize ? bytes + 1 : bytes;
}

}  // namespace

const lastref_host* host = nullptr;

void* allocate_session() { return host->allocate(kSessionSize); }

void* allocate(std::size_t bytes) noexcept { return host->allocate(other_than_a_session(bytes)); }

void* allocate_zeroed(std::size_t count, std::size_t size) noexcept {
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes)) return nullptr;
  void* block = allocate(bytes);
  if (block != nullptr) std::memset(block, 0, bytes);
  return block;
}

void* reallocate(void* block, std::size_t bytes) noexcept {
  return host->reallocate(block, other_than_a_session(bytes));
}

void release_block(void* block) noexcept { host->release(block); }

}  // namespace lastref::copying
