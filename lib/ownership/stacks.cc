#include "lib/ownership/stacks.h"

#include <array>
#include <cstring>

#include "lib/ownership/spin_lock.h"

namespace lastref::ownership {
namespace {

// A power of two above the number of stacks, so that a search always ends at an empty slot.
constexpr std::size_t kSlots = std::size_t{2} * LASTREF_LEDGER_STACKS;

struct Entry {
  const void* site;
  lastref_stack stack;
};

constinit SpinLock lock;
constinit std::uint32_t used = 0;
constinit std::array<Entry, LASTREF_LEDGER_STACKS + 1> entries{};
constinit std::array<std::uint32_t, kSlots> slots{};

std::size_t slot_of(const Entry& entry) {
  std::uint64_t hash = reinterpret_cast<std::uintptr_t>(entry.site);
  for (std::uint32_t i = 0; i < entry.stack.depth; ++i) {
    hash = (hash ^ reinterpret_cast<std::uintptr_t>(entry.stack.frames[i])) * 0x9e3779b97f4a7c15U;
    hash ^= hash >> 29;
  }
  return hash % kSlots;
}

bool same(const Entry& a, const Entry& b) {
  return a.site == b.site && a.stack.depth == b.stack.depth &&
         std::memcmp(a.stack.frames, b.stack.frames, a.stack.depth * sizeof(void*)) == 0;
}

// The number of the entry; 0: no room. The lock is held.
std::uint32_t find_or_add(const Entry& entry) {
  std::size_t slot = slot_of(entry);
  while (slots[slot] != 0) {
    if (same(entries[slots[slot]], entry)) return slots[slot];
    slot = (slot + 1) % kSlots;
  }
  if (used == LASTREF_LEDGER_STACKS) return 0;
  entries[++used] = entry;
  return slots[slot] = used;
}

constexpr std::uint64_t kNumber = std::uint64_t{1} << 63;

}  // namespace

constinit std::atomic<std::uint32_t> stack_generation{0};

std::uint64_t keep_stack(const void* site, const lastref_stack& stack) {
  if (stack.depth != 0) {
    const Lock guard(lock);
    if (const std::uint32_t number = find_or_add({site, stack}); number != 0) {
      return kNumber | number;
    }
  }
  return reinterpret_cast<std::uintptr_t>(site);
}

Place place_of(std::uint64_t where) {
  if ((where & kNumber) == 0) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of code, nobody reads through it
    return {reinterpret_cast<const void*>(where), nullptr};
  }
  const Entry& entry = entries[where & ~kNumber];
  return {entry.site, &entry.stack};
}

void forget_stacks() {
  if (used == 0) return;
  stack_generation.store(stack_generation.load(std::memory_order_relaxed) + 1,
                         std::memory_order_relaxed);
  slots.fill(0);
  used = 0;
}

}  // namespace lastref::ownership
