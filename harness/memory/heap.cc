#include "harness/memory/heap.h"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "harness/memory/heap_asan.h"
#include "harness/memory/heap_valgrind.h"

namespace lastref {

constinit Heap process_heap;

namespace {

// More than any budget: what set_thorough() and fail_after() take away from it, so that every
// allocation leaves the fast path.
constexpr std::int64_t kDebt = std::int64_t{1} << 60;

// Holds the heap while the process has more than one thread. The library's own lock would not do: a
// mutex may allocate, and a handler for crashes must never wait.
class HeapLock {
 public:
  explicit HeapLock(std::atomic_flag& flag) : flag_(__libc_single_threaded ? nullptr : &flag) {
    if (flag_ == nullptr) return;
    while (flag_->test_and_set(std::memory_order_acquire)) {
    }
  }
  ~HeapLock() {
    if (flag_ != nullptr) flag_->clear(std::memory_order_release);
  }
  HeapLock(const HeapLock&) = delete;
  HeapLock& operator=(const HeapLock&) = delete;

 private:
  std::atomic_flag* flag_;
};

}  // namespace

std::string Heap::reserve(std::size_t bytes, std::uintptr_t hint) {
  if (reserved_ != 0) return "the heap was reserved before";
  constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  void* memory =
      mmap(to_pointer(hint), bytes, PROT_READ | PROT_WRITE, kFlags | MAP_FIXED_NOREPLACE, -1, 0);
  if (memory == MAP_FAILED) {
    memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, kFlags, -1, 0);
  }
  if (memory == MAP_FAILED) {
    return "cannot reserve " + std::to_string(bytes >> 20) +
           " MiB of address space for the target's heap: " + std::strerror(errno);
  }
  base_ = reinterpret_cast<std::uintptr_t>(memory);
  reserved_ = bytes;
  used_ = kBlockAlignment;  // unit 0 means "no block"
  if (bound_ == 0) set_bound(kHeapBound);
  update_debt();
  return {};
}

void Heap::discard() {
  if (reserved_ == 0) return;
  unpoison_region(to_pointer(base_), used_);
  munmap(to_pointer(base_), reserved_);
  base_ = reserved_ = used_ = 0;
  free_ = {};
  budget_ += static_cast<std::int64_t>(live_bytes());
  live_blocks_ = 0;
  quarantine_first_ = quarantine_size_ = 0;
  fault_count_ = 0;
  pages_.discard();
}

void Heap::set_bound(std::size_t bytes) {
  budget_ += static_cast<std::int64_t>(bytes) - static_cast<std::int64_t>(bound_);
  bound_ = bytes;
}

void Heap::set_runaway_handler(RunawayHandler handler, void* context) {
  runaway_ = handler;
  runaway_context_ = context;
}

void Heap::set_tier(MemoryTier tier) {
  tier_ = tier;
  update_debt();
}

void Heap::set_thorough(bool on) {
  thorough_ = on;
  update_debt();
}

void Heap::fail_after(std::uint64_t n, bool persistent) {
  failing_.set(n, persistent);
  update_debt();
}

void Heap::update_debt() {
  // valgrind is told of every block.
  const bool slow =
      thorough_ || tier_ == MemoryTier::kGuardAll || failing_.left() != 0 || on_valgrind();
  const std::int64_t debt = slow ? kDebt : 0;
  budget_ += debt_ - debt;
  debt_ = debt;
}

// Counts down to the allocation that is to fail, and says whether it is this one.
bool Heap::allocation_fails(std::size_t bytes) {
  const bool fails = failing_.fails(bytes);
  if (fails && failing_.left() == 0) update_debt();
  return fails;
}

void* Heap::allocate_slowly(std::size_t bytes) {
  const HeapLock lock(lock_);
  return allocate_unlocked(bytes);
}

LASTREF_NO_ASAN void* Heap::allocate_unlocked(std::size_t bytes) {
  if (bytes > kMaxBlockBytes || allocation_fails(bytes)) return nullptr;
  const bool session = bytes == session_size_ && bytes != 0;
  // The release of a guarded block leaves the fast path, on which valgrind hears of nothing.
  const bool guarded = thorough_ || on_valgrind() || (session && tier_ != MemoryTier::kCount);
  const std::size_t guard = guarded ? kGuardBytes : 0;
  const std::size_t stride = sizeof(Header) + class_bytes(size_class(bytes + guard));
  if (remaining() < static_cast<std::int64_t>(stride)) {
    if (runaway_ != nullptr) runaway_(runaway_context_, live_bytes() + stride);
    return nullptr;
  }
  std::uint32_t flags =
      (session ? kMarkSession : 0) | (guarded ? kMarkGuarded : 0) | (thorough_ ? kMarkThorough : 0);
  Header* const header = take(bytes, flags);
  if (header == nullptr) return nullptr;
  budget_ -= static_cast<std::int64_t>(stride);
  ++live_blocks_;
  *header = Header{kLivePlain | flags, static_cast<std::uint32_t>(bytes), 0, moment_};
  void* const block = block_of(header);
  valgrind_allocated(block, bytes, guard);
  fill(header, block);
  if (session && observer_.born != nullptr) observer_.born(observer_.context, block);
  return block;
}

