// The half of the heap that finds faults: the quarantine, the guards, and wrong releases.

#include <algorithm>
#include <cstring>

#include "harness/memory/heap.h"
#include "harness/memory/heap_asan.h"
#include "harness/memory/heap_valgrind.h"

namespace lastref {
namespace {

// How far back from an interior pointer its block is looked for: longer than any session.
constexpr std::size_t kSearchBytes = std::size_t{1} << 20;

// memcmp() against it is several times faster than a loop over bytes.
constexpr std::size_t kPatternBytes = 1024;
constexpr auto kPoisonPattern = [] {
  std::array<unsigned char, kPatternBytes> pattern{};
  pattern.fill(kPoisonByte);
  return pattern;
}();

// Of a longer block only the ends are poisoned in a pass that is not thorough: of the 37 kB that a
// session of wolfSSL has, all but two are room for certificates. A replay is thorough.
constexpr std::size_t kPoisonedWhole = 4096;
constexpr std::size_t kPoisonedEnd = 1024;

// What is poisoned of a released block: [0, head) and [tail, size).
struct Poisoned {
  std::size_t head;
  std::size_t tail;
};
LASTREF_NO_ASAN Poisoned poisoned(const BlockHeader& header) {
  const std::size_t size = header.size;
  const bool whole = size <= kPoisonedWhole || (header.mark & kMarkThorough) != 0;
  return whole ? Poisoned{size, size} : Poisoned{kPoisonedEnd, size - kPoisonedEnd};
}

// The offset of the first byte from `done` on that is not kPoisonByte, or `end`.
std::size_t first_unpoisoned(const unsigned char* block, std::size_t done, std::size_t end) {
  for (; done < end; done += kPatternBytes) {
    const std::size_t part = std::min(kPatternBytes, end - done);
    if (std::memcmp(block + done, kPoisonPattern.data(), part) == 0) continue;
    while (block[done] == kPoisonByte) ++done;
    return done;
  }
  return end;
}

// Eight bytes, wherever they lie.
LASTREF_NO_ASAN inline std::uint64_t word_at(const unsigned char* bytes) {
  std::uint64_t word;
  __builtin_memcpy(&word, bytes, sizeof word);
  return word;
}

// The moments of a block that is not free, as its header's `next` holds them.
constexpr unsigned kReleasedShift = 16;

}  // namespace

// What lies around a block, and in it, when it is given out.
LASTREF_NO_ASAN void Heap::fill(Header* header, void* block) {
  auto* const bytes = static_cast<unsigned char*>(block);
  const std::size_t size = header->size;
  const bool thorough = (header->mark & kMarkThorough) != 0;
  if (const GuardSlot* const slot = slot_of(header); slot != nullptr) {
    unsigned char* const begin = pages_.pages_of(*slot);
    const auto before = static_cast<std::size_t>(bytes - begin);
    unpoison_region(begin, GuardPages::bytes_of(*slot));
    if (thorough) std::memset(begin, kGuardByte, before);
    std::memset(bytes + size, kGuardByte, GuardPages::bytes_of(*slot) - before - size);
    poison_region(begin, GuardPages::bytes_of(*slot));
  } else if ((header->mark & kMarkGuarded) != 0) {
    unpoison_region(block, size + kGuardBytes);
    std::memset(bytes + size, kGuardByte, kGuardBytes);
    poison_region(bytes + size, kGuardBytes);
  }
  unpoison_region(block, size);
  // valgrind knows by itself which bytes nobody has written.
  if (thorough && !on_valgrind()) std::memset(block, kFreshByte, size);
}

// The block's pages are looked at for what was written beside it, and closed.
void Heap::release_pages(Header* header) {
  GuardSlot& slot = *reinterpret_cast<GuardSlot*>(header);
  check_slack(slot);
  header->mark = (header->mark & ~kMarkState) | kMarkQuarantined;
  header->next |= std::uint32_t{moment_} << kReleasedShift;
  if (stacks_) slot.released = call_stack();
  pages_.release(slot);
}

LASTREF_NO_ASAN void Heap::check_slack(const GuardSlot& slot) {
  const unsigned char* const begin = pages_.pages_of(slot);
  const auto* const block = static_cast<const unsigned char*>(pages_.block(slot));
  const unsigned char* const end = begin + GuardPages::bytes_of(slot);
  const unsigned char* at = block + slot.header.size;
  while (at < end && *at == kGuardByte) ++at;
  if (at < end) {
    record(HeapFaultKind::kOverrun, &slot.header, block, static_cast<std::uint32_t>(at - block));
    return;
  }
  if ((slot.header.mark & kMarkThorough) == 0) return;
  at = begin;
  while (at < block && *at == kGuardByte) ++at;
  if (at < block) record(HeapFaultKind::kOverrun, &slot.header, block, 0);
}

LASTREF_NO_ASAN void Heap::poison(Header* header) {
  if (on_valgrind()) return;  // it sees a touch itself, and would see ours
  unpoison_region(header + 1, header->size);
  auto* const block = reinterpret_cast<unsigned char*>(header + 1);
  const Poisoned parts = poisoned(*header);
  std::memset(block, kPoisonByte, parts.head);
  std::memset(block + parts.tail, kPoisonByte, header->size - parts.tail);
  poison_region(header + 1, header->size);
}

LASTREF_NO_ASAN void Heap::enter_quarantine(Header* header) {
  if (quarantine_size_ == kQuarantineBlocks) {
    Header* const oldest = at_unit(quarantine_[quarantine_first_]);
    quarantine_first_ = (quarantine_first_ + 1) % kQuarantineBlocks;
    --quarantine_size_;
    inspect(oldest);
    push_free(oldest);
  }
  header->mark = (header->mark & ~kMarkState) | kMarkQuarantined;
  header->next |= std::uint32_t{moment_} << kReleasedShift;
  poison(header);
  quarantine_[(quarantine_first_ + quarantine_size_) % kQuarantineBlocks] = unit_of(header);
  ++quarantine_size_;
}

// Reports a write to a block in quarantine, and poisons it anew.
LASTREF_NO_ASAN void Heap::inspect(Header* header) {
  if (on_valgrind()) return;
  unpoison_region(header + 1, header->size);
  const std::size_t size = header->size;
  const auto* const block = reinterpret_cast<const unsigned char*>(header + 1);
  const Poisoned parts = poisoned(*header);
  std::size_t offset = first_unpoisoned(block, 0, parts.head);
  if (offset == parts.head) offset = first_unpoisoned(block, parts.tail, size);
  if (offset != size) {
    record(HeapFaultKind::kWriteAfterRelease, header, header + 1,
           static_cast<std::uint32_t>(offset));
    poison(header);
  }
  poison_region(header + 1, size);
}

void Heap::check_quarantine() {
  for (std::size_t i = 0; i < quarantine_size_; ++i) {
    inspect(at_unit(quarantine_[(quarantine_first_ + i) % kQuarantineBlocks]));
  }
}

void Heap::end_program() {
  check_quarantine();
  for (std::size_t i = 0; i < quarantine_size_; ++i) {
    push_free(at_unit(quarantine_[(quarantine_first_ + i) % kQuarantineBlocks]));
  }
  quarantine_first_ = quarantine_size_ = 0;
  pages_.recycle();
}

LASTREF_NO_ASAN void Heap::forget_moments() {
  for (GuardSlot& slot : pages_.slots()) {
    if ((slot.header.mark & kMarkState) == kMarkLive) slot.header.next = 0;
  }
}

LASTREF_NO_ASAN BlockInfo Heap::left_over() const {
  for (const GuardSlot& slot : pages_.slots()) {
    const bool live = (slot.header.mark & kMarkState) == kMarkLive;
    if (live && slot.header.next != 0) return describe(pages_.block(slot));
  }
  return {};
}

LASTREF_NO_ASAN void Heap::check_guard(const Header* header) {
  const auto* const block = reinterpret_cast<const unsigned char*>(header + 1);
  const unsigned char* const guard = block + header->size;
  static_assert(kGuardBytes == 2 * sizeof(std::uint64_t));
  constexpr std::uint64_t kGuardWord = kGuardByte * (~std::uint64_t{0} / 0xff);
  if (word_at(guard) == kGuardWord && word_at(guard + sizeof kGuardWord) == kGuardWord) return;
  for (std::size_t i = 0; i < kGuardBytes; ++i) {
    if (guard[i] == kGuardByte) continue;
    record(HeapFaultKind::kOverrun, header, block, static_cast<std::uint32_t>(header->size + i));
    return;
  }
}

// The header of the block that the address lies in, or NULL: the nearest one before it, if its
// block reaches that far.
LASTREF_NO_ASAN const BlockHeader* Heap::containing(const void* address) const {
  if (const GuardSlot* const slot = pages_.slot_at(address); slot != nullptr) return &slot->header;
  const std::uintptr_t offset = reinterpret_cast<std::uintptr_t>(address) - base_;
  if (offset >= used_) return nullptr;
  const auto unit = static_cast<std::uint32_t>(offset / kBlockAlignment);
  const std::uint32_t last = unit - std::min<std::uint32_t>(unit, kSearchBytes / kBlockAlignment);
  for (std::uint32_t at = unit; at > last; --at) {
    const Header* const header = at_unit(at);
    if (!has_magic(header->mark)) continue;
    const std::uintptr_t start = (std::uintptr_t{at} + 1) * kBlockAlignment;
    if (offset < start) continue;  // an address in a header belongs to the block before
    return offset < start + class_bytes(class_of(*header)) ? header : nullptr;
  }
  return nullptr;
}

LASTREF_NO_ASAN BlockInfo Heap::describe(const void* address) const {
  const Header* const header = containing(address);
  if (header == nullptr) return {};
  BlockInfo info;
  info.slot = slot_of(header);
  const auto block = reinterpret_cast<std::uintptr_t>(
      info.slot != nullptr ? pages_.block(*info.slot) : header + 1);
  const auto at = reinterpret_cast<std::uintptr_t>(address);
  info.state = state(to_pointer(block));
  info.session = (header->mark & kMarkSession) != 0;
  info.tag = header->tag;
  info.size = header->size;
  info.offset = at < block ? 0 : static_cast<std::uint32_t>(at - block);
  if (info.state == BlockState::kReleased) return info;  // `next` is a link
  info.allocated_at = static_cast<std::uint16_t>(header->next);
  info.released_at = static_cast<std::uint16_t>(header->next >> kReleasedShift);
  return info;
}

// `block` is not the start of a live block: says what it is instead.
LASTREF_NO_ASAN void Heap::wrong_release(const void* block) {
  const BlockState of = state(block);
  if (of == BlockState::kReleased || of == BlockState::kQuarantined) {
    record(HeapFaultKind::kDoubleRelease, header_at(block), block, 0);
  } else if (const Header* const header = containing(block); header != nullptr) {
    record(HeapFaultKind::kInteriorRelease, header, block, describe(block).offset);
  } else if (reinterpret_cast<std::uintptr_t>(block) - base_ >= used_ || !plausible(block) ||
             has_magic(static_cast<const Header*>(block)->mark)) {
    record(HeapFaultKind::kForeignRelease, nullptr, block, 0);  // into or to a header
  } else {
    // No block reaches this far: it is the start of one whose header was overwritten.
    record(HeapFaultKind::kOverrun, nullptr, block, 0);
  }
}

LASTREF_NO_ASAN void Heap::record(HeapFaultKind kind, const Header* header, const void* address,
                                  std::uint32_t offset) {
  if (fault_count_ < kHeapFaults) {
    HeapFault& fault = faults_[fault_count_];
    fault = HeapFault{};
    fault.kind = kind;
    fault.address = address;
    fault.offset = offset;
    if (header != nullptr) {
      const BlockInfo info = describe(address);
      fault.session = (header->mark & kMarkSession) != 0;
      fault.tag = header->tag;
      fault.size = header->size;
      fault.allocated_at = info.allocated_at;
      fault.released_at = info.released_at;
      fault.slot = slot_of(header);
    }
    if (stacks_) fault.stack = call_stack();
  }
  ++fault_count_;
}

std::span<const HeapFault> Heap::faults() const {
  return {faults_.data(), std::min(fault_count_, kHeapFaults)};
}

}  // namespace lastref
