// A part of the ledger: the objects whose addresses fall into it, and all references to them.
//
// Bounded tables without pointers: records name each other by index, 0 is none. Nothing is set up
// beforehand, so that a ledger that nobody uses touches no memory. The caller holds the lock.
//
// An object's record has slots for its first live references; a slot that was released remembers
// its reference until it is needed anew. What does not fit is in lists. So the usual event writes
// to one slot and to nothing else.
#ifndef LASTREF_LIB_OWNERSHIP_SHARD_H_
#define LASTREF_LIB_OWNERSHIP_SHARD_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "lastref/ownership.h"
#include "lib/ownership/live_slots.h"
#include "lib/ownership/moment.h"
#include "lib/ownership/spin_lock.h"

namespace lastref::ownership {

inline constexpr std::size_t kShards = 64;
inline constexpr std::size_t kObjects = LASTREF_LEDGER_OBJECTS / kShards;
inline constexpr std::size_t kReferences = LASTREF_LEDGER_REFERENCES / kShards;
inline constexpr std::size_t kBuckets = 512;
// Owners remembered for each object beside those in its slots: some that come and go.
inline constexpr std::uint32_t kRememberedOwners = 8;

using Index = std::uint32_t;

// Who must release a reference. Small, and handed on as a copy: one whose address nobody takes
// stays in registers, and so do moments.
struct Holder {
  lastref_owner_kind kind{};
  const void* id = nullptr;
  const char* name = nullptr;
};

struct Reference {
  const void* id = nullptr;
  const char* name = nullptr;
  lastref_owner_kind kind{};
  std::uint32_t event = 0;
  Moment acquired;
  Moment released;

  bool is_of(Holder holder) const { return kind == holder.kind && id == holder.id; }
  Holder holder() const { return {kind, id, name}; }
};

// One that found no slot.
struct ListedReference : Reference {
  // Live: the next in the object's list. Released: the newest one of the next owner.
  Index next = 0;
  // Released: the next newer one of the same owner; of the newest, the oldest.
  Index ring = 0;
  Index object = 0;
  std::uint16_t kept = 0;  // of the newest one of an owner: how many are in the ring
  bool live = false;
};

struct alignas(64) Object {
  const void* address = nullptr;
  Index next = 0;  // in the bucket
  // What every event changes.
  std::uint32_t events = 0;
  LiveSlots live;
  std::uint8_t used = 0;  // the slots that hold a reference, live or remembered, a bit each
  bool ended = false;
  bool queued = false;      // in the queue of ended objects, perhaps alive again
  bool incomplete = false;  // an event was dropped: no accusation is safe
  bool accused = false;
  Index live_list = 0;        // the newest first
  std::uint32_t listed = 0;   // how many they are
  Index remembered_list = 0;  // the newest of each owner, the newest first
  std::uint32_t remembered_owners = 0;
  Index next_ended = 0;
  std::uint64_t cookies = 0;  // what the cookies of its slots have in common
  struct alignas(64) Slot : Reference {};
  std::array<Slot, kSlots> slots;

  std::uint32_t outstanding() const { return live.count() + listed; }
};
static_assert(kSlots == 8, "a bit of Object::used each");

class Shard {
 public:
  // The object at an address, or 0.
  Index find(const void* address) const {
    Index found = buckets_[bucket_of(address)];
    while (found != 0 && objects_[found].address != address) found = objects_[found].next;
    return found;
  }
  // The same without a question after 0: the record of another address, or none's, when there is
  // none. Records of objects that ended share the bucket, so that the first is not always the one.
  Object& nearest(const void* address) {
    Object* record = &objects_[buckets_[bucket_of(address)]];
    while (record->address != address && record->next != 0) record = &objects_[record->next];
    return *record;
  }
  // A record for a new object, linked; an ended one with the address is used again. 0: no room.
  Index begin(const void* address);
  // References that are still live stay its own: their owners may yet release them.
  void end(Index index);

  // Whether the slot holds a reference that was released.
  static bool is_past(const Object& object, std::uint32_t slot) {
    return (object.used >> slot & 1U) != 0 && !object.live.has(slot);
  }

  // NULL: no room.
  Reference* acquire(Object& object, Holder holder, Moment moment) {
    // By turns, so that what is remembered is of the recent past.
    const std::uint32_t slot = object.live.free_from(object.events % kSlots);
    if (object.live.has(slot)) return acquire_in_list(object, holder, moment);
    Reference& reference = object.slots[slot];
    if (is_past(object, slot) && !reference.is_of(holder)) move_to_list(object, reference);
    reference.id = holder.id;
    reference.name = holder.name;
    reference.kind = holder.kind;
    reference.event = object.events;
    reference.acquired = moment;
    object.used = static_cast<std::uint8_t>(object.used | 1U << slot);
    object.live.add(slot);
    return &reference;
  }

