#include "harness/generate/rules/world.h"

#include <algorithm>

namespace lastref::rules {

bool Contents::knows_resumable() const {
  if ((id && !id->empty()) || has_ticket.value_or(false)) return true;
  return id && has_ticket;
}

std::int64_t moment(const Contract& contract, std::int64_t time) {
  if (contract.is(Switch::TIME_TYPE, time_type::kSigned)) return time;
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(time) + (std::uint64_t{1} << 63));
}

std::optional<Expiry> expiry(const Contract& contract, const Contents& contents) {
  if (!contents.time || !contents.timeout) return std::nullopt;
  // The sum of two's complement numbers is the same with a sign and without.
  const auto sum = static_cast<std::int64_t>(static_cast<std::uint64_t>(*contents.time) +
                                             static_cast<std::uint64_t>(*contents.timeout));
  const std::int64_t at = moment(contract, sum);
  // Without a sign a sum that wrapped around lies before its first part; with one, only a sum of
  // two positive or two negative numbers can wrap.
  const bool beyond =
      contract.is(Switch::TIME_TYPE, time_type::kUnsigned)
          ? at < moment(contract, *contents.time)
          : (*contents.time < 0) == (*contents.timeout < 0) && (sum < 0) != (*contents.time < 0);
  if (!beyond) return Expiry{false, at};
  // Sums that wrapped around compare among themselves as the true ones do.
  return Expiry{true, contract.is(Switch::NEVER_ORDER, never_order::kBySum) ? at : 0};
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

bool has_bad_session(const World& world, const Connection& connection) {
  return connection.stage == Stage::kEstablished && !connection.shut_down &&
         connection.session != kNone &&
         world.contract.is(Switch::BAD_SESSION, bad_session::kRemoved);
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
