// What operations do to caches that hold copies of sessions in entries of their own.
#include <algorithm>

#include "harness/generate/rules/simulation.h"

namespace lastref::rules {

void Simulation::set_timeout(Context& of, std::int64_t timeout) const {
  const bool zero = contract_.is(Switch::NEGATIVE_DEFAULT_TIMEOUT, negative_default_timeout::kZero);
  const std::int32_t longest = contract_.value(Switch::LONGEST_DEFAULT_TIMEOUT);
  of.timeout = timeout < 0 && zero ? 0 : timeout;
  if (longest != 0) of.timeout = std::min<std::int64_t>(of.timeout, longest);
}

// mbedtls/ssl_cache.h: "A timeout of 0 indicates no timeout."
bool Simulation::outdated(const Context& of, const Entry& entry) const {
  const bool endless =
      of.timeout == 0 && contract_.is(Switch::ZERO_ENTRY_TIMEOUT, zero_entry_timeout::kEndless);
  return !endless && world_.now - entry.since > of.timeout;
}

void Simulation::add_entry(Context& of, int added) {
  Session& session = world_.session(added);
  session.fresh = false;
  const bool first_expired = contract_.hazards.has(Hazard::DUPLICATE_ENTRIES);
  const bool reuses = contract_.is(Switch::EXPIRED_ENTRIES, expired_entries::kReused);
  Entry* own = nullptr;
  Entry* expired = nullptr;
  for (Entry& entry : of.entries) {
    if (!entry.contents.id || !session.contents.id) return stop({kUnknownId, true});
    if (expired == nullptr && reuses && outdated(of, entry)) expired = &entry;
    if (own == nullptr && *entry.contents.id == *session.contents.id) own = &entry;
  }
  Entry* taken = own != nullptr ? own : expired;
  if (first_expired && expired != nullptr && expired < taken) taken = expired;
  if (taken != nullptr && !(reuses && outdated(of, *taken))) {
    taken->contents = session.contents;
    return;
  }
  const bool unlimited =
      of.cache_size == 0 && contract_.is(Switch::CACHE_SIZE_ZERO, cache_size_zero::kUnlimited);
  if (taken == nullptr) {
    if (unlimited || static_cast<std::int64_t>(of.entries.size()) < of.cache_size) {
      taken = &of.entries.emplace_back();
    } else if (!of.entries.empty()) {
      taken = &*std::ranges::min_element(of.entries, {}, &Entry::since);
    } else {
      return;
    }
  }
  *taken = {session.contents, world_.now};
}

void Simulation::lookup(const Context& of, int filled) {
  Session& session = world_.session(filled);
  session.fresh = false;
  for (const Entry& entry : of.entries) {
    if (!entry.contents.id || !session.contents.id) return stop({kUnknownId, true});
    if (*entry.contents.id != *session.contents.id || outdated(of, entry)) continue;
    session.contents = entry.contents;
    return;
  }
}

}  // namespace lastref::rules
