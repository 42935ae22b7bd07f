// The events of the C API: what the code tells the ledger, and what it hears.
#include "lib/ownership/ledger.h"

#include "lastref/ownership.h"
#include "lib/ownership/findings.h"
#include "lib/ownership/recent_stacks.h"

namespace lastref::ownership {

constinit std::array<Shard, kShards> shards;
constinit std::atomic<std::uint64_t> trace_mask{kTraceCaller};
[[gnu::tls_model("initial-exec")]] constinit thread_local std::uint64_t thread_clock = 0;

namespace {

constinit std::atomic<std::uint64_t> threads{0};

constexpr std::uint64_t kSequenceMask = (std::uint64_t{1} << kSequenceBits) - 1;

lastref_cookie cookie_of(std::size_t number, const Object& object, const Reference& reference) {
  const Shard& shard = shards[number];
  const std::uint64_t sequence = reference.acquired.sequence();
  const std::size_t slot = Shard::slot_of(object, &reference);
  if (slot < kSlots) return slot_cookie(object.cookies, slot, sequence);
  const Index index = shard.index_of(static_cast<const ListedReference&>(reference));
  return common_cookie(number, index, true) | sequence;
}

// What a cookie names. The shard's lock is held but by the constructor.
struct Named {
  std::size_t number;
  std::uint64_t sequence;
  std::size_t index;
  bool listed;
  Object* object = nullptr;
  Reference* reference = nullptr;  // NULL when it was forgotten
  bool live = false;

  explicit Named(lastref_cookie cookie)
      : number(cookie >> 58),
        sequence(cookie & kSequenceMask),
        index(cookie >> kSequenceBits & ((1U << kIndexBits) - 1)),
        listed((cookie >> 57 & 1U) != 0) {}

  // False when no cookie can be like that.
  bool resolve(Shard& shard) {
    if (sequence == 0 || sequence > shard.sequence()) return false;
    return listed ? resolve_listed(shard) : resolve_slot(shard);
  }

