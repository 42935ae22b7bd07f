// The usual event: an acquire that finds a slot, a release of the one that was acquired last.
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

// False when the event is not a usual one; then nothing was changed.
[[gnu::always_inline]] inline bool acquire_usually(const void* object, lastref_owner_kind kind,
                                                   const void* id, const char* name,
                                                   std::uint64_t where, lastref_cookie& cookie) {
  Shard& shard = shards[shard_of(object)];
  if (!is_enrolled()) [[unlikely]]
    return false;
  const TryLock lock(shard.lock);
  if (!lock) [[unlikely]]
    return false;
  Object& record = shard.nearest(object);
  if (record.address != object || record.ended) [[unlikely]]
    return false;
  const std::uint32_t slot = record.live.free_from((record.events + 1) % kSlots);
  Reference& reference = record.slots[slot];
  if (!Shard::is_past(record, slot) || !fits(reference, kind, id, name)) [[unlikely]]
    return false;
  reference.acquired.where = where;
  reference.event = ++record.events;
  record.live.add(slot);
  const std::uint64_t when = shard.stamp();
  reference.acquired.when = when;
  cookie = slot_cookie(record.cookies, slot, when >> kThreadBits);
  return true;
}

[[gnu::always_inline]] inline lastref_cookie acquire(const void* object, lastref_owner_kind kind,
                                                     const void* id, const char* name,
                                                     std::uint64_t where) {
  lastref_cookie cookie = 0;
  if (acquire_usually(object, kind, id, name, where, cookie)) [[likely]]
    return cookie;
  return acquire_slowly(object, kind, id, name, where);
}

[[gnu::always_inline]] inline bool release_usually(const void* object, lastref_owner_kind kind,
                                                   const void* id, std::uint64_t where,
                                                   lastref_ledger_verdict& verdict) {
  Shard& shard = shards[shard_of(object)];
  if (!is_enrolled()) [[unlikely]]
    return false;
  const TryLock lock(shard.lock);
  if (!lock) [[unlikely]]
    return false;
  Object& record = shard.nearest(object);
  LiveSlots live = record.live;
  Reference& newest = record.slots[live.newest()];
  // What is listed may be newer.
  if (record.address != object || record.ended || live.none() || record.listed != 0 ||
      newest.kind != kind || newest.id != id) [[unlikely]]
    return false;
  newest.released.where = where;
  ++record.events;
  live.remove_newest();
  record.live = live;
  newest.released.when = shard.stamp();
  verdict = live.none() ? LASTREF_LEDGER_LAST : LASTREF_LEDGER_OK;
  return true;
}

[[gnu::always_inline]] inline lastref_ledger_verdict release(const void* object,
                                                             lastref_owner_kind kind,
                                                             const void* id, std::uint64_t where) {
  lastref_ledger_verdict verdict = LASTREF_LEDGER_OK;
  if (release_usually(object, kind, id, where, verdict)) [[likely]]
    return verdict;
  return release_slowly(object, kind, id, where);
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
