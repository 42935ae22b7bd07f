// The C API over the shards, and the findings.
#include <algorithm>
#include <array>
#include <memory>
#include <mutex>

#include "lastref/ownership.h"
#include "lib/ownership/shard.h"

namespace lastref::ownership {
namespace {

using Lock = std::lock_guard<SpinLock>;

// Zeroed by the loader and never built or torn down: usable from the first constructor of a
// process to its last destructor.
constinit std::array<Shard, kShards> shards;

class Findings {
 public:
  void add(const lastref_ledger_finding& finding) {
    const Lock lock(lock_);
    if (count_ < kept_.size()) kept_[count_] = finding;
    ++count_;
  }
  std::size_t copy(lastref_ledger_finding* out, std::size_t capacity) {
    const Lock lock(lock_);
    const std::size_t copied = std::min({capacity, count_, kept_.size()});
    std::copy_n(kept_.begin(), copied, out);
    return copied;
  }
  std::size_t count() {
    const Lock lock(lock_);
    return count_;
  }
  void clear() { count_ = 0; }

 private:
  SpinLock lock_;
  std::size_t count_ = 0;
  std::array<lastref_ledger_finding, LASTREF_LEDGER_FINDINGS> kept_{};
};
constinit Findings findings;

std::size_t shard_of(const void* address) {
  return static_cast<std::size_t>(reinterpret_cast<std::uintptr_t>(address) * 0x9e3779b97f4a7c15U >>
                                  58);
}
static_assert(kShards == std::size_t{1} << (64 - 58));

// A cookie: shard, record, and how often the record was given out. Never 0, for records count
// from 1.
lastref_cookie cookie_of(std::size_t shard, Index reference, std::uint32_t generation) {
  return static_cast<lastref_cookie>(shard) << 58 | static_cast<lastref_cookie>(reference) << 32 |
         generation;
}
static_assert(kReferences < std::size_t{1} << 26);

lastref_ledger_verdict accuse(lastref_ledger_verdict verdict, const Object& object,
                              const lastref_owner& owner, const void* released_from = nullptr) {
  if (object.incomplete) return LASTREF_LEDGER_UNKNOWN;
  findings.add({.verdict = verdict,
                .object = object.address,
                .owner = owner,
                .released_from = released_from,
                .event = object.events,
                .outstanding = object.outstanding});
  return verdict;
}

lastref_ledger_verdict release_reference(Shard& shard, Index object, Index reference,
                                         const void* site) {
  shard.release(object, reference, site);
  return shard.object(object).outstanding == 0 ? LASTREF_LEDGER_LAST : LASTREF_LEDGER_OK;
}

}  // namespace
}  // namespace lastref::ownership

using namespace lastref::ownership;

lastref_ledger_verdict lastref_object_begin(const void* object) {
  Shard& shard = shards[shard_of(object)];
  const Lock lock(shard.lock);
  lastref_ledger_verdict verdict = LASTREF_LEDGER_OK;
  if (const Index known = shard.find(object); known != 0 && !shard.object(known).ended) {
    verdict = accuse(LASTREF_LEDGER_EARLY_FREE, shard.object(known), {});
  }
  return shard.begin(object) == 0 ? LASTREF_LEDGER_UNKNOWN : verdict;
}

lastref_cookie lastref_acquire(const void* object, lastref_owner owner) {
  const std::size_t number = shard_of(object);
  Shard& shard = shards[number];
  const Lock lock(shard.lock);
  const Index index = shard.find(object);
  if (index == 0) return 0;
  Object& record = shard.object(index);
  ++record.events;
  if (record.ended) {
    accuse(LASTREF_LEDGER_DEAD_ACQUIRE, record, owner);
    return 0;
  }
  const Index added = shard.acquire(index, owner);
  return added == 0 ? 0 : cookie_of(number, added, shard.reference(added).generation);
}

lastref_ledger_verdict lastref_release(const void* object, lastref_owner owner) {
  Shard& shard = shards[shard_of(object)];
  const Lock lock(shard.lock);
  const Index index = shard.find(object);
  if (index == 0) return LASTREF_LEDGER_UNKNOWN;
  Object& record = shard.object(index);
  ++record.events;
  if (const Index held = shard.held_by(index, owner); held != 0) {
    return release_reference(shard, index, held, owner.site);
  }
  const Index earlier = shard.released_by(index, owner);
  if (earlier == 0) return accuse(LASTREF_LEDGER_BORROWED_FREE, record, owner);
  return accuse(LASTREF_LEDGER_DOUBLE_FREE, record, owner, shard.reference(earlier).owner.site);
}

