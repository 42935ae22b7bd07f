// The parts of the ledger, and which of them an object falls into.
#ifndef LASTREF_LIB_OWNERSHIP_LEDGER_H_
#define LASTREF_LIB_OWNERSHIP_LEDGER_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "lib/ownership/shard.h"

namespace lastref::ownership {

// Zeroed by the loader and never built or torn down: usable from the first constructor of a
// process to its last destructor.
// Hidden, as all variables here: found without a look into a table.
[[gnu::visibility("hidden")]] extern constinit std::array<Shard, kShards> shards;

// From where events are recorded: what of a caller's address is kept, or kTraceStack.
inline constexpr std::uint64_t kTraceOff = 0;
inline constexpr std::uint64_t kTraceCaller = ~std::uint64_t{0};
inline constexpr std::uint64_t kTraceStack = 1;
[[gnu::visibility("hidden")]] extern constinit std::atomic<std::uint64_t> trace_mask;

inline std::size_t shard_of(const void* address) {
  return static_cast<std::size_t>(reinterpret_cast<std::uintptr_t>(address) * 0x9e3779b97f4a7c15U >>
                                  58);
}
static_assert(kShards == std::size_t{1} << (64 - 58));

// A cookie: shard, whether the reference is listed, its index (that of a slot: object and slot),
// and the number of its acquire, which is given out once in a shard. Never 0, for numbers count
// from 1.
inline constexpr int kIndexBits = 14;
inline constexpr int kSequenceBits = 64 - 6 - 1 - kIndexBits;
static_assert((kObjects + 1) * kSlots <= std::size_t{1} << kIndexBits);
static_assert(kReferences < std::size_t{1} << kIndexBits);
static_assert(kSequenceBits + kThreadBits == 64);

inline std::uint64_t common_cookie(std::size_t shard, std::size_t index, bool listed) {
  return static_cast<std::uint64_t>(shard) << 58 | std::uint64_t{listed} << 57 |
         static_cast<std::uint64_t>(index) << kSequenceBits;
}
inline lastref_cookie slot_cookie(std::uint64_t common, std::size_t slot, std::uint64_t sequence) {
  return common | static_cast<std::uint64_t>(slot) << kSequenceBits | sequence;
}

// An object as the ledger knows it, and the lock of its part for as long as this lives.
struct Found {
  explicit Found(const void* object)
      : number(shard_of(object)),
        shard(shards[number]),
        lock(shard.lock),
        index(shard.find(object)),
        record(index == 0 ? nullptr : &shard.object(index)) {}

  std::size_t number;  // of the part
  Shard& shard;
  Lock lock;
  Index index;
  Object* record;  // NULL when the ledger does not know the object
};

// What the C API's functions of the same names come to when an event is not a usual one. `where` is
// its place, as in Moment.
lastref_cookie acquire_slowly(const void* object, lastref_owner_kind kind, const void* id,
                              const char* name, std::uint64_t where);
lastref_ledger_verdict release_slowly(const void* object, lastref_owner_kind kind, const void* id,
                                      std::uint64_t where);

}  // namespace lastref::ownership

#endif  // LASTREF_LIB_OWNERSHIP_LEDGER_H_
