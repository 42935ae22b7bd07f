// The objects of a part of the ledger.
#include "lib/ownership/shard.h"

namespace lastref::ownership {

Index Shard::begin(const void* address) {
  Index index = find(address);
  if (index == 0) {
    index = new_object();
    if (index == 0) {
      ++dropped_;
      return 0;
    }
    Index& bucket = buckets_[bucket_of(address)];
    objects_[index].address = address;
    objects_[index].next = bucket;
    bucket = index;
  }
  Object& object = objects_[index];
  forget_references(object);
  object.events = 0;
  object.ended = false;
  object.incomplete = false;
  object.accused = false;
  return index;
}

void Shard::end(Index index) {
  Object& object = objects_[index];
  object.ended = true;
  if (object.queued) return;
  object.queued = true;
  object.next_ended = 0;
  (newest_ended_ == 0 ? oldest_ended_ : objects_[newest_ended_].next_ended) = index;
  newest_ended_ = index;
}

void Shard::drop(Object& object) {
  ++dropped_;
  object.incomplete = true;
}

Index Shard::new_object() {
  if (used_objects_ < kObjects) return ++used_objects_;
  if (free_objects_ == 0 && !forget_oldest_ended()) return 0;
  const Index index = free_objects_;
  if (index != 0) free_objects_ = objects_[index].next;
  return index;
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
  // Slots and listed references are written before they are read.
  for (Index i = 1; i <= used_objects_; ++i) {
    Object& object = objects_[i];
    object.address = nullptr;
    object.queued = object.ended = false;
    object.live = {};
    object.used = 0;
    object.live_list = object.remembered_list = 0;
    object.listed = object.remembered_owners = 0;
  }
  for (Index i = 1; i <= used_references_; ++i) references_[i] = ListedReference{};
  used_objects_ = used_references_ = 0;
  free_objects_ = free_references_ = 0;
  oldest_ended_ = newest_ended_ = 0;
  dropped_ = 0;
  thinned_ = false;
}

}  // namespace lastref::ownership