lastref_ledger_verdict lastref_release_cookie(lastref_cookie cookie, const void* site) {
  Shard& shard = shards[cookie >> 58];
  const auto index = static_cast<Index>(cookie >> 32 & ((1U << 26) - 1));
  const auto generation = static_cast<std::uint32_t>(cookie);
  if (index == 0 || index > kReferences) return LASTREF_LEDGER_UNKNOWN;
  const Lock lock(shard.lock);
  Reference& reference = shard.reference(index);
  if (generation == 0 || generation > reference.generation) return LASTREF_LEDGER_UNKNOWN;
  Object& record = shard.object(reference.object);
  const bool mine = reference.generation == generation && reference.object != 0;
  lastref_owner owner = reference.owner;
  owner.site = site;
  if (mine && reference.live) {
    ++record.events;
    return release_reference(shard, reference.object, index, site);
  }
  // Its record was used again since, perhaps for another object: who it was is forgotten.
  if (!mine) {
    findings.add({.verdict = LASTREF_LEDGER_DOUBLE_FREE,
                  .object = nullptr,
                  .owner = {.kind = {}, .id = nullptr, .site = site},
                  .released_from = nullptr,
                  .event = 0,
                  .outstanding = 0});
    return LASTREF_LEDGER_DOUBLE_FREE;
  }
  ++record.events;
  return accuse(LASTREF_LEDGER_DOUBLE_FREE, record, owner, reference.owner.site);
}

lastref_ledger_verdict lastref_object_end(const void* object) {
  Shard& shard = shards[shard_of(object)];
  const Lock lock(shard.lock);
  const Index index = shard.find(object);
  if (index == 0) return LASTREF_LEDGER_UNKNOWN;
  Object& record = shard.object(index);
  ++record.events;
  lastref_ledger_verdict verdict = LASTREF_LEDGER_OK;
  if (record.outstanding > 0) verdict = accuse(LASTREF_LEDGER_EARLY_FREE, record, {});
  shard.end(index);
  return verdict;
}

uint32_t lastref_outstanding(const void* object) {
  Shard& shard = shards[shard_of(object)];
  const Lock lock(shard.lock);
  const Index index = shard.find(object);
  return index == 0 ? 0 : shard.object(index).outstanding;
}

size_t lastref_ledger_report(void (*visit)(void*, const lastref_ledger_reference*),
                             void* argument) {
  std::size_t count = 0;
  for (Shard& shard : shards) {
    const Lock lock(shard.lock);
    for (Index i = 1; i <= shard.object_count(); ++i) {
      for (Index r = shard.object(i).live; r != 0; r = shard.reference(r).next) {
        const Reference& held = shard.reference(r);
        const lastref_ledger_reference reference{
            .object = shard.object(i).address, .owner = held.owner, .event = held.event};
        visit(argument, &reference);
        ++count;
      }
    }
  }
  return count;
}

size_t lastref_ledger_check() {
  std::size_t count = 0;
  for (Shard& shard : shards) {
    const Lock lock(shard.lock);
    for (Index i = 1; i <= shard.object_count(); ++i) {
      const Object& record = shard.object(i);
      if (record.address == nullptr || record.ended || record.outstanding > 0) continue;
      if (accuse(LASTREF_LEDGER_LEAK, record, {}) == LASTREF_LEDGER_LEAK) ++count;
    }
  }
  return count;
}

size_t lastref_ledger_findings(lastref_ledger_finding* out, size_t capacity) {
  return findings.copy(out, capacity);
}

size_t lastref_ledger_finding_count() { return findings.count(); }

size_t lastref_ledger_dropped() {
  std::size_t count = 0;
  for (Shard& shard : shards) {
    const Lock lock(shard.lock);
    count += shard.dropped();
  }
  return count;
}

void lastref_ledger_reset() {
  for (Shard& shard : shards) {
    // A part that was never used is left untouched, and so are the pages of its tables.
    if (shard.object_count() == 0 && shard.dropped() == 0) continue;
    shard.clear();
  }
  findings.clear();
}

const char* lastref_ledger_verdict_name(lastref_ledger_verdict verdict) {
  switch (verdict) {
    case LASTREF_LEDGER_OK:
      return "ok";
    case LASTREF_LEDGER_LAST:
      return "last";
    case LASTREF_LEDGER_UNKNOWN:
      return "unknown";
    case LASTREF_LEDGER_DOUBLE_FREE:
      return "double-free";
    case LASTREF_LEDGER_BORROWED_FREE:
      return "borrowed-free";
    case LASTREF_LEDGER_EARLY_FREE:
      return "early-free";
    case LASTREF_LEDGER_LEAK:
      return "leak";
    case LASTREF_LEDGER_DEAD_ACQUIRE:
      return "dead-acquire";
  }
  return "?";
}
