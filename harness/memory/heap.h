// The allocator that a target runs on. It sees every birth and death of a session's block, notices
// every wrong release, and gives the same addresses for the same sequence of calls.
//
// One heap for a process, heap(). The process that loads a library owns it: reserve() before the
// library's first allocation. It costs no lock while the process has one thread, and a spin lock
// from the moment that a second one was started; the observer is then called with the lock held and
// must not allocate from the heap.
//
// Each block has a header of 16 bytes in front, which alone links the free lists: what a library
// writes to a block that it has released never harms the heap itself. How much more it does is a
// tier, chosen for each program.
#ifndef LASTREF_HARNESS_MEMORY_HEAP_H_
#define LASTREF_HARNESS_MEMORY_HEAP_H_

#include <sys/single_threaded.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "harness/memory/block.h"
#include "harness/memory/call_stack.h"
#include "harness/memory/countdown.h"
#include "harness/memory/guard_pages.h"
#include "harness/memory/memory_tier.h"

namespace lastref {

// What the heap saw a target do wrong.
enum class HeapFaultKind : std::uint8_t {
  kForeignRelease,     // released a pointer that the heap never gave out
  kInteriorRelease,    // released a pointer into the middle of a block
  kDoubleRelease,      // released a block that is not live
  kWriteAfterRelease,  // wrote to a block after its release
  kOverrun,            // wrote beyond the end of a block, or before its start
};

// One of them. A wrong release was not carried out.
struct HeapFault {
  HeapFaultKind kind = HeapFaultKind::kForeignRelease;
  bool session = false;      // the block is a session's
  std::uint32_t tag = 0;     // the block's, see Heap::tag()
  std::uint32_t size = 0;    // the block's, in bytes; 0 when there is none
  std::uint32_t offset = 0;  // interior: of the pointer; writes: of the first byte that changed
  std::uint16_t allocated_at = 0;  // see Heap::set_moment()
  std::uint16_t released_at = 0;
  const void* address = nullptr;    // the pointer released, or the start of the block written to
  const GuardSlot* slot = nullptr;  // where the block is on guard pages: its stacks
  CallStack stack;                  // of the release, with set_stacks()
};

// What the heap knows of an address.
struct BlockInfo {
  BlockState state = BlockState::kForeign;
  bool session = false;
  std::uint32_t tag = 0;
  std::uint32_t size = 0;    // bytes asked for
  std::uint32_t offset = 0;  // of the address from the start of the block
  std::uint16_t allocated_at = 0;
  std::uint16_t released_at = 0;
  const GuardSlot* slot = nullptr;
};

// Called on the birth and the death of a session's block. At birth its bytes are undefined; at
// death they are as the library left them.
struct BlockObserver {
  void* context = nullptr;
  void (*born)(void* context, void* block) = nullptr;
  void (*died)(void* context, void* block, std::uint32_t tag) = nullptr;
};

// Called when live bytes would pass the bound. It must not return.
using RunawayHandler = void (*)(void* context, std::size_t bytes);

// Live bytes (headers included) that a target may hold. A library with a context, certificates and
// 24 sessions needs 3 MB; the endless loops among the known bugs take half a gigabyte a second.
inline constexpr std::size_t kHeapBound = std::size_t{64} << 20;
// Address space. Free lists do not give blocks of one size to another, hence the factor.
inline constexpr std::size_t kHeapReserve = 16 * kHeapBound;
// Far from where any kernel or sanitizer of x86-64 puts anything of its own.
inline constexpr std::uintptr_t kHeapAddress = 0x200000000000;
// Released session blocks that wait for end_program(). Programs bring up to kMaxSessions to life, a
// handshake seven; beyond this number the oldest is looked at and used again.
inline constexpr std::size_t kQuarantineBlocks = 1024;
// Faults kept until clear_faults(); later ones are only counted.
inline constexpr std::size_t kHeapFaults = 16;

class Heap {
  using Header = BlockHeader;

 public:
  constexpr Heap() = default;
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;

  // Maps the region; once. At another address than `hint` when that is taken. Empty on success,
  // else why not.
  std::string reserve(std::size_t bytes = kHeapReserve, std::uintptr_t hint = kHeapAddress);
  // Unmaps the region, and with it every block; the heap is then as new.
  void discard();

  // As malloc, realloc and free. allocate() returns NULL for what no bound could hold.
  void* allocate(std::size_t bytes);
  void* reallocate(void* block, std::size_t bytes);
  void release(void* block);

  // The bytes that were asked for, of a live block.
  LASTREF_NO_ASAN std::size_t size(const void* block) const { return header_at(block)->size; }

  // Blocks of exactly this size that are allocated from now on are sessions'. 0 for none.
  void set_session_size(std::size_t bytes) { session_size_ = bytes; }
  std::size_t session_size() const { return session_size_; }
  void set_observer(const BlockObserver& observer) { observer_ = observer; }