 private:
  bool resolve_listed(Shard& shard) {
    if (index == 0 || index > kReferences) return false;
    ListedReference& found = shard.listed(static_cast<Index>(index));
    if (found.object == 0 || found.acquired.sequence() != sequence) return true;
    object = &shard.object(found.object);
    reference = &found;
    live = found.live;
    return true;
  }
  bool resolve_slot(Shard& shard) {
    const auto slot = static_cast<std::uint32_t>(index % kSlots);
    if (index < kSlots || index / kSlots > kObjects) return false;
    Object& of = shard.object(static_cast<Index>(index / kSlots));
    if ((of.used >> slot & 1U) == 0 || of.slots[slot].acquired.sequence() != sequence) return true;
    object = &of;
    reference = &of.slots[slot];
    live = of.live.has(slot);
    return true;
  }
};

// Every event's first step: the caller's place, as far as it is asked for. Inlined, so that the
// caller is that of the function of the API. No lock is held.
[[gnu::always_inline]] inline std::uint64_t here(const void* site) {
  enrol();
  const std::uint64_t mask = trace_mask.load(std::memory_order_relaxed);
  const void* caller = __builtin_return_address(0);
  if (site == nullptr) site = caller;
  if (mask == kTraceStack) return where_on_stack(site, caller, __builtin_frame_address(0));
  return reinterpret_cast<std::uintptr_t>(site) & mask;
}

// The event is the object's next.
inline Moment enter(Shard& shard, Object& object, std::uint64_t where) {
  ++object.events;
  return {where, shard.stamp()};
}

// `held` is given back. To an object that has ended nothing can be given back.
inline lastref_ledger_verdict give_back(Shard& shard, Object& object, Reference* held,
                                        Moment moment) {
  lastref_ledger_verdict verdict = LASTREF_LEDGER_OK;
  if (object.ended) [[unlikely]] {
    verdict = accuse(LASTREF_LEDGER_USE_AFTER_FREE, shard, object,
                     {.who = held->holder(), .moment = moment});
  }
  shard.release(object, held, moment);
  if (object.outstanding() == 0 && !object.ended) return LASTREF_LEDGER_LAST;
  return verdict;
}

// The owner holds no reference: a double free if it ever released one.
lastref_ledger_verdict accuse_of_release(Shard& shard, Object& object, Holder who, Moment moment) {
  return accuse(LASTREF_LEDGER_BORROWED_FREE, shard, object,
                {.who = who, .moment = moment, .release = true});
}

// The cookie's reference is not held any more.
lastref_ledger_verdict accuse_of_cookie(Shard& shard, const Named& named, Moment moment) {
  if (named.reference != nullptr) {
    return accuse(
        LASTREF_LEDGER_DOUBLE_FREE, shard, *named.object,
        {.who = named.reference->holder(), .moment = moment, .candidate = named.reference});
  }
  // Its place was used again since, perhaps for another object: whose it was is forgotten.
  lastref_ledger_finding finding{};
  finding.verdict = LASTREF_LEDGER_DOUBLE_FREE;
  finding.moment = shown(moment);
  finding.owner.site = finding.moment.site;
  findings.add(finding);
  return LASTREF_LEDGER_DOUBLE_FREE;
}

Moment enter_named(Shard& shard, const Named& named, std::uint64_t where) {
  return named.object == nullptr ? Moment{where, shard.stamp()}
                                 : enter(shard, *named.object, where);
}

lastref_ledger_verdict pass_on(Shard& shard, Object& object, Reference& held, Holder to,
                               Moment moment) {
  if (object.ended) {
    return accuse(LASTREF_LEDGER_USE_AFTER_FREE, shard, object,
                  {.who = held.holder(), .moment = moment});
  }
  return shard.transfer(object, held, to, moment) ? LASTREF_LEDGER_OK : LASTREF_LEDGER_UNKNOWN;
}

Holder holder_of(const lastref_owner& owner) { return {owner.kind, owner.id, owner.name}; }

}  // namespace

// Of more threads than the bits can tell the last ones share a number.
void enrol() {
  if (is_enrolled()) return;
  const std::uint64_t number = threads.fetch_add(1, std::memory_order_relaxed) + 1;
  thread_clock = number < kThreadMask ? number : kThreadMask;
}

lastref_cookie acquire_slowly(const void* object, lastref_owner_kind kind, const void* id,
                              const char* name, std::uint64_t where) {
  enrol();
  const Found found(object);
  if (found.record == nullptr) return 0;
  Shard& shard = found.shard;
  Object& record = *found.record;
  const Moment moment = enter(shard, record, where);
  const Holder who{kind, id, name};
  if (record.ended) {
    accuse(LASTREF_LEDGER_USE_AFTER_FREE, shard, record, {.who = who, .moment = moment});
    return 0;
  }
  const Reference* added = shard.acquire(record, who, moment);
  return added == nullptr ? 0 : cookie_of(found.number, record, *added);
}

lastref_ledger_verdict release_slowly(const void* object, lastref_owner_kind kind, const void* id,
                                      std::uint64_t where) {
  enrol();
  const Found found(object);
  if (found.record == nullptr) return LASTREF_LEDGER_UNKNOWN;
  Shard& shard = found.shard;
  Object& record = *found.record;
  const Moment moment = enter(shard, record, where);
  const Holder who{kind, id, nullptr};
  Reference* held = shard.held_by(record, who);
  if (held == nullptr) return accuse_of_release(shard, record, who, moment);
  return give_back(shard, record, held, moment);
}

}  // namespace lastref::ownership

using namespace lastref::ownership;