  // The newest live reference of the owner, or NULL.
  Reference* held_by(Object& object, Holder holder) {
    const std::uint32_t newer =
        object.live.find([&](std::uint32_t slot) { return object.slots[slot].is_of(holder); });
    Reference* newest = newer == kSlots ? nullptr : &object.slots[object.live.behind(newer)];
    if (object.listed != 0) [[unlikely]]
      return newer_in_list(object, holder, newest);
    return newest;
  }

  // A live reference becomes one that its owner is remembered for.
  void release(Object& object, Reference* reference, Moment moment) {
    reference->released.where = moment.where;
    reference->released.when = moment.when;
    if (const std::size_t slot = slot_of(object, reference); slot < kSlots) [[likely]] {
      object.live.remove(static_cast<std::uint32_t>(slot));
    } else {
      release_in_list(object, static_cast<ListedReference*>(reference));
    }
  }

  // A live reference gets another owner; the one before is remembered for it as if released. It
  // keeps the number of its acquire, which its cookie has. False: no room.
  bool transfer(Object& object, Reference& held, Holder to, Moment moment);

  Object& object(Index index) { return objects_[index]; }
  Index index_of(const Object& object) const {
    return static_cast<Index>(&object - objects_.data());
  }
  Index object_count() const { return used_objects_; }
  ListedReference& listed(Index index) { return references_[index]; }
  Index index_of(const ListedReference& reference) const {
    return static_cast<Index>(&reference - references_.data());
  }
  // The slot of a reference; kSlots or more for a listed one.
  static std::size_t slot_of(const Object& object, const Reference* reference) {
    return (reinterpret_cast<std::uintptr_t>(reference) -
            reinterpret_cast<std::uintptr_t>(object.slots.data())) /
           sizeof(Object::Slot);
  }

  // The event's number in this part, and its thread.
  std::uint64_t stamp() { return ownership::stamp(sequence_); }
  std::uint64_t sequence() const { return sequence_; }

  void drop(Object& object);
  std::size_t dropped() const { return dropped_; }
  // Forgets all but the number of its latest event, so that old cookies stay void.
  void clear();

  // `visit(const Reference&)` for each live reference, and for each remembered one.
  template <class Visit>
  void for_each_live(const Object& object, const Visit& visit) const {
    for (std::uint32_t i = 0; i < kSlots; ++i) {
      if (object.live.has(i)) visit(object.slots[i]);
    }
    for (Index i = object.live_list; i != 0; i = references_[i].next) visit(references_[i]);
  }
  template <class Visit>
  void for_each_remembered(const Object& object, const Visit& visit) const {
    for (Index newest = object.remembered_list; newest != 0; newest = references_[newest].next) {
      Index i = newest;
      do {
        i = references_[i].ring;
        visit(references_[i]);
      } while (i != newest);
    }
    for (std::uint32_t i = 0; i < kSlots; ++i) {
      if (is_past(object, i)) visit(object.slots[i]);
    }
  }

  SpinLock lock;

 private:
  static std::size_t bucket_of(const void* address) {
    return (reinterpret_cast<std::uintptr_t>(address) * 0x9e3779b97f4a7c15U >> 49) % kBuckets;
  }
  Index new_object();
  bool forget_oldest_ended();

  // lists.cc
  Reference* acquire_in_list(Object& object, Holder holder, Moment moment);
  Reference* newer_in_list(Object& object, Holder holder, Reference* newest);
  void release_in_list(Object& object, ListedReference* reference);
  void move_to_list(Object& object, const Reference& past);
  Index new_reference();
  void recycle(Index reference);
  void remember(Object& object, Index released);
  void join_ring(Index before, Index released);
  void forget_ring(Index newest);
  void forget_references(Object& object);
  bool thin_out();

  std::uint64_t sequence_ = 0;
  Index used_objects_ = 0;  // records 1..used were given out at least once
  Index used_references_ = 0;
  Index free_objects_ = 0;
  Index free_references_ = 0;
  Index oldest_ended_ = 0;
  Index newest_ended_ = 0;
  std::size_t dropped_ = 0;
  bool thinned_ = false;  // no room for more than one listed remembered reference of each owner
  std::array<Index, kBuckets> buckets_{};
  std::array<Object, kObjects + 1> objects_{};
  std::array<ListedReference, kReferences + 1> references_{};
};

}  // namespace lastref::ownership

#endif  // LASTREF_LIB_OWNERSHIP_SHARD_H_
