#include "harness/generate/rules/world.h"

#include <algorithm>

namespace lastref::rules {

bool Contents::knows_resumable() const {
  if ((id && !id->empty()) || has_ticket.value_or(false)) return true;
  return id && has_ticket;
}

std::optional<Expiry> expiry(const Contract& contract, const Contents& contents) {
  if (!contents.time || !contents.timeout) return std::nullopt;
  std::int64_t at = 0;
  if (__builtin_add_overflow(*contents.time, *contents.timeout, &at)) {
    // Sums that wrapped around compare among themselves as the true ones do.
    return Expiry{true, contract.is(Switch::NEVER_ORDER, never_order::kBySum) ? at : 0};
  }
  return Expiry{false, at};
}

std::vector<Link>::iterator Context::find(int session) {
  return std::ranges::find(cache, session, &Link::session);
}

bool Context::links(int session) const {
  return std::ranges::find(cache, session, &Link::session) != cache.end();
}

World::World(const Contract& of) : contract(of) {
  sessions.reserve(kMaxSessions);
  handles.fill(kNone);
}

int World::named(std::uint8_t operand) const {
  if (operand == kArgumentHandle) return argument;
  if (operand == kNullHandle) return kNone;
  return handles[operand];
}

bool World::has_name(int session, int except) const {
  for (int i = 0; i < kMaxHandles; ++i) {
    if (i != except && handles[static_cast<std::size_t>(i)] == session) return true;
  }
  return false;
}

std::optional<bool> same_key(const Contract& contract, const Key& a, const Key& b) {
  const bool versions_count = contract.is(Switch::CACHE_KEY, cache_key::kIdAndVersion);
  if (a.id && b.id && *a.id != *b.id) return false;
  if (versions_count && a.version && b.version && *a.version != *b.version) return false;
  if (!a.id || !b.id) return std::nullopt;
  if (versions_count && (!a.version || !b.version)) return std::nullopt;
  return true;
}

}  // namespace lastref::rules