// A place for a block: on pages of its own if the tier says so and there are any, which is then
// noted in `flags`.
LASTREF_NO_ASAN BlockHeader* Heap::take(std::size_t bytes, std::uint32_t& flags) {
  const bool session = (flags & kMarkSession) != 0;
  if (tier_ == MemoryTier::kGuardAll || (tier_ == MemoryTier::kGuard && session)) {
    if (GuardSlot* const slot = pages_.take(bytes); slot != nullptr) {
      flags |= kMarkPaged;
      if (stacks_) slot->allocated = call_stack();
      return &slot->header;
    }
  }
  const int of = size_class(bytes + ((flags & kMarkGuarded) != 0 ? kGuardBytes : 0));
  std::uint32_t& first = free_[static_cast<std::size_t>(of)];
  if (first == 0) return carve(sizeof(Header) + class_bytes(of));
  Header* const header = at_unit(first);
  first = header->next;
  return header;
}

// Takes a block from the part of the region that was never given out.
LASTREF_NO_ASAN BlockHeader* Heap::carve(std::size_t stride) {
  if (stride > reserved_ - used_) {
    // Free blocks of other sizes fill the region: a runaway too, and the same without a handler.
    if (runaway_ != nullptr && reserved_ != 0) runaway_(runaway_context_, used_ + stride);
    return nullptr;
  }
  auto* const header = static_cast<Header*>(to_pointer(base_ + used_));
  used_ += stride;
  poison_region(header, stride);
  return header;
}

void* Heap::reallocate(void* block, std::size_t bytes) {
  const HeapLock lock(lock_);
  return reallocate_unlocked(block, bytes);
}

LASTREF_NO_ASAN void* Heap::reallocate_unlocked(void* block, std::size_t bytes) {
  if (block == nullptr) return allocate_unlocked(bytes);
  if (bytes == 0) {
    release_unlocked(block);
    return nullptr;
  }
  if (state(block) != BlockState::kLive) {
    wrong_release(block);
    return nullptr;
  }
  Header* const header = header_at(block);
  const std::size_t before = header->size;
  // In place, when nothing that depends on the size changes but the size. A tier that checks finds
  // those who go on using the old place.
  if (header->mark == kLivePlain && bytes != session_size_ && !moves() &&
      size_class(bytes) == size_class(before)) {
    if (allocation_fails(bytes)) return nullptr;
    header->size = static_cast<std::uint32_t>(bytes);
    poison_region(block, class_bytes(size_class(bytes)));
    unpoison_region(block, bytes);
    return block;
  }
  void* const moved = allocate_unlocked(bytes);
  if (moved == nullptr) return nullptr;
  std::memcpy(moved, block, std::min(before, bytes));
  release_unlocked(block);
  return moved;
}

void Heap::release_slowly(void* block) {
  const HeapLock lock(lock_);
  release_unlocked(block);
}

LASTREF_NO_ASAN void Heap::release_unlocked(void* block) {
  if (block == nullptr) return;
  if (state(block) != BlockState::kLive) {
    wrong_release(block);
    return;
  }
  Header* const header = header_at(block);
  const bool guarded = (header->mark & kMarkGuarded) != 0;
  const bool session = (header->mark & kMarkSession) != 0;
  budget_ += static_cast<std::int64_t>(sizeof(Header) + class_bytes(class_of(*header)));
  --live_blocks_;
  if (session && observer_.died != nullptr) {
    observer_.died(observer_.context, block, header->tag);
  }
  valgrind_released(block);
  if ((header->mark & kMarkPaged) != 0) {
    release_pages(header);
    return;
  }
  if (guarded) check_guard(header);
  if (moves() && (session || guarded)) {
    enter_quarantine(header);
  } else {
    push_free(header);
  }
}

LASTREF_NO_ASAN void Heap::push_free(Header* header) {
  const int of = class_of(*header);
  header->mark = (header->mark & ~kMarkState) | kMarkReleased;
  header->next = free_[static_cast<std::size_t>(of)];
  free_[static_cast<std::size_t>(of)] = unit_of(header);
  poison_region(header + 1, class_bytes(of));
}

LASTREF_NO_ASAN BlockState Heap::state(const void* pointer) const {
  std::uint32_t mark = 0;
  if (pages_.contains(pointer)) {
    const GuardSlot* const slot = pages_.slot_at(pointer);
    if (slot == nullptr || pages_.block(*slot) != pointer) return BlockState::kForeign;
    mark = slot->header.mark;
  } else {
    if (!plausible(pointer)) return BlockState::kForeign;
    mark = header_of(pointer)->mark;
  }
  if (!has_magic(mark)) return BlockState::kForeign;
  switch (mark & kMarkState) {
    case kMarkLive:
      return BlockState::kLive;
    case kMarkReleased:
      return BlockState::kReleased;
    case kMarkQuarantined:
      return BlockState::kQuarantined;
    default:
      return BlockState::kForeign;
  }
}

}  // namespace lastref
