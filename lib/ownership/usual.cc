// The usual event: an acquire that finds a slot, a release of the reference that was acquired last.
//
// Everything else is left to the functions of ledger.cc, before anything was changed and as the
// last thing done, so that these two keep all they know in registers. Their stores are counted: the
// atomic operation on the code's own count, which comes next, waits until each has reached memory.
#include "lib/ownership/ledger.h"
#include "lib/ownership/recent_stacks.h"

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

[[gnu::always_inline]] inline lastref_cookie acquire(const void* object, lastref_owner_kind kind,
                                                     const void* id, const char* name,
                                                     std::uint64_t where) {
  Shard& shard = shards[shard_of(object)];
  if (!is_enrolled() || !shard.lock.try_lock()) [[unlikely]]
    return acquire_slowly(object, kind, id, name, where);
  Object& record = shard.first_of_bucket(object);
  const std::uint32_t slot = Shard::next_slot(record.live, record.events + 1);
  Reference& reference = record.slots[slot];
  if (record.address != object || record.ended ||
      ((record.used & ~record.live) >> slot & 1U) == 0 || !fits(reference, kind, id, name))
      [[unlikely]] {
    shard.lock.unlock();
    return acquire_slowly(object, kind, id, name, where);
  }
  reference.acquired.where = where;
  reference.event = ++record.events;
  record.live = static_cast<std::uint8_t>(record.live | 1U << slot);
  record.latest = static_cast<std::uint8_t>(slot);
  const std::uint64_t when = shard.stamp();
  reference.acquired.when = when;
  shard.lock.unlock();
  return slot_cookie(record.cookies, slot, when >> kThreadBits);
}

[[gnu::always_inline]] inline lastref_ledger_verdict release(const void* object,
                                                             lastref_owner_kind kind,
                                                             const void* id, std::uint64_t where) {
  Shard& shard = shards[shard_of(object)];
  if (!is_enrolled() || !shard.lock.try_lock()) [[unlikely]]
    return release_slowly(object, kind, id, where);
  Object& record = shard.first_of_bucket(object);
  if (!is_usual_release(record, object, kind, id)) [[unlikely]] {
    shard.lock.unlock();
    return release_slowly(object, kind, id, where);
  }
  Reference& reference = record.slots[record.latest];
  reference.released.where = where;
  ++record.events;
  record.live = static_cast<std::uint8_t>(record.live & ~(1U << record.latest));
  reference.released.when = shard.stamp();
  const bool last = record.live == 0;
  shard.lock.unlock();
  return last ? LASTREF_LEDGER_LAST : LASTREF_LEDGER_OK;
}

// Functions of their own, for they need a frame. `caller` is who called the ledger.
[[gnu::noinline]] lastref_cookie acquire_on_stack(const void* object, lastref_owner_kind kind,
                                                  const void* id, const void* site,
                                                  const char* name, const void* caller) {
  const std::uint64_t where = where_on_stack(site, caller, __builtin_frame_address(0));
  return acquire(object, kind, id, name, where);
}

[[gnu::noinline]] lastref_ledger_verdict release_on_stack(const void* object,
                                                          lastref_owner_kind kind, const void* id,
                                                          const void* site, const void* caller) {
  const std::uint64_t where = where_on_stack(site, caller, __builtin_frame_address(0));
  return release(object, kind, id, where);
}

}  // namespace
}  // namespace lastref::ownership

using namespace lastref::ownership;

lastref_cookie lastref_ledger_acquire(const void* object, lastref_owner_kind kind, const void* id,
                                      const void* site, const char* name) {
  const std::uint64_t mask = trace_mask.load(std::memory_order_relaxed);
  if (site == nullptr) site = __builtin_return_address(0);
  if (mask == kTraceStack) [[unlikely]]
    return acquire_on_stack(object, kind, id, site, name, __builtin_return_address(0));
  return acquire(object, kind, id, name, reinterpret_cast<std::uintptr_t>(site) & mask);
}

lastref_ledger_verdict lastref_ledger_release(const void* object, lastref_owner_kind kind,
                                              const void* id, const void* site) {
  const std::uint64_t mask = trace_mask.load(std::memory_order_relaxed);
  if (site == nullptr) site = __builtin_return_address(0);
  if (mask == kTraceStack) [[unlikely]]
    return release_on_stack(object, kind, id, site, __builtin_return_address(0));
  return release(object, kind, id, reinterpret_cast<std::uintptr_t>(site) & mask);
}