lastref_ledger_verdict lastref_object_begin(const void* object) {
  const std::uint64_t where = here(nullptr);
  Shard& shard = shards[shard_of(object)];
  const Lock lock(shard.lock);
  const Moment moment{where, shard.stamp()};
  lastref_ledger_verdict verdict = LASTREF_LEDGER_OK;
  if (const Index known = shard.find(object); known != 0 && !shard.object(known).ended) {
    ++shard.object(known).events;
    verdict = accuse_of_loss(shard, shard.object(known), moment);
  }
  const Index begun = shard.begin(object);
  if (begun == 0) return LASTREF_LEDGER_UNKNOWN;
  shard.object(begun).cookies = common_cookie(shard_of(object), begun * kSlots, false);
  return verdict;
}

lastref_ledger_verdict lastref_release_cookie(lastref_cookie cookie, const void* site) {
  const std::uint64_t where = here(site);
  Named named(cookie);
  Shard& shard = shards[named.number];
  const Lock lock(shard.lock);
  if (!named.resolve(shard)) return LASTREF_LEDGER_UNKNOWN;
  const Moment moment = enter_named(shard, named, where);
  if (!named.live) return accuse_of_cookie(shard, named, moment);
  return give_back(shard, *named.object, named.reference, moment);
}

lastref_ledger_verdict lastref_transfer(const void* object, lastref_owner from, lastref_owner to) {
  const std::uint64_t where = here(from.site);
  const Found found(object);
  if (found.record == nullptr) return LASTREF_LEDGER_UNKNOWN;
  Shard& shard = found.shard;
  Object& record = *found.record;
  const Moment moment = enter(shard, record, where);
  const Holder who = holder_of(from);
  Reference* held = shard.held_by(record, who);
  if (held == nullptr) return accuse_of_release(shard, record, who, moment);
  return pass_on(shard, record, *held, holder_of(to), moment);
}

lastref_ledger_verdict lastref_transfer_cookie(lastref_cookie cookie, lastref_owner to) {
  const std::uint64_t where = here(to.site);
  Named named(cookie);
  Shard& shard = shards[named.number];
  const Lock lock(shard.lock);
  if (!named.resolve(shard)) return LASTREF_LEDGER_UNKNOWN;
  const Moment moment = enter_named(shard, named, where);
  if (!named.live) return accuse_of_cookie(shard, named, moment);
  return pass_on(shard, *named.object, *named.reference, holder_of(to), moment);
}

lastref_ledger_verdict lastref_object_use(const void* object) {
  const std::uint64_t where = here(nullptr);
  const Found found(object);
  if (found.record == nullptr) return LASTREF_LEDGER_UNKNOWN;
  Shard& shard = found.shard;
  Object& record = *found.record;
  const Moment moment = enter(shard, record, where);
  if (!record.ended) return LASTREF_LEDGER_OK;
  return accuse(LASTREF_LEDGER_USE_AFTER_FREE, shard, record, {.who = {}, .moment = moment});
}

lastref_ledger_verdict lastref_object_count(const void* object, uint32_t count) {
  const std::uint64_t where = here(nullptr);
  const Found found(object);
  if (found.record == nullptr) return LASTREF_LEDGER_UNKNOWN;
  Shard& shard = found.shard;
  Object& record = *found.record;
  const Moment moment = enter(shard, record, where);
  if (count == (record.ended ? 0 : record.outstanding())) return LASTREF_LEDGER_OK;
  if (count == 0 && dangles(shard, record)) return accuse_of_loss(shard, record, moment);
  return accuse(LASTREF_LEDGER_MISCOUNT, shard, record,
                {.who = {}, .moment = moment, .count = count});
}

lastref_ledger_verdict lastref_object_end(const void* object) {
  const std::uint64_t where = here(nullptr);
  const Found found(object);
  if (found.record == nullptr) return LASTREF_LEDGER_UNKNOWN;
  Shard& shard = found.shard;
  Object& record = *found.record;
  const Moment moment = enter(shard, record, where);
  if (record.ended)
    return accuse(LASTREF_LEDGER_USE_AFTER_FREE, shard, record, {.who = {}, .moment = moment});
  const lastref_ledger_verdict verdict = accuse_of_loss(shard, record, moment);
  shard.end(found.index);
  return verdict;
}
