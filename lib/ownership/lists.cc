// The references of a part of the ledger that found no slot in their object's record.
#include "lib/ownership/shard.h"

namespace lastref::ownership {

Reference* Shard::acquire_in_list(Object& object, Holder holder, Moment moment) {
  const Index added = new_reference();
  if (added == 0) {
    drop(object);
    return nullptr;
  }
  ListedReference& reference = references_[added];
  reference.id = holder.id;
  reference.name = holder.name;
  reference.kind = holder.kind;
  reference.event = object.events;
  reference.acquired = moment;
  reference.object = index_of(object);
  reference.live = true;
  reference.next = object.live_list;
  object.live_list = added;
  ++object.listed;
  return &reference;
}

Reference* Shard::newer_in_list(Object& object, Holder holder, Reference* newest) {
  // The list is in the order of the acquires: the first one is its newest.
  for (Index i = object.live_list; i != 0; i = references_[i].next) {
    if (!references_[i].is_of(holder)) continue;
    const bool newer = newest == nullptr || references_[i].acquired.when > newest->acquired.when;
    return newer ? &references_[i] : newest;
  }
  return newest;
}

void Shard::release_in_list(Object& object, ListedReference* reference) {
  const Index released = index_of(*reference);
  Index* place = &object.live_list;
  while (*place != released) place = &references_[*place].next;
  *place = reference->next;
  --object.listed;
  reference->live = false;
  remember(object, released);
}

void Shard::move_to_list(Object& object, const Reference& past) {
  const Index copy = new_reference();
  if (copy == 0) return drop(object);
  static_cast<Reference&>(references_[copy]) = past;
  references_[copy].object = index_of(object);
  references_[copy].live = false;
  remember(object, copy);
}

bool Shard::transfer(Object& object, Reference& held, Holder to, Moment moment) {
  const std::size_t dropped = dropped_;
  Reference past = held;
  past.released = moment;
  move_to_list(object, past);
  if (dropped_ != dropped) return false;
  held.id = to.id;
  held.name = to.name;
  held.kind = to.kind;
  held.event = object.events;
  held.acquired.where = moment.where;
  return true;
}

// A few records for each owner, so that one who comes and goes takes no room each time. They form a
// ring, so that the oldest is found without a walk.
void Shard::remember(Object& object, Index released) {
  ListedReference& now = references_[released];
  now.ring = released;
  now.kept = 1;
  Index* place = &object.remembered_list;
  while (*place != 0 && !references_[*place].is_of(now.holder())) {
    // One owner more than there is room for: the one that released longest ago is forgotten.
    if (references_[*place].next == 0 && object.remembered_owners >= kRememberedOwners) break;
    place = &references_[*place].next;
  }
  const Index before = *place;
  if (before == 0) {
    ++object.remembered_owners;
  } else {
    *place = references_[before].next;
    if (references_[before].is_of(now.holder())) {
      join_ring(before, released);
    } else {
      forget_ring(before);
    }
  }
  now.next = object.remembered_list;
  object.remembered_list = released;
}

// `released` becomes the newest in the ring of `before`, whose oldest leaves if it is full.
void Shard::join_ring(Index before, Index released) {
  ListedReference& now = references_[released];
  now.kept = references_[before].kept;
  const Index oldest = references_[before].ring;
  const std::uint32_t room = thinned_ ? 1 : LASTREF_LEDGER_REMEMBERED;
  if (now.kept < room) {
    now.ring = oldest;
    ++now.kept;
  } else {
    now.ring = oldest == before ? released : references_[oldest].ring;
    recycle(oldest);
    if (oldest == before) return;
  }
  references_[before].ring = released;
}

void Shard::forget_ring(Index newest) {
  Index forgotten = references_[newest].ring;
  while (forgotten != newest) {
    const Index newer = references_[forgotten].ring;
    recycle(forgotten);
    forgotten = newer;
  }
  recycle(newest);
}

Index Shard::new_reference() {
  if (free_references_ == 0) {
    if (used_references_ < kReferences) return ++used_references_;
    while (free_references_ == 0) {
      if (!forget_oldest_ended() && !thin_out()) return 0;
    }
  }
  const Index index = free_references_;
  free_references_ = references_[index].next;
  return index;
}

void Shard::recycle(Index reference) {
  references_[reference].live = false;
  references_[reference].object = 0;
  references_[reference].next = free_references_;
  free_references_ = reference;
}

void Shard::forget_references(Object& object) {
  while (object.live_list != 0) {
    const Index forgotten = object.live_list;
    object.live_list = references_[forgotten].next;
    recycle(forgotten);
  }
  while (object.remembered_list != 0) {
    const Index forgotten = object.remembered_list;
    object.remembered_list = references_[forgotten].next;
    forget_ring(forgotten);
  }
  object.listed = object.remembered_owners = 0;
  object.live = {};
  object.used = 0;
}

// Once, for the rest of the table's life: of each owner the latest release only is listed.
bool Shard::thin_out() {
  if (thinned_) return false;
  thinned_ = true;
  for (Index i = 1; i <= used_objects_; ++i) {
    for (Index newest = objects_[i].remembered_list; newest != 0;
         newest = references_[newest].next) {
      ListedReference& kept = references_[newest];
      while (kept.ring != newest) {
        const Index oldest = kept.ring;
        kept.ring = references_[oldest].ring;
        recycle(oldest);
      }
      kept.kept = 1;
    }
  }
  return true;
}

}  // namespace lastref::ownership