  // A number of the observer's for a block, 0 at birth. The block must be live or in quarantine.
  LASTREF_NO_ASAN std::uint32_t tag(const void* block) const { return header_at(block)->tag; }
  LASTREF_NO_ASAN void set_tag(void* block, std::uint32_t tag) { header_at(block)->tag = tag; }
  // What the heap knows of a pointer, any pointer, as the start of a block. O(1).
  BlockState state(const void* pointer) const;
  // The same of an address anywhere in a block, for reports; kForeign when there is no such block.
  // Looks back up to a megabyte. Safe in a signal handler.
  BlockInfo describe(const void* address) const;
  // Whether it is the start of a session's block that was not released.
  LASTREF_NO_ASAN bool is_live_session(const void* pointer) const {
    return state(pointer) == BlockState::kLive && (header_at(pointer)->mark & kMarkSession) != 0;
  }

  // Ends a program: every block in quarantine that was written to makes a fault; all become free,
  // in the order of their release.
  void end_program();
  // The same look without an end: blocks stay in quarantine. A write is reported once.
  void check_quarantine();
  std::size_t quarantined() const { return quarantine_size_ + pages_.released(); }

  // Whether anything wrong was seen since clear_faults(). To be asked after each operation.
  bool faults_pending() const { return fault_count_ != 0; }
  std::span<const HeapFault> faults() const;
  // How many were seen, also beyond kHeapFaults.
  std::size_t fault_count() const { return fault_count_; }
  void clear_faults() { fault_count_ = 0; }

  // What lives was allocated outside of any operation, from now on. In kGuardAll alone, where
  // left_over() may be asked for.
  void forget_moments();
  // A live block that an operation has allocated since forget_moments(), on pages of its own: the
  // first of them by place, kForeign for none. Only kGuardAll gives each block such pages.
  BlockInfo left_over() const;

  // Blocks allocated and not released, and their bytes with headers.
  std::size_t live_blocks() const { return live_blocks_; }
  std::size_t live_bytes() const { return bound_ - static_cast<std::size_t>(remaining()); }

  void set_bound(std::size_t bytes);
  std::size_t bound() const { return bound_; }
  // Without a handler, an allocation beyond the bound returns NULL.
  void set_runaway_handler(RunawayHandler handler, void* context);

  // For blocks that are allocated from now on. Costs: docs/detectors.md.
  void set_tier(MemoryTier tier);
  MemoryTier tier() const { return tier_; }

  // Every block is treated as the tier treats sessions short of pages, for replay: from now on it
  // is filled with kFreshByte at birth, guarded by kGuardBytes at its end, and poisoned and held in
  // quarantine after its release. About five times slower.
  void set_thorough(bool on);

  // Whether the stacks of those who allocate and release blocks on guard pages are kept, for
  // reports. Some microseconds each.
  void set_stacks(bool on) { stacks_ = on; }
  // What blocks that are allocated or released from now on remember of it: the number of the
  // operation that runs, counted from 1; 0 for none. Sessions remember, and in a thorough heap all.
  void set_moment(int moment) { moment_ = static_cast<std::uint16_t>(moment); }

  // The `n`-th allocation from now on returns NULL (1 is the next), and with `persistent` all after
  // it too. 0 for none. Costs nothing when off: it shares the bound's branch.
  void fail_after(std::uint64_t n, bool persistent);
  // What is left of `n`: 0 when that allocation has failed, or none is to; persistent: 1 from the
  // one before it on.
  std::uint64_t fails_after() const { return failing_.left(); }

 private:
  // Bytes that may still be allocated. The budget of the fast path is less by a debt while thorough
  // or failing allocations need the slow path.
  std::int64_t remaining() const { return budget_ + debt_; }
  void update_debt();
  bool allocation_fails(std::size_t bytes);

  // The slow paths, which take the lock, and what they do under it.
  void* allocate_slowly(std::size_t bytes);
  void release_slowly(void* block);
  void* allocate_unlocked(std::size_t bytes);
  void* reallocate_unlocked(void* block, std::size_t bytes);
  void release_unlocked(void* block);
  Header* take(std::size_t bytes, std::uint32_t& flags);
  Header* carve(std::size_t stride);
  void push_free(Header* header);
  void release_pages(Header* header);
  void check_slack(const GuardSlot& slot);
  void fill(Header* header, void* block);
  bool moves() const { return tier_ != MemoryTier::kCount || thorough_; }

  void poison(Header* header);
  void enter_quarantine(Header* header);
  void inspect(Header* header);
  void check_guard(const Header* header);
  const Header* containing(const void* address) const;
  void wrong_release(const void* block);
  void record(HeapFaultKind kind, const Header* header, const void* address, std::uint32_t offset);

