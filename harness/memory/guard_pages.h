// Blocks that lie at the end of pages of their own, with a page behind them that nobody may touch.
// From its release to the end of the program nobody may touch the block either, so that an access
// faults at its instruction, in whatever library that stands.
//
// A release costs one mprotect(), and so does the recycling of a block at the end of a program; an
// allocation costs none but the first of its pages. Nothing is batched: between two calls of
// recycle() no released page can be read.
#ifndef LASTREF_HARNESS_MEMORY_GUARD_PAGES_H_
#define LASTREF_HARNESS_MEMORY_GUARD_PAGES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "harness/memory/block.h"
#include "harness/memory/call_stack.h"

namespace lastref {

inline constexpr std::size_t kPageBytes = 4096;
// Blocks at a time, released ones included. Each is two mappings, of which Linux allows a process
// 65530 (vm.max_map_count); a handshake of OpenSSL's makes 3025 blocks, a context 500.
inline constexpr std::size_t kGuardSlots = 24'000;
// Address space. A block of one page takes two.
inline constexpr std::size_t kGuardReserve = std::size_t{1} << 30;
inline constexpr std::uintptr_t kGuardAddress = 0x210000000000;
// Longer blocks are not given pages of their own: those of a program would fill the region.
inline constexpr std::size_t kMaxGuardedBytes = std::size_t{1} << 20;

// A block's place. Its header stands apart from it, since the block itself cannot be read when it
// is released.
struct GuardSlot {
  BlockHeader header;
  std::uint32_t page = 0;   // first page, counted from the region's start
  std::uint32_t pages = 0;  // without the one behind them
  CallStack allocated;
  CallStack released;
};

class GuardPages {
 public:
  constexpr GuardPages() = default;
  GuardPages(const GuardPages&) = delete;
  GuardPages& operator=(const GuardPages&) = delete;

  // Maps the region, once. False when the system has no room for it.
  bool reserve();
  // Unmaps it, and with it every block.
  void discard();

  // Whether the address lies in the region, used so far.
  bool contains(const void* address) const {
    return reinterpret_cast<std::uintptr_t>(address) - base_ < used_;
  }
  // The slot that an address lies in, the page behind the block included. NULL for none. O(log n).
  GuardSlot* slot_at(const void* address) const;
  // The block of a slot: its end is the end of the slot's pages, but for what aligns it.
  void* block(const GuardSlot& slot) const;
  // The bytes of a slot, which the block is the end of, and how many they are.
  unsigned char* pages_of(const GuardSlot& slot) const;
  static std::size_t bytes_of(const GuardSlot& slot) { return slot.pages * kPageBytes; }

  // Every slot that was ever taken, by place.
  std::span<GuardSlot> slots() const { return {slots_, slot_count_}; }

  // A slot for a block of so many bytes, its pages accessible and its header to be written. NULL
  // when there is none left or the block is too long.
  GuardSlot* take(std::size_t bytes);
  // Nobody may touch its pages from now on.
  void release(GuardSlot& slot);
  // All released slots may be taken again.
  void recycle();
  // Slots that are released and not recycled.
  std::size_t released() const { return released_count_; }

 private:
  GuardSlot* carve(std::uint32_t pages);

  std::uintptr_t base_ = 0;
  std::size_t used_ = 0;
  GuardSlot* slots_ = nullptr;
  std::uint32_t* released_ = nullptr;  // numbers of slots, in the order of their release
  std::size_t slot_count_ = 0;
  std::size_t released_count_ = 0;
  // First free slot of each number of pages, linked by the headers' `next`; 0 for none, else the
  // number plus one. Blocks of more pages are carved anew each time.
  static constexpr std::size_t kPageClasses = 17;
  std::array<std::uint32_t, kPageClasses> free_{};
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_MEMORY_GUARD_PAGES_H_
