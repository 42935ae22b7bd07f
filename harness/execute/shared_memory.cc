#include "harness/execute/shared_memory.h"

#include <sys/mman.h>

#include <cstring>

namespace lastref {

void* map_shared(std::size_t bytes) {
  void* const memory =
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? nullptr : memory;
}

void unmap_shared(void* memory, std::size_t bytes) {
  if (memory != nullptr) munmap(memory, bytes);
}

bool SharedBytes::append(std::span<const std::uint8_t> bytes) {
  const std::size_t size = size_.load(std::memory_order_relaxed);
  if (bytes.size() > kCapacity - size) return false;
  if (!bytes.empty()) std::memcpy(bytes_ + size, bytes.data(), bytes.size());
  size_.store(size + bytes.size(), std::memory_order_release);
  return true;
}

}  // namespace lastref