  std::uint32_t unit_of(const Header* header) const;
  Header* at_unit(std::uint32_t unit) const;
  // Through an integer: compilers that see a foreign pointer's object warn of what is never done.
  static Header* header_of(const void* block) {
    return static_cast<Header*>(
        to_pointer(reinterpret_cast<std::uintptr_t>(block) - sizeof(Header)));
  }
  // The same for blocks on guard pages too, which must be some block's start.
  Header* header_at(const void* block) const {
    return pages_.contains(block) ? &pages_.slot_at(block)->header : header_of(block);
  }
  LASTREF_NO_ASAN void* block_of(Header* header) const {
    const GuardSlot* const slot = slot_of(header);
    return slot != nullptr ? pages_.block(*slot) : header + 1;
  }
  // A header is the first member of its slot, if it has one.
  LASTREF_NO_ASAN static const GuardSlot* slot_of(const Header* header) {
    return (header->mark & kMarkPaged) != 0 ? reinterpret_cast<const GuardSlot*>(header) : nullptr;
  }
  // Whether `block` could be a block's start: in the part of the region that was given out,
  // aligned.
  bool plausible(const void* block) const {
    const std::uintptr_t offset = reinterpret_cast<std::uintptr_t>(block) - base_;
    return offset < used_ && offset >= sizeof(Header) && offset % kBlockAlignment == 0;
  }

  std::int64_t budget_ = 0;
  std::size_t live_blocks_ = 0;
  std::size_t session_size_ = 0;
  std::uintptr_t base_ = 0;
  std::size_t used_ = 0;      // bytes of the region that were ever given out
  std::size_t reserved_ = 0;  // bytes of the region
  // First free block of each class, as the number of its header's 16-byte unit; 0 for none.
  std::array<std::uint32_t, kSizeClasses> free_{};

  BlockObserver observer_;
  std::int64_t debt_ = 0;
  std::size_t bound_ = 0;
  RunawayHandler runaway_ = nullptr;
  void* runaway_context_ = nullptr;
  MemoryTier tier_ = MemoryTier::kQuarantine;
  bool thorough_ = false;
  bool stacks_ = false;
  std::uint16_t moment_ = 0;
  GuardPages pages_;
  Countdown failing_;

  std::array<std::uint32_t, kQuarantineBlocks> quarantine_{};  // a ring of units
  std::size_t quarantine_first_ = 0;
  std::size_t quarantine_size_ = 0;

  std::array<HeapFault, kHeapFaults> faults_{};
  std::size_t fault_count_ = 0;
  std::atomic_flag lock_;
};

// The heap of this process.
extern constinit Heap process_heap;
inline Heap& heap() { return process_heap; }

// The fast paths: a block of a small class from its free list, and back.
#if !LASTREF_ASAN
inline void* Heap::allocate(std::size_t bytes) {
  if (bytes - 1 < kSmallBytes && bytes != session_size_ && __libc_single_threaded) [[likely]] {
    const auto of = static_cast<std::size_t>(small_class(bytes));
    const std::uint32_t unit = free_[of];
    const auto stride = static_cast<std::int64_t>(small_stride(bytes));
    if (unit != 0 && budget_ >= stride) [[likely]] {
      Header* const header = at_unit(unit);
      free_[of] = header->next;
      budget_ -= stride;
      ++live_blocks_;
      *header = Header{kLivePlain, static_cast<std::uint32_t>(bytes), 0, 0};
      return header + 1;
    }
  }
  return allocate_slowly(bytes);
}

inline void Heap::release(void* block) {
  if (__libc_single_threaded && plausible(block)) [[likely]] {
    Header* const header = header_of(block);
    const std::size_t bytes = header->size;
    if (header->mark == kLivePlain && bytes - 1 < kSmallBytes) [[likely]] {
      const auto of = static_cast<std::size_t>(small_class(bytes));
      header->mark = kReleasedPlain;
      header->next = free_[of];
      free_[of] = unit_of(header);
      budget_ += static_cast<std::int64_t>(small_stride(bytes));
      --live_blocks_;
      return;
    }
  }
  if (block == nullptr) return;  // which libraries do as often as not
  release_slowly(block);
}
#else
inline void* Heap::allocate(std::size_t bytes) { return allocate_slowly(bytes); }
inline void Heap::release(void* block) { release_slowly(block); }
#endif

inline std::uint32_t Heap::unit_of(const Header* header) const {
  return static_cast<std::uint32_t>((reinterpret_cast<std::uintptr_t>(header) - base_) /
                                    kBlockAlignment);
}

inline BlockHeader* Heap::at_unit(std::uint32_t unit) const {
  return static_cast<Header*>(to_pointer(base_ + std::uintptr_t{unit} * kBlockAlignment));
}

}  // namespace lastref

#endif  // LASTREF_HARNESS_MEMORY_HEAP_H_
