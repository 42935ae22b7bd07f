// A part of the ledger: the objects whose addresses fall into it, and all references to them.
//
// Bounded tables without pointers: records name each other by index, 0 is none. Nothing is set up
// beforehand, so that a ledger that nobody uses touches no memory. The caller holds the lock.
#ifndef LASTREF_LIB_OWNERSHIP_SHARD_H_
#define LASTREF_LIB_OWNERSHIP_SHARD_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "lastref/ownership.h"
#include "lib/ownership/spin_lock.h"

namespace lastref::ownership {

inline constexpr std::size_t kShards = 64;
inline constexpr std::size_t kObjects = LASTREF_LEDGER_OBJECTS / kShards;
inline constexpr std::size_t kReferences = LASTREF_LEDGER_REFERENCES / kShards;
inline constexpr std::size_t kBuckets = 512;
// Owners remembered for each object after they released: the application, and some that come and
// go.
inline constexpr std::uint32_t kRememberedOwners = 8;

using Index = std::uint32_t;

struct Reference {
  lastref_owner owner{};
  Index next = 0;  // in the object's list of live or of released references
  Index object = 0;
  std::uint32_t generation = 0;  // how often the record was given out
  std::uint32_t event = 0;
  bool live = false;
};

struct Object {
  const void* address = nullptr;
  Index next = 0;      // in the bucket
  Index live = 0;      // references, the newest first
  Index released = 0;  // one for each owner that released, the newest first
  Index next_ended = 0;
  std::uint32_t outstanding = 0;
  std::uint32_t remembered = 0;
  std::uint32_t events = 0;
  bool ended = false;
  bool queued = false;      // in the queue of ended objects, perhaps alive again
  bool incomplete = false;  // an event was dropped: no accusation is safe
};

class Shard {
 public:
  // The object at an address, or 0.
  Index find(const void* address) const;
  // A record for a new object, linked; an ended one with the address is used again. 0: no room.
  Index begin(const void* address);
  void end(Index index);

  // 0: no room.
  Index acquire(Index index, const lastref_owner& owner);
  // The newest live reference of the owner, or 0.
  Index held_by(Index index, const lastref_owner& owner) const;
  // A remembered reference that the owner released, or 0.
  Index released_by(Index index, const lastref_owner& owner) const;
  // A live reference becomes its owner's remembered one, with the place of the release.
  void release(Index index, Index released, const void* site);

  Object& object(Index index) { return objects_[index]; }
  Reference& reference(Index index) { return references_[index]; }
  Index object_count() const { return used_objects_; }
  void drop(Index index);
  std::size_t dropped() const { return dropped_; }
  // Forgets everything but how often each record was given out, so that old cookies stay void.
  void clear();

  SpinLock lock;

 private:
  Index new_object();
  Index new_reference();
  void recycle(Index reference);
  void forget_references(Object& object);
  bool forget_oldest_ended();
  void remember(Object& object, Index released);

  std::array<Index, kBuckets> buckets_{};
  Index used_objects_ = 0;  // records 1..used were given out at least once
  Index used_references_ = 0;
  Index free_objects_ = 0;
  Index free_references_ = 0;
  Index oldest_ended_ = 0;
  Index newest_ended_ = 0;
  std::size_t dropped_ = 0;
  std::array<Object, kObjects + 1> objects_{};
  std::array<Reference, kReferences + 1> references_{};
};

}  // namespace lastref::ownership

#endif  // LASTREF_LIB_OWNERSHIP_SHARD_H_
