// The usual event: an acquire that finds a slot, a release of the reference that was acquired last.
//
// Everything else is left to the functions of ledger.cc, before anything was changed and as the
// last thing done, so that these two keep all they know in registers. Their stores are counted: the
// atomic operation on the code's own count, which comes next, waits until each has reached memory.
#include "lib/ownership/ledger.h"

namespace lastref::ownership {
namespace {

// Whether the slot's last reference was of the same owner: nothing is lost but a part of that
// owner's past, and who it is need not be written again.
inline bool fits(const Reference& past, lastref_owner_kind kind, const void* id, const char* name) {
  return past.kind == kind && past.id == id && past.name == name;
}

// Whether the owner holds the reference that was acquired last.
inline bool is_usual_release(const Object& record, const void* object, lastref_owner_kind kind,
                             const void* id) {
  if (record.address != object || record.ended || (record.live >> record.latest & 1U) == 0) {
    return false;
  }
  const Reference& latest = record.slots[record.latest];
  // What is listed may be newer.
  return record.listed == 0 && latest.kind == kind && latest.id == id;
}

}  // namespace
}  // namespace lastref::ownership

using namespace lastref::ownership;

lastref_cookie lastref_ledger_acquire(const void* object, lastref_owner_kind kind, const void* id,
                                      const void* site, const char* name) {
  Shard& shard = shards[shard_of(object)];
  if (trace_mask.load(std::memory_order_relaxed) == kTraceStack || !is_enrolled() ||
      !shard.lock.try_lock()) [[unlikely]]
    return acquire_slowly(object, kind, id, site, name, __builtin_return_address(0));
  Object& record = shard.first_of_bucket(object);
  const std::uint32_t slot = Shard::next_slot(record.live, record.events + 1);
  Reference& reference = record.slots[slot];
  if (record.address != object || record.ended ||
      ((record.used & ~record.live) >> slot & 1U) == 0 || !fits(reference, kind, id, name))
      [[unlikely]] {
    shard.lock.unlock();
    return acquire_slowly(object, kind, id, site, name, __builtin_return_address(0));
  }
  if (site == nullptr) site = __builtin_return_address(0);
  reference.acquired.where =
      reinterpret_cast<std::uintptr_t>(site) & trace_mask.load(std::memory_order_relaxed);
  reference.event = ++record.events;
  record.live = static_cast<std::uint8_t>(record.live | 1U << slot);
  record.latest = static_cast<std::uint8_t>(slot);
  const std::uint64_t when = shard.stamp();
  reference.acquired.when = when;
  shard.lock.unlock();
  return slot_cookie(record.cookies, slot, when >> kThreadBits);
}

lastref_ledger_verdict lastref_ledger_release(const void* object, lastref_owner_kind kind,
                                              const void* id, const void* site) {
  Shard& shard = shards[shard_of(object)];
  if (trace_mask.load(std::memory_order_relaxed) == kTraceStack || !is_enrolled() ||
      !shard.lock.try_lock()) [[unlikely]]
    return release_slowly(object, kind, id, site, __builtin_return_address(0));
  Object& record = shard.first_of_bucket(object);
  if (!is_usual_release(record, object, kind, id)) [[unlikely]] {
    shard.lock.unlock();
    return release_slowly(object, kind, id, site, __builtin_return_address(0));
  }
  if (site == nullptr) site = __builtin_return_address(0);
  Reference& reference = record.slots[record.latest];
  reference.released.where =
      reinterpret_cast<std::uintptr_t>(site) & trace_mask.load(std::memory_order_relaxed);
  ++record.events;
  record.live = static_cast<std::uint8_t>(record.live & ~(1U << record.latest));
  reference.released.when = shard.stamp();
  const bool last = record.live == 0;
  shard.lock.unlock();
  return last ? LASTREF_LEDGER_LAST : LASTREF_LEDGER_OK;
}
