#include "harness/memory/guarded_input.h"

#include <sys/mman.h>

#include <algorithm>

#include "harness/memory/guard_pages.h"

namespace lastref {

constinit GuardedInput process_input;

bool GuardedInput::reserve() {
  if (reserved_) return end_ != nullptr;
  reserved_ = true;
  // Private: processes that are forked from this one each have their own.
  void* const memory = mmap(nullptr, kMaxGuardedInput + kPageBytes, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return false;
  std::uint8_t* const end = static_cast<std::uint8_t*>(memory) + kMaxGuardedInput;
  if (mprotect(end, kPageBytes, PROT_NONE) == 0) end_ = end;
  return end_ != nullptr;
}

const std::uint8_t* GuardedInput::place(std::span<const std::uint8_t> bytes) {
  placed_ = bytes.size() <= kMaxGuardedInput && reserve();
  if (!placed_) return bytes.data();
  size_ = bytes.size();
  std::copy(bytes.begin(), bytes.end(), end_ - size_);
  return end_ - size_;
}

std::size_t GuardedInput::changed(std::span<const std::uint8_t> bytes) const {
  if (!placed_ || size_ != bytes.size()) return bytes.size();
  const auto differs = std::mismatch(bytes.begin(), bytes.end(), end_ - size_).first;
  return static_cast<std::size_t>(differs - bytes.begin());
}

bool GuardedInput::is_behind(const void* address) const {
  const auto at = reinterpret_cast<std::uintptr_t>(address);
  const auto end = reinterpret_cast<std::uintptr_t>(end_);
  return end_ != nullptr && at - end < kPageBytes;
}

std::size_t GuardedInput::offset_of(const void* address) const {
  return reinterpret_cast<std::uintptr_t>(address) - reinterpret_cast<std::uintptr_t>(end_) + size_;
}

}  // namespace lastref
