// Steps on contexts and their caches. Sources: SSL_CTX_add_session(3), SSL_CTX_flush_sessions(3),
// SSL_CTX_sess_set_cache_size(3), SSL_CTX_sess_set_get_cb(3), SSL_CTX_set_session_cache_mode(3).

#include <algorithm>

#include "harness/model/stepper.h"
#include "harness/model/symbols.h"
#include "harness/program/values.h"

namespace lastref {
namespace {

constexpr std::uint8_t kMaxContextReferences = 100;

}  // namespace

Legality Stepper::context_life(const Operation& operation) {
  if (operation.code == Op::CONTEXT_NEW) {
    ContextState& context = state_.contexts[operation.result];
    if (context.alive()) return Legality::kOccupied;
    context = ContextState{};
    context.application = 1;
    context.cache_size = contract_.value(Switch::CACHE_SIZE);
    context.timeout = contract_.value(Switch::CONTEXT_TIMEOUT);
    context.mode = kModeServer;
    context.id_context = empty_fingerprint();
    context.protocol = contract_.value(Switch::PROTOCOL);
    context.ticket_key = new_symbol(state_);
    expected_.result = operation.result;
    return Legality::kLegal;
  }
  const std::uint8_t number = operation.operand[0];
  if (const Legality legality = context_operand(number); legality != Legality::kLegal) {
    return legality;
  }
  ContextState& context = state_.contexts[number];
  if (operation.code == Op::CONTEXT_UP_REF) {
    if (context.application >= kMaxContextReferences) return Legality::kTooMany;
    ++context.application;
    expected_.result = 1;
    return Legality::kLegal;
  }
  // Left to its connections, its callback could no longer be taken back before the teardown, and
  // what a body would do there nobody can foresee.
  if (context.application == 1 && context.connections > 0 && context.on_remove == kOnRemoveDo) {
    return Legality::kTooMany;
  }
  --context.application;
  expected_.result = 0;
  return context_released(number);
}

// "It also happens for all sessions in the internal session cache when SSL_CTX_free(3) is called."
Legality Stepper::context_released(std::uint8_t number) {
  if (state_.contexts[number].alive()) return Legality::kLegal;
  const Legality legality = expel_expired(number, 0);
  // Sessions that lived in its cache stay bound to a context that is gone; a new one in its place
  // is another one.
  for (int s = 0; s < state_.born; ++s) {
    SessionState& bound = session(static_cast<Number>(s));
    if (bound.home == number) bound.home = kNobody;
  }
  return legality;
}

Legality Stepper::context_set(const Operation& operation, const Operation& body) {
  const std::uint8_t number = operation.operand[0];
  if (const Legality legality = context_operand(number); legality != Legality::kLegal) {
    return legality;
  }
  ContextState& context = state_.contexts[number];
  expected_.result = 0;
  switch (operation.code) {
    case Op::SET_MODE:
      expected_.result = context.mode;
      context.mode = number_of(operation);
      break;
    case Op::SET_CACHE_SIZE:
      expected_.result = context.cache_size;
      context.cache_size = number_of(operation);
      break;
    case Op::SET_DEFAULT_TIMEOUT:
      expected_.result = context.timeout;
      context.timeout = number_of(operation);
      break;
    case Op::SET_PROTOCOL:
      context.protocol = static_cast<std::int32_t>(number_of(operation));
      expected_.result = 1;
      break;
    case Op::SET_TICKETS:
      context.tickets = static_cast<std::uint8_t>(number_of(operation));
      break;
    case Op::SET_TICKET_KEY:
      context.ticket_key = byte_values(OperandKind::kTicketKey)[operation.operand[1]].fingerprint;
      expected_.result = 1;
      break;
    case Op::SET_SID_CONTEXT: {
      const ByteValue& value = byte_values(OperandKind::kIdContext)[operation.operand[1]];
      expected_.result = value.size <= kMaxIdContextLength ? 1 : 0;
      if (expected_.result == 1) context.id_context = value.fingerprint;
      break;
    }
    case Op::ON_NEW:
      context.on_new = operation.operand[1];
      break;
    case Op::ON_GET:
      context.on_get = operation.operand[1];
      break;
    default:
      context.on_remove = operation.operand[1];
      context.body = has_body(operation) ? body : Operation{};
      break;
  }
  return Legality::kLegal;
}

Legality Stepper::context_get(const Operation& operation) {
  const std::uint8_t number = operation.operand[0];
  if (const Legality legality = context_operand(number); legality != Legality::kLegal) {
    return legality;
  }
  const ContextState& context = state_.contexts[number];
  switch (operation.code) {
    case Op::GET_NUMBER:
      expected_.result = context.count;
      break;
    case Op::GET_CACHE_FULL:
      expected_.result = context.cache_full;
      break;
    case Op::GET_MODE:
      expected_.result = context.mode;
      break;
    case Op::GET_CACHE_SIZE:
      expected_.result = context.cache_size;
      break;
    case Op::GET_DEFAULT_TIMEOUT:
      expected_.result = context.timeout;
      break;
    case Op::GET_HITS:
      expected_.result = context.hits;
      break;
    case Op::GET_MISSES:
      expected_.result = context.misses;
      break;
    default:
      expected_.result = context.timeouts;
      break;
  }
  return Legality::kLegal;
}

bool Stepper::same_key(const SessionState& linked, const Contents& wanted) const {
  if (linked.key_id != wanted.id) return false;
  return contract_.is(Switch::CACHE_KEY, cache_key::kId) || linked.key_version == wanted.version;
}

// Links with a reference that is in flight. The order is from the last to be evicted to the next.
void Stepper::link(std::uint8_t number, Number added) {
  ContextState& context = state_.contexts[number];
  SessionState& linked = session(added);
  linked.cache = number;
  linked.home = number;
  --linked.in_flight;
  auto place = context.order.begin();
  const auto end = place + context.count;
  if (contract_.is(Switch::EVICTION_ORDER, eviction_order::kExpiry)) {
    const bool never_by_sum = contract_.is(Switch::NEVER_ORDER, never_order::kBySum);
    // Among equals the newest is the last to go.
    place = std::find_if(place, end, [&](Number other) {
      return outlives(linked.contents, session(other).contents, never_by_sum);
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
  session(removed).cache = kNobody;
  ++session(removed).in_flight;
}

// A cached session whose expiry changed moves to its place in the order of eviction. Its key stays.
void Stepper::resort(Number number) {
  SessionState& moved = session(number);
  if (moved.cache == kNobody || !contract_.is(Switch::EVICTION_ORDER, eviction_order::kExpiry))
    return;
  const std::uint8_t context = moved.cache;
  unlink(context, number);
  link(context, number);
}

Legality Stepper::callback(std::uint8_t number, Number removed) {
  const ContextState& context = state_.contexts[number];
  if (context.on_remove == kOnRemoveOff) return Legality::kLegal;
  expected_.events.add({EventKind::kRemoveCallback, removed, number, 0});
  if (context.on_remove != kOnRemoveDo || in_body_) return Legality::kLegal;
  const Operation body = context.body;
  const std::int64_t outer_result = expected_.result;
  in_body_ = true;
  argument_ = removed;
  const Legality legality = run(body, Operation{});
  in_body_ = false;
  argument_ = kNobody;
  // A result that only the target knows cannot be told from a wrong one in a callback.
  if (expected_.any_result || expected_.choices > 1) return Legality::kInsideCallback;
  expected_.events.add({EventKind::kNestedEnd, 0, 0, expected_.result});
  expected_.result = outer_result;
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
    if (at == 0 || expiry(session(candidate).contents) < at) expelled[count++] = candidate;
  }
  const bool marks = hazard(Hazard::EXPULSION_MARKS);
  const bool one_by_one = contract_.is(Switch::FLUSH_ORDER, flush_order::kOneByOne);
  for (std::size_t i = 0; i < count; ++i) {
    if (marks) session(expelled[i]).contents.marked = 1;
    if (one_by_one) {
      if (const Legality l = expel_one(number, expelled[i]); l != Legality::kLegal) return l;
      continue;
    }
    unlink(number, expelled[i]);
    if (const Legality l = callback(number, expelled[i]); l != Legality::kLegal) return l;
  }
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
  SessionState& adding = session(added);
  if (!belongs(adding, number)) return Legality::kTwoContexts;
  for (const ConnectionState& connection : state_.connections) {
    if (connection.alive != 0 && connection.session == added &&
        connection.session_context != number && one_context()) {
      return Legality::kTwoContexts;
    }
  }
  // Where the contract allows it, the state has no place for it.
  if (adding.cache != kNobody && adding.cache != number) return Legality::kTooMany;
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
  if (adding.cache == number) {  // "is a no-op, and the return value is 0"
    if (touches || contract_.is(Switch::ADD_AGAIN, add_again::kRefreshesPlace)) resort(added);
    expected_.result = 0;
    return Legality::kLegal;
  }
  ++adding.in_flight;
  // What a callback's body makes of its id from here on is no longer the key.
  adding.key_id = adding.contents.id;
  adding.key_version = adding.contents.version;
  // "If the same session is stored in a different SSL_SESSION object, The old session is removed
  // and replaced by the new session."
  for (int i = 0; i < context.count; ++i) {
    const Number old = context.order[static_cast<std::size_t>(i)];
    if (!same_key(session(old), adding.contents)) continue;
    unlink(number, old);
    if (!hazard(Hazard::REPLACE_SILENT)) {
      if (const Legality l = callback(number, old); l != Legality::kLegal) return l;
    }
    --session(old).in_flight;
    settle(old);
    break;
  }
  const int slack = contract_.is(Switch::CAPACITY, capacity::kOneLess) ? 1 : 0;
  while (context.cache_size > 0 && context.count > 0 &&
         context.count + slack >= context.cache_size) {
    const Number oldest = context.order[static_cast<std::size_t>(context.count - 1)];
    ++context.cache_full;
    if (hazard(Hazard::EXPULSION_MARKS)) session(oldest).contents.marked = 1;
    if (const Legality l = expel_one(number, oldest); l != Legality::kLegal) return l;
  }
  link(number, added);
  expected_.result = 1;
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
  SessionState& asked = session(argument);
  if (!belongs(asked, number)) return Legality::kTwoContexts;
  if (hazard(Hazard::EMPTY_ID_CACHED) && asked.contents.id == empty_fingerprint()) {
    return Legality::kHazard;
  }
  return cache_remove(number, argument);
}

Legality Stepper::drop(std::uint8_t number, Number dropped) {
  // Nobody could find it, and by its key others without an id would leave.
  if (session(dropped).contents.id == empty_fingerprint() && session(dropped).cache != number) {
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
  const ContextState& context = state_.contexts[number];
  Number removed = asked.cache == number ? argument : kNobody;
  if (removed == kNobody && contract_.is(Switch::REMOVE_MATCHES, remove_matches::kKey)) {
    for (int i = 0; i < context.count && removed == kNobody; ++i) {
      const Number other = context.order[static_cast<std::size_t>(i)];
      if (same_key(session(other), asked.contents)) removed = other;
    }
  }
  const bool found = removed != kNobody;
  expected_.result = found ? 1 : 0;
  if (found) unlink(number, removed);
  const bool marks = contract_.is(Switch::REMOVE_MARKS, yes_no::kYes);
  if (found ? marks : hazard(Hazard::REMOVE_MARKS_STRANGER)) asked.contents.marked = 1;
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
  expected_.result = 0;
  return expel_expired(number, number_of(operation));
}

}  // namespace lastref
