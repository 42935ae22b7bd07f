// What is asked of the ledger when no event happens.
#include <algorithm>

#include "lastref/ownership.h"
#include "lib/ownership/findings.h"
#include "lib/ownership/ledger.h"
#include "lib/ownership/stacks.h"

namespace lastref::ownership {
namespace {

bool is_live(const Object& record) { return record.address != nullptr && !record.ended; }

// A LEAK for each live object, or only for those that nobody owns.
std::size_t find_leaks(bool also_owned) {
  std::size_t count = 0;
  for (Shard& shard : shards) {
    const Lock lock(shard.lock);
    for (Index i = 1; i <= shard.object_count(); ++i) {
      Object& record = shard.object(i);
      if (!is_live(record) || (record.outstanding() > 0 && !also_owned)) continue;
      Charge charge;
      shard.for_each_live(record, [&charge](const Reference& held) {
        charge.who = held.holder();
        charge.moment = held.acquired;
      });
      if (accuse(LASTREF_LEDGER_LEAK, shard, record, charge) == LASTREF_LEDGER_LEAK) ++count;
    }
  }
  return count;
}

}  // namespace
}  // namespace lastref::ownership

using namespace lastref::ownership;

uint32_t lastref_outstanding(const void* object) {
  const Found found(object);
  return found.record == nullptr || found.record->ended ? 0 : found.record->outstanding();
}

uint32_t lastref_held(const void* object, lastref_owner owner) {
  const Found found(object);
  if (found.record == nullptr || found.record->ended) return 0;
  std::uint32_t count = 0;
  found.shard.for_each_live(*found.record, [&](const Reference& held) {
    if (held.is_of({owner.kind, owner.id, owner.name})) ++count;
  });
  return count;
}

size_t lastref_ledger_report(void (*visit)(void*, const lastref_ledger_reference*),
                             void* argument) {
  std::size_t count = 0;
  for (Shard& shard : shards) {
    const Lock lock(shard.lock);
    for (Index i = 1; i <= shard.object_count(); ++i) {
      if (!is_live(shard.object(i))) continue;
      shard.for_each_live(shard.object(i), [&](const Reference& held) {
        const lastref_moment acquired = shown(held.acquired);
        const lastref_ledger_reference reference{.object = shard.object(i).address,
                                                 .owner = shown(held.holder(), acquired),
                                                 .acquired = acquired,
                                                 .event = held.event};
        visit(argument, &reference);
        ++count;
      });
    }
  }
  return count;
}

size_t lastref_ledger_check() { return find_leaks(false); }
size_t lastref_ledger_teardown() { return find_leaks(true); }

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

void lastref_ledger_set_trace(lastref_ledger_trace asked) {
  trace_mask.store(asked == LASTREF_LEDGER_TRACE_OFF     ? kTraceOff
                   : asked == LASTREF_LEDGER_TRACE_STACK ? kTraceStack
                                                         : kTraceCaller,
                   std::memory_order_relaxed);
}

void lastref_ledger_reset() {
  for (Shard& shard : shards) {
    // A part that was never used is left untouched, and so are the pages of its tables.
    if (shard.object_count() == 0 && shard.dropped() == 0) continue;
    shard.clear();
  }
  findings.clear();
  forget_stacks();
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
    case LASTREF_LEDGER_USE_AFTER_FREE:
      return "use-after-free";
    case LASTREF_LEDGER_DANGLING_CACHE:
      return "dangling-cache";
    case LASTREF_LEDGER_DANGLING_CONNECTION:
      return "dangling-connection";
    case LASTREF_LEDGER_MISCOUNT:
      return "miscount";
  }
  return "?";
}
