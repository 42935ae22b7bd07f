// Steps on the caches of contexts. Sources: SSL_CTX_add_session(3), SSL_CTX_flush_sessions(3),
// SSL_CTX_sess_set_cache_size(3), SSL_CTX_sess_set_get_cb(3), SSL_CTX_set_session_cache_mode(3).

#include <algorithm>

#include "harness/model/stepper.h"
#include "harness/program/values.h"

namespace lastref {

std::int64_t Stepper::timeout_of(const Operation& operation) const {
  const std::int64_t value = number_of(operation);
  const bool short_type = contract_.is(Switch::TIMEOUT_TYPE, timeout_type::kUint32);
  return short_type ? static_cast<std::uint32_t>(value) : value;
}

bool Stepper::expired(const Contents& contents, std::int64_t at) const {
  const std::optional<std::int64_t> end = expiry(contents, contract_);
  return end ? *end < moment(at, contract_) : hazard(Hazard::OVERFLOW_EXPIRES);
}

bool Stepper::same_key(std::uint8_t number, const SessionState& linked,
                       const Contents& wanted) const {
  if (linked.key_id[number] != wanted.id) return false;
  return contract_.is(Switch::CACHE_KEY, cache_key::kId) ||
         linked.key_version[number] == wanted.version;
}

Stepper::Number Stepper::linked_under(std::uint8_t number, const Contents& wanted) const {
  const ContextState& context = state_.contexts[number];
  for (std::size_t i = 0; i < context.count; ++i) {
    if (same_key(number, session(context.order[i]), wanted)) return context.order[i];
  }
  return kNobody;
}

// Links with a reference that is in flight. The order is from the last to be evicted to the next.
void Stepper::link(std::uint8_t number, Number added) {
  ContextState& context = state_.contexts[number];
  SessionState& linked = session(added);
  linked.caches = static_cast<std::uint8_t>(linked.caches | 1U << number);
  linked.home = number;
  --linked.in_flight;
  auto place = context.order.begin();
  const auto end = place + context.count;
  if (contract_.is(Switch::EVICTION_ORDER, eviction_order::kExpiry)) {
    // Among equals the newest is the last to go.
    place = std::find_if(place, end, [&](Number other) {
      return outlives(linked.contents, session(other).contents, contract_);
    });
  }
  std::copy_backward(place, end, end + 1);
  *place = added;
  ++context.count;
}

void Stepper::unlink(std::uint8_t number, Number removed) {
  ContextState& context = state_.contexts[number];
  const auto end = context.order.begin() + context.count;
  const auto place = std::find(context.order.begin(), end, removed);
  std::copy(place + 1, end, place);
  --context.count;
  SessionState& unlinked = session(removed);
  unlinked.caches = static_cast<std::uint8_t>(unlinked.caches & ~(1U << number));
  ++unlinked.in_flight;
}

// A cached session whose expiry changed moves to its place in the order of eviction. Its key stays.
void Stepper::resort(Number number) {
  if (!contract_.is(Switch::EVICTION_ORDER, eviction_order::kExpiry)) return;
  for (std::uint8_t context = 0; context < kMaxContexts; ++context) {
    if (!session(number).cached_by(context)) continue;
    unlink(context, number);
    link(context, number);
  }
}

Legality Stepper::callback(std::uint8_t number, Number removed) {
  const ContextState& context = state_.contexts[number];
  if (context.on_remove == kOnRemoveOff) return Legality::kLegal;
  expected_.events.add({EventKind::kRemoveCallback, removed, number, 0});
  if (context.on_remove != kOnRemoveDo || in_callback()) return Legality::kLegal;
  const Operation body = context.body;
  in_body_ = true;
  calling_ = number;
  const Legality legality = run_body(body, removed);
  in_body_ = false;
  return legality;
}

Legality Stepper::expel_one(std::uint8_t number, Number expelled) {
  unlink(number, expelled);
  const Legality legality = callback(number, expelled);
  --session(expelled).in_flight;
  settle(expelled);
  return legality;
}

// "to remove sessions expired at time tm"; time 0 removes all.
Legality Stepper::expel_expired(std::uint8_t number, std::int64_t at) {
  const ContextState& context = state_.contexts[number];
  std::array<Number, kMaxSessions> expelled{};
  std::size_t count = 0;
  for (int i = context.count - 1; i >= 0; --i) {
    const Number candidate = context.order[static_cast<std::size_t>(i)];
    if (at == 0 || expired(session(candidate).contents, at)) expelled[count++] = candidate;
  }
  if (unordered() && count > 1) {
    if (context.on_remove == kOnRemoveDo) return Legality::kTooMany;
    expected_.unordered_from = expected_.events.size();
  }
  const bool marks = hazard(Hazard::EXPULSION_MARKS);
  const bool one_by_one = !contract_.is(Switch::FLUSH_ORDER, flush_order::kCallbacksFirst);
  // A callback that looks finds none of them, where it may.
  const bool all_first =
      !one_by_one && contract_.is(Switch::CONTEXT_CALLS_IN_REMOVE, context_calls::kAllowed);
  for (std::size_t i = 0; i < count && all_first; ++i) unlink(number, expelled[i]);
  for (std::size_t i = 0; i < count; ++i) {
    if (marks) session(expelled[i]).contents.marked = 1;
    if (one_by_one) {
      if (const Legality l = expel_one(number, expelled[i]); l != Legality::kLegal) return l;
      continue;
    }
    if (!all_first) unlink(number, expelled[i]);
    if (const Legality l = callback(number, expelled[i]); l != Legality::kLegal) return l;
  }
  if (unordered() && count > 1) expected_.unordered_to = expected_.events.size();
  if (one_by_one) return Legality::kLegal;
  for (std::size_t i = 0; i < count; ++i) {
    --session(expelled[i]).in_flight;
    settle(expelled[i]);
  }
  return Legality::kLegal;
}

Legality Stepper::add(const Operation& operation) {
  const std::uint8_t number = operation.operand[0];
  if (const Legality legality = context_operand(number); legality != Legality::kLegal) {
    return legality;
  }
  Number added = kNobody;
  if (const Legality legality = use(operation.operand[1], added); legality != Legality::kLegal) {
    return legality;
  }
  if (operation.fault.is_allocation() && hazard(Hazard::FAILED_ADD_LINKS)) return Legality::kHazard;
  SessionState& adding = session(added);
  if (copies()) return add_copy(operation, added);
  if (has_entries()) return add_entry(operation, added);
  if (!belongs(adding, number)) return Legality::kTwoContexts;
  for (const ConnectionState& connection : state_.connections) {
    if (connection.alive != 0 && connection.session == added &&
        connection.session_context != number && one_context()) {
      return Legality::kTwoContexts;
    }
  }
  if (hazard(Hazard::TWO_CACHES) && adding.cached() && !adding.cached_by(number)) {
    return Legality::kHazard;
  }
  if (hazard(Hazard::EMPTY_ID_CACHED) && adding.contents.id == empty_fingerprint()) {
    return Legality::kHazard;
  }
  return cache_add(number, added);
}

Legality Stepper::cache_add(std::uint8_t number, Number added) {
  SessionState& adding = session(added);
  adding.fresh = 0;
  ContextState& context = state_.contexts[number];
  const bool touches = (context.mode & kModeUpdateTime) != 0 &&
                       contract_.is(Switch::UPDATE_TIME_ON_ADD, yes_no::kYes);
  if (touches) adding.contents.time = state_.now;
  if (adding.cached_by(number)) {  // "is a no-op, and the return value is 0"
    if (touches || contract_.is(Switch::ADD_AGAIN, add_again::kRefreshesPlace)) resort(added);
    expected_.result = 0;
    return Legality::kLegal;
  }
  for (std::uint8_t other = 0; other < kMaxContexts; ++other) {
    if (adding.cached_by(other)) state_.contexts[other].shared = context.shared = 1;
  }
  ++adding.in_flight;
  // What a callback's body makes of its id from here on is no longer the key.
  adding.key_id[number] = adding.contents.id;
  adding.key_version[number] = adding.contents.version;
  const Number old = linked_under(number, adding.contents);
  const bool foreseen = old == kNobody || !unordered();
  const int first = expected_.events.size();
  if (old != kNobody) {
    if (const Legality l = replace(number, old); l != Legality::kLegal) return l;
  }
  const int linked = context.count;
  if (const Legality l = evict(number, added); l != Legality::kLegal) return l;
  if (linked_meanwhile(number, added)) {  // a callback was faster
    --adding.in_flight;
    expected_.result = 0;
    return Legality::kLegal;
  }
  // A callback has brought back what would be let go of for it again, for ever.
  const bool acted = context.on_remove == kOnRemoveDo;
  if (acted && linked_under(number, adding.contents) != kNobody) return Legality::kTooMany;
  if (!foreseen && context.count < linked) {
    if (context.on_remove == kOnRemoveDo) return Legality::kTooMany;
    expected_.unordered_from = first;
    expected_.unordered_to = expected_.events.size();
  }
  link(number, added);
  expected_.result = 1;
  return Legality::kLegal;
}

// "If the same session is stored in a different SSL_SESSION object, The old session is removed and
// replaced by the new session."
Legality Stepper::replace(std::uint8_t number, Number old) {
  unlink(number, old);
  if (!hazard(Hazard::REPLACE_SILENT)) {
    if (const Legality l = callback(number, old); l != Legality::kLegal) return l;
  }
  --session(old).in_flight;
  settle(old);
  return Legality::kLegal;
}

// Whether a callback has linked the session that is being added to this context. Where a session is
// in one cache only, that it is in another one keeps it from this one as well.
bool Stepper::linked_meanwhile(std::uint8_t number, Number added) {
  return one_context() ? session(added).cached() : session(added).cached_by(number);
}

Legality Stepper::evict(std::uint8_t number, Number added) {
  ContextState& context = state_.contexts[number];
  const int slack = contract_.is(Switch::CAPACITY, capacity::kOneLess) ? 1 : 0;
  const bool counts = contract_.is(Switch::CACHE_FULL, cache_full::kCounted);
  while (!linked_meanwhile(number, added) && context.cache_size > 0 && context.count > 0 &&
         context.count + slack >= context.cache_size) {
    const Number oldest = context.order[static_cast<std::size_t>(context.count - 1)];
    if (counts) ++context.cache_full;
    if (hazard(Hazard::EXPULSION_MARKS)) session(oldest).contents.marked = 1;
    if (const Legality l = expel_one(number, oldest); l != Legality::kLegal) return l;
    // One that a callback puts back would be let go of for ever.
    if (session(oldest).cached_by(number)) return Legality::kTooMany;
  }
  return Legality::kLegal;
}

// "removes the session c from the context ctx and marks it as non-resumable. SSL_SESSION_free(3) is
// called once for c."
Legality Stepper::remove(const Operation& operation) {
  const std::uint8_t number = operation.operand[0];
  if (const Legality legality = context_operand(number); legality != Legality::kLegal) {
    return legality;
  }
  Number argument = kNobody;
  if (const Legality legality = use(operation.operand[1], argument); legality != Legality::kLegal) {
    return legality;
  }
  if (has_entries()) return Legality::kNoObject;
  SessionState& asked = session(argument);
  if (copies()) return remove_copy(operation, argument);
  if (!belongs(asked, number)) return Legality::kTwoContexts;
  if (hazard(Hazard::EMPTY_ID_CACHED) && asked.contents.id == empty_fingerprint()) {
    return Legality::kHazard;
  }
  return cache_remove(number, argument);
}

Legality Stepper::drop(std::uint8_t number, Number dropped) {
  // Nobody could find it, and by its key others without an id would leave.
  if (session(dropped).contents.id == empty_fingerprint() && !session(dropped).cached_by(number)) {
    return Legality::kLegal;
  }
  const std::int64_t result = expected_.result;
  const Legality legality = cache_remove(number, dropped);
  expected_.result = result;
  return legality;
}

Legality Stepper::cache_remove(std::uint8_t number, Number argument) {
  SessionState& asked = session(argument);
  asked.fresh = 0;
  Number removed = asked.cached_by(number) ? argument : kNobody;
  if (removed == kNobody && contract_.is(Switch::REMOVE_MATCHES, remove_matches::kKey)) {
    removed = linked_under(number, asked.contents);
  }
  const bool found = removed != kNobody;
  expected_.result = found ? 1 : 0;
  if (found) unlink(number, removed);
  if (found || hazard(Hazard::REMOVE_MARKS_STRANGER)) mark_removed(asked);
  if (found || hazard(Hazard::REMOVE_CALLBACK_ALWAYS)) {
    const Number told = hazard(Hazard::REMOVE_CALLBACK_ALWAYS) ? argument : removed;
    if (const Legality l = callback(number, told); l != Legality::kLegal) return l;
  }
  if (found) {
    --session(removed).in_flight;
    settle(removed);
  }
  return Legality::kLegal;
}

Legality Stepper::flush(const Operation& operation) {
  const std::uint8_t number = operation.operand[0];
  if (const Legality legality = context_operand(number); legality != Legality::kLegal) {
    return legality;
  }
  if (has_entries()) return Legality::kNoObject;
  expected_.result = 0;
  if (contract_.is(Switch::FLUSH, flush::kNothing)) return Legality::kLegal;
  return expel_expired(number, number_of(operation));
}

}  // namespace lastref
