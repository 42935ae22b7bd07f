// The order of a context's cache: which session leaves next, and which a key finds.
#ifndef LASTREF_HARNESS_GENERATE_RULES_CACHE_H_
#define LASTREF_HARNESS_GENERATE_RULES_CACHE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/generate/rules/world.h"

namespace lastref::rules {

// All of these answer nothing when it depends on what damaged bytes left unknown.

// The session that a full cache, which is not empty, lets go of first.
std::optional<int> next_evicted(const World& world, const Context& context);

// The sessions that SSL_CTX_flush_sessions lets go of, in order: from the smallest expiry, those of
// one expiry from the oldest. With `order_matters` false in any order.
std::optional<std::vector<int>> flushed(const World& world, const Context& context,
                                        std::int64_t time, bool order_matters);

// The session that is linked under this key, or kNone.
std::optional<int> linked_under(const World& world, const Context& context, const Key& key);

// Whether the cache has to let go of a session before it takes one more.
bool is_full(const World& world, const Context& context);

// Whether it holds more than its size, which was made smaller since.
bool outgrown(const World& world, const Context& context);

// Puts a session that is linked behind all others of its expiry.
void move_to_place(Context& context, int session);

}  // namespace lastref::rules

#endif  // LASTREF_HARNESS_GENERATE_RULES_CACHE_H_
