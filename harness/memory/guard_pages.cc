#include "harness/memory/guard_pages.h"

#include <sys/mman.h>

#include <algorithm>

#include "harness/memory/heap_asan.h"

namespace lastref {
namespace {

constexpr int kMapFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

std::size_t aligned(std::size_t bytes) {
  const std::size_t units = (std::max<std::size_t>(bytes, 1) + kBlockAlignment - 1);
  return units / kBlockAlignment * kBlockAlignment;
}

template <typename T>
T* map_array(std::size_t count) {
  void* const memory = mmap(nullptr, count * sizeof(T), PROT_READ | PROT_WRITE, kMapFlags, -1, 0);
  return memory == MAP_FAILED ? nullptr : static_cast<T*>(memory);
}

}  // namespace

bool GuardPages::reserve() {
  if (base_ != 0) return true;
  void* memory = mmap(to_pointer(kGuardAddress), kGuardReserve, PROT_NONE,
                      kMapFlags | MAP_FIXED_NOREPLACE, -1, 0);
  if (memory == MAP_FAILED) memory = mmap(nullptr, kGuardReserve, PROT_NONE, kMapFlags, -1, 0);
  if (memory == MAP_FAILED) return false;
  slots_ = map_array<GuardSlot>(kGuardSlots);
  released_ = map_array<std::uint32_t>(kGuardSlots);
  if (slots_ == nullptr || released_ == nullptr) return false;
  // Pages behind blocks differ in this from pages of blocks (see carve()). The kernel does not
  // merge mappings that differ, and so changes a block's access without splitting and joining them,
  // which costs twice as much.
  madvise(memory, kGuardReserve, MADV_DONTDUMP);
  base_ = reinterpret_cast<std::uintptr_t>(memory);
  return true;
}

void GuardPages::discard() {
  if (base_ == 0) return;
  unpoison_region(to_pointer(base_), used_);
  munmap(to_pointer(base_), kGuardReserve);
  munmap(slots_, kGuardSlots * sizeof(GuardSlot));
  munmap(released_, kGuardSlots * sizeof(std::uint32_t));
  base_ = used_ = slot_count_ = released_count_ = 0;
  free_ = {};
}

GuardSlot* GuardPages::slot_at(const void* address) const {
  if (!contains(address)) return nullptr;
  const auto page =
      static_cast<std::uint32_t>((reinterpret_cast<std::uintptr_t>(address) - base_) / kPageBytes);
  // The region is carved from its start to its end, without gaps.
  GuardSlot* const end = slots_ + slot_count_;
  GuardSlot* const behind = std::upper_bound(
      slots_, end, page,
      [](std::uint32_t wanted, const GuardSlot& slot) { return wanted < slot.page; });
  return behind == slots_ ? nullptr : behind - 1;
}

unsigned char* GuardPages::pages_of(const GuardSlot& slot) const {
  return static_cast<unsigned char*>(to_pointer(base_ + std::uintptr_t{slot.page} * kPageBytes));
}

void* GuardPages::block(const GuardSlot& slot) const {
  return pages_of(slot) + bytes_of(slot) - aligned(slot.header.size);
}

GuardSlot* GuardPages::take(std::size_t bytes) {
  if (bytes > kMaxGuardedBytes || !reserve()) return nullptr;
  const std::size_t pages = (aligned(bytes) + kPageBytes - 1) / kPageBytes;
  if (pages < kPageClasses && free_[pages] != 0) {
    GuardSlot* const slot = &slots_[free_[pages] - 1];
    free_[pages] = slot->header.next;
    return slot;
  }
  return carve(static_cast<std::uint32_t>(pages));
}

GuardSlot* GuardPages::carve(std::uint32_t pages) {
  const std::size_t bytes = pages * kPageBytes;
  if (slot_count_ == kGuardSlots || used_ + bytes + kPageBytes > kGuardReserve) return nullptr;
  void* const memory = to_pointer(base_ + used_);
  if (mprotect(memory, bytes, PROT_READ | PROT_WRITE) != 0) return nullptr;
  madvise(memory, bytes, MADV_DODUMP);
  GuardSlot* const slot = &slots_[slot_count_++];
  slot->page = static_cast<std::uint32_t>(used_ / kPageBytes);
  slot->pages = pages;
  used_ += bytes + kPageBytes;
  poison_region(memory, bytes);
  return slot;
}

void GuardPages::release(GuardSlot& slot) {
  mprotect(pages_of(slot), bytes_of(slot), PROT_NONE);
  poison_region(pages_of(slot), bytes_of(slot));
  released_[released_count_++] = static_cast<std::uint32_t>(&slot - slots_);
}

void GuardPages::recycle() {
  // From the last to the first, so that the next program takes them in the order of this one.
  while (released_count_ > 0) {
    const std::uint32_t number = released_[--released_count_];
    GuardSlot& slot = slots_[number];
    slot.header.mark = kReleasedPlain;
    if (slot.pages >= kPageClasses) continue;
    if (mprotect(pages_of(slot), bytes_of(slot), PROT_READ | PROT_WRITE) != 0) continue;
    slot.header.next = free_[slot.pages];
    free_[slot.pages] = number + 1;
  }
}

}  // namespace lastref
