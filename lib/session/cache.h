// A context's sessions, found by key and kept in order of expiry. It owns none of them: who links
// one acquires a reference for it, and who unlinks one has that reference to release.
//
// The links are in the sessions. Nothing here calls out, but for memory; every function needs the
// mutex of the context, and link() and unlink() its gate as well, through which find() may come
// without the mutex.
#ifndef LASTREF_LIB_SESSION_CACHE_H_
#define LASTREF_LIB_SESSION_CACHE_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "lib/session/link.h"
#include "lib/session/relaxed.h"

namespace lr {

class Cache {
 public:
  Cache() = default;
  Cache(const Cache&) = delete;
  Cache& operator=(const Cache&) = delete;
  // Empty by then.
  ~Cache();

  // NULL when none has the key, which is the one of its adding.
  LR_SESSION* find(const Key& key) const;

  // The session has claimed this cache's context as its home and is in no cache.
  void link(LR_SESSION* session, const Key& key);
  // The session is linked here. It keeps its home.
  void unlink(LR_SESSION* session);
  // The session is linked here and its expiry may have changed.
  void replace(LR_SESSION* session);

  // Both NULL when empty. From the latest to the earliest expiry; among equals the one that was
  // linked or replaced last is the nearest to the head.
  LR_SESSION* head() const { return head_; }
  LR_SESSION* tail() const { return tail_; }
  // May be read without the mutex.
  long number() const { return number_; }

 private:
  // Holds this many sessions without memory of its own.
  static constexpr std::size_t kFewBuckets = 32;

  std::uint64_t hash(const Key& key) const;
  LR_SESSION** bucket(std::uint64_t hash) const { return &buckets_[hash & (bucket_count_ - 1)]; }
  void insert(LR_SESSION* session);
  void take_out(LR_SESSION* session);
  void grow();

  std::array<LR_SESSION*, kFewBuckets> few_{};
  LR_SESSION** buckets_ = few_.data();
  std::size_t bucket_count_ = kFewBuckets;  // a power of two
  LR_SESSION* head_ = nullptr;
  LR_SESSION* tail_ = nullptr;
  Relaxed<long> number_ = 0;
};

}  // namespace lr

#endif  // LASTREF_LIB_SESSION_CACHE_H_
