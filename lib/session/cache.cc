#include "lib/session/cache.h"

#include <algorithm>
#include <cstring>

#include "lib/session/memory.h"
#include "lib/session/session.h"

namespace lr {

Cache::~Cache() {
  if (buckets_ != few_.data()) deallocate(buckets_);
}

namespace {

__extension__ typedef unsigned __int128 Product;

std::uint64_t folded(std::uint64_t left, std::uint64_t right) {
  const Product product = Product{left} * right;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

}  // namespace

// Peers choose ids. Which ones share a bucket depends on where the cache lies in memory, which they
// do not know; and nothing that an application sees depends on it. Two products side by side, then
// one of both.
std::uint64_t Cache::hash(const Key& key) const {
  std::array<std::uint64_t, LR_MAX_SESSION_ID_LENGTH / 8> words{};
  static_assert(sizeof words == LR_MAX_SESSION_ID_LENGTH);
  std::memcpy(words.data(), key.id.data(), sizeof words);
  const auto place = reinterpret_cast<std::uintptr_t>(this);
  const std::uint64_t one = place * 0xff51afd7ed558ccdU;
  const std::uint64_t other = place * 0xc4ceb9fe1a85ec53U;
  const std::uint64_t rest = static_cast<std::uint64_t>(key.version) << 8 ^ key.id.size();
  return folded(folded(words[0] ^ one, words[1] ^ other) ^ rest,
                folded(words[2] ^ other, words[3] ^ one) ^ one);
}

LR_SESSION* Cache::find(const Key& key) const {
  const std::uint64_t hashed = hash(key);
  LR_SESSION* found = *bucket(hashed);
  while (found != nullptr && !(found->link.hash == hashed && found->link.key == key)) {
    found = found->link.chain;
  }
  return found;
}

void Cache::link(LR_SESSION* session, const Key& key) {
  if (static_cast<std::size_t>(number_) >= bucket_count_) grow();
  Link& link = session->link;
  link.key = key;
  link.hash = hash(key);
  LR_SESSION** first = bucket(link.hash);
  link.chain = *first;
  *first = session;
  insert(session);
  number_ = number_ + 1;
}

void Cache::unlink(LR_SESSION* session) {
  LR_SESSION** place = bucket(session->link.hash);
  while (*place != session) place = &(*place)->link.chain;
  *place = session->link.chain;
  session->link.chain = nullptr;
  take_out(session);
  number_ = number_ - 1;
}

void Cache::replace(LR_SESSION* session) {
  take_out(session);
  insert(session);
}

// Before the first, from the head, that does not expire later. Most sessions are added in the order
// in which they expire, so that the head is the place; the others' is looked for.
void Cache::insert(LR_SESSION* session) {
  Link& link = session->link;
  link.expiry = session->content.expiry();
  LR_SESSION* below = head_;
  if (tail_ != nullptr && tail_->link.expiry > link.expiry) below = nullptr;
  while (below != nullptr && below->link.expiry > link.expiry) below = below->link.earlier;
  LR_SESSION* above = below == nullptr ? tail_ : below->link.later;
  link.later = above;
  link.earlier = below;
  (above == nullptr ? head_ : above->link.earlier) = session;
  (below == nullptr ? tail_ : below->link.later) = session;
}

void Cache::take_out(LR_SESSION* session) {
  const Link& link = session->link;
  (link.later == nullptr ? head_ : link.later->link.earlier) = link.earlier;
  (link.earlier == nullptr ? tail_ : link.earlier->link.later) = link.later;
}

// A cache that finds no memory to grow only becomes slower.
void Cache::grow() {
  const std::size_t count = 2 * bucket_count_;
  auto** grown = static_cast<LR_SESSION**>(allocate(count * sizeof(LR_SESSION*)));
  if (grown == nullptr) return;
  std::fill_n(grown, count, nullptr);
  if (buckets_ != few_.data()) deallocate(buckets_);
  buckets_ = grown;
  bucket_count_ = count;
  for (LR_SESSION* session = head_; session != nullptr; session = session->link.earlier) {
    LR_SESSION** first = bucket(session->link.hash);
    session->link.chain = *first;
    *first = session;
  }
}

}  // namespace lr
