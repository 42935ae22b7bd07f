#include "harness/model/state.h"

#include <algorithm>
#include <cstddef>

namespace lastref {

void State::restart() {
  now = kClockStart;
  born = 0;
  live = 0;
  handles.fill(kNobody);
  connections.fill(ConnectionState{});
  for (ContextState& context : contexts) {
    context.application = 0;
    context.connections = 0;
    context.count = 0;
    context.on_remove = kOnRemoveOff;
    context.acting = 0;
  }
  for (BlobState& blob : blobs) blob.written = 0;
  symbols = 0;
  issued = 0;
  copied = 0;
  stored = 0;
  aliases = 0;
}

void State::take(const State& from) {
  now = from.now;
  born = from.born;
  live = from.live;
  handles = from.handles;
  connections = from.connections;
  contexts = from.contexts;
  blobs = from.blobs;
  symbols = from.symbols;
  issued = from.issued;
  copied = from.copied;
  stored = from.stored;
  aliases = from.aliases;
  std::copy_n(from.tickets.begin(), issued, tickets.begin());
  std::copy_n(from.copies.begin(), copied, copies.begin());
  std::copy_n(from.sessions.begin(), born, sessions.begin());
  for (std::size_t i = 0; i < contexts.size(); ++i) {
    const std::uint8_t count = contexts[i].has_entries != 0 ? contexts[i].count : std::uint8_t{0};
    std::copy_n(from.entries[i].begin(), count, entries[i].begin());
  }
  for (std::size_t i = 0; i < connections.size(); ++i) {
    if (connections[i].alive != 0) own[i] = from.own[i];
  }
}

void inherit(ConnectionState& connection, const ContextState& from) {
  connection.cache_off = (from.mode & kModeBoth) == 0 ? 1 : 0;
  connection.store_off = (from.mode & kModeNoInternalStore) != 0 ? 1 : 0;
  connection.timeout = from.timeout;
}

namespace {

// Time and timeout as they add up in the contract's type, as a moment; whether they wrapped around.
bool sum_wraps(const Contents& contents, const Contract& contract, std::int64_t& at) {
  bool wraps = false;
  if (contract.is(Switch::TIME_TYPE, time_type::kUnsigned)) {
    std::uint64_t sum = 0;
    wraps = __builtin_add_overflow(static_cast<std::uint64_t>(contents.time),
                                   static_cast<std::uint64_t>(contents.timeout), &sum);
    at = static_cast<std::int64_t>(sum);
  } else {
    wraps = __builtin_add_overflow(contents.time, contents.timeout, &at);
  }
  at = moment(at, contract);
  return wraps;
}

}  // namespace

std::optional<std::int64_t> expiry(const Contents& contents, const Contract& contract) {
  std::int64_t at = 0;
  if (sum_wraps(contents, contract, at)) return std::nullopt;
  return at;
}

bool outlives(const Contents& a, const Contents& b, const Contract& contract) {
  std::int64_t at_a = 0;
  std::int64_t at_b = 0;
  const bool never_a = sum_wraps(a, contract, at_a);
  const bool never_b = sum_wraps(b, contract, at_b);
  if (never_a != never_b) return never_a;
  if (never_a && !contract.is(Switch::NEVER_ORDER, never_order::kBySum)) return true;
  return at_a >= at_b;
}

}  // namespace lastref
