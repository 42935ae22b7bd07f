#include "lib/ownership/shard.h"

namespace lastref::ownership {
namespace {

bool same_owner(const lastref_owner& a, const lastref_owner& b) {
  return a.kind == b.kind && a.id == b.id;
}

std::size_t bucket_of(const void* address) {
  return (reinterpret_cast<std::uintptr_t>(address) * 0x9e3779b97f4a7c15U >> 49) % kBuckets;
}

}  // namespace

Index Shard::find(const void* address) const {
  Index found = buckets_[bucket_of(address)];
  while (found != 0 && objects_[found].address != address) found = objects_[found].next;
  return found;
}

Index Shard::begin(const void* address) {
  Index index = find(address);
  if (index == 0) {
    index = new_object();
    if (index == 0) {
      ++dropped_;
      return 0;
    }
    objects_[index] = Object{};
    objects_[index].address = address;
    Index& bucket = buckets_[bucket_of(address)];
    objects_[index].next = bucket;
    bucket = index;
    return index;
  }
  Object& object = objects_[index];
  forget_references(object);
  object.events = 0;
  object.ended = false;
  object.incomplete = false;
  return index;
}

void Shard::end(Index index) {
  Object& object = objects_[index];
  while (object.live != 0) {
    const Index dropped = object.live;
    object.live = references_[dropped].next;
    recycle(dropped);
  }
  object.outstanding = 0;
  object.ended = true;
  if (object.queued) return;
  object.queued = true;
  object.next_ended = 0;
  (newest_ended_ == 0 ? oldest_ended_ : objects_[newest_ended_].next_ended) = index;
  newest_ended_ = index;
}

Index Shard::acquire(Index index, const lastref_owner& owner) {
  const Index added = new_reference();
  if (added == 0) {
    drop(index);
    return 0;
  }
  Object& object = objects_[index];
  Reference& reference = references_[added];
  reference.owner = owner;
  reference.object = index;
  reference.event = object.events;
  reference.live = true;
  ++reference.generation;
  reference.next = object.live;
  object.live = added;
  ++object.outstanding;
  return added;
}

Index Shard::held_by(Index index, const lastref_owner& owner) const {
  Index held = objects_[index].live;
  while (held != 0 && !same_owner(references_[held].owner, owner)) held = references_[held].next;
  return held;
}

Index Shard::released_by(Index index, const lastref_owner& owner) const {
  Index released = objects_[index].released;
  while (released != 0 && !same_owner(references_[released].owner, owner)) {
    released = references_[released].next;
  }
  return released;
}

void Shard::release(Index index, Index released, const void* site) {
  Object& object = objects_[index];
  Index* place = &object.live;
  while (*place != released) place = &references_[*place].next;
  *place = references_[released].next;
  --object.outstanding;
  references_[released].live = false;
  references_[released].owner.site = site;
  remember(object, released);
}

// One record for each owner: an owner that comes and goes takes no room each time.
void Shard::remember(Object& object, Index released) {
  Index* place = &object.released;
  Index last = 0;
  while (*place != 0 && !same_owner(references_[*place].owner, references_[released].owner)) {
    last = *place;
    if (references_[last].next == 0 && object.remembered >= kRememberedOwners) break;
    place = &references_[last].next;
  }
  if (const Index replaced = *place; replaced != 0) {
    *place = references_[replaced].next;
    recycle(replaced);
  } else {
    ++object.remembered;
  }
  references_[released].next = object.released;
  object.released = released;
}

void Shard::drop(Index index) {
  ++dropped_;
  objects_[index].incomplete = true;
}

Index Shard::new_object() {
  if (used_objects_ < kObjects) return ++used_objects_;
  if (free_objects_ == 0 && !forget_oldest_ended()) return 0;
  const Index index = free_objects_;
  if (index != 0) free_objects_ = objects_[index].next;
  return index;
}

Index Shard::new_reference() {
  if (free_references_ == 0) {
    if (used_references_ < kReferences) return ++used_references_;
    while (free_references_ == 0) {
      if (!forget_oldest_ended()) return 0;
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
  for (Index* list : {&object.live, &object.released}) {
    while (*list != 0) {
      const Index forgotten = *list;
      *list = references_[forgotten].next;
      recycle(forgotten);
    }
  }
  object.outstanding = 0;
  object.remembered = 0;
}

bool Shard::forget_oldest_ended() {
  while (oldest_ended_ != 0) {
    const Index index = oldest_ended_;
    Object& object = objects_[index];
    oldest_ended_ = object.next_ended;
    if (oldest_ended_ == 0) newest_ended_ = 0;
    object.queued = false;
    if (!object.ended) continue;  // its address came to life again
    forget_references(object);
    Index* place = &buckets_[bucket_of(object.address)];
    while (*place != index) place = &objects_[*place].next;
    *place = object.next;
    object.address = nullptr;
    object.next = free_objects_;
    free_objects_ = index;
    return true;
  }
  return false;
}

void Shard::clear() {
  buckets_.fill(0);
  for (Index i = 1; i <= used_objects_; ++i) objects_[i] = Object{};
  for (Index i = 1; i <= used_references_; ++i) {
    references_[i] = Reference{.generation = references_[i].generation};
  }
  used_objects_ = used_references_ = 0;
  free_objects_ = free_references_ = 0;
  oldest_ended_ = newest_ended_ = 0;
  dropped_ = 0;
}

}  // namespace lastref::ownership
