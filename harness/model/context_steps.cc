// Steps on contexts, but for their caches. Sources: SSL_CTX_sess_set_cache_size(3),
// SSL_CTX_set_timeout(3), SSL_CTX_set_session_cache_mode(3), SSL_CTX_free(3).

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
    // One that takes the place of the context whose end calls it would pass for that.
    if (in_body_ && calling_ == operation.result) return Legality::kTooMany;
    context = ContextState{};
    context.application = 1;
    context.cache_size = contract_.value(Switch::CACHE_SIZE);
    context.timeout = contract_.value(Switch::CONTEXT_TIMEOUT);
    context.mode = kModeServer;
    context.has_entries = has_entries() ? 1 : 0;
    context.id_context = empty_fingerprint();
    context.protocol = contract_.value(Switch::PROTOCOL);
    context.tickets = tickets_at_birth(contract_);
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
  // A context whose function calls back ends when that returns.
  if (in_body_ && calling_ == number && !context.alive()) {
    ending_ = number;
    return Legality::kLegal;
  }
  return context_released(number);
}

Legality Stepper::end_contexts() {
  if (ending_ == kNobody) return Legality::kLegal;
  const std::uint8_t ended = ending_;
  ending_ = kNobody;
  return context_released(ended);
}

// "It also happens for all sessions in the internal session cache when SSL_CTX_free(3) is called."
Legality Stepper::context_released(std::uint8_t number) {
  if (state_.contexts[number].alive()) return Legality::kLegal;
  if (state_.contexts[number].has_entries != 0) {
    state_.contexts[number].count = 0;
    return Legality::kLegal;
  }
  const Legality legality = expel_expired(number, 0);
  // Sessions that lived in its cache stay bound to a context that is gone; a new one in its place
  // is another one.
  for (int s = 0; s < state_.born; ++s) {
    SessionState& bound = session(static_cast<Number>(s));
    if (bound.home == number) bound.home = kNobody;
  }
  for (ContextState& other : state_.contexts) {
    if (other.on_servername == number) other.on_servername = kGone;
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
      set_mode(context, number_of(operation));
      break;
    case Op::SET_CACHE_SIZE:
      expected_.result = context.cache_size;
      if (contract_.is(Switch::CACHE_SIZE_SET, cache_size_set::kKept)) {
        context.cache_size = number_of(operation);
      }
      break;
    case Op::SET_DEFAULT_TIMEOUT:
      set_default_timeout(context, timeout_of(operation));
      break;
    case Op::SET_PROTOCOL:
      context.protocol = static_cast<std::int32_t>(number_of(operation));
      expected_.result = 1;
      break;
    case Op::SET_TICKETS:
      // Who is told to ask for tickets cannot be told not to, nor the other way round.
      if (contract_.is(Switch::TICKETS, tickets::kAskedFor) && context.tickets != kTicketsUnasked) {
        return Legality::kTooMany;
      }
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
    case Op::ON_SERVERNAME:
      if (const Legality l = context_operand(operation.operand[1]); l != Legality::kLegal) return l;
      context.on_servername = operation.operand[1];
      break;
    case Op::ON_GET:
      context.on_get = operation.operand[1];
      break;
    default:
      if (operation.operand[1] != kOnRemoveOff && shares_ex_data()) return Legality::kHazard;
      context.on_remove = operation.operand[1];
      context.body = has_body(operation) ? body : Operation{};
      break;
  }
  return Legality::kLegal;
}

// "returns the previously set cache mode", where it is kept as such.
void Stepper::set_mode(ContextState& context, std::int64_t mode) {
  expected_.result = context.mode;
  if (contract_.is(Switch::CACHE_MODE, cache_mode::kFlags)) {
    expected_.result = 1;
    const bool sticks = hazard(Hazard::MODE_STICKS);
    const bool off = mode == kModeOff || (sticks && (context.mode & kModeServer) == 0);
    const std::int64_t stuck = sticks ? context.mode & kModeNoInternal : 0;
    mode = (off ? kModeOff : kModeServer) | (mode & kModeNoInternal) | stuck;
  }
  context.mode = mode;
}

// "returns the previously set timeout value".
void Stepper::set_default_timeout(ContextState& context, std::int64_t timeout) {
  expected_.result = context.timeout;
  const bool hints = timeout != 0;
  if (timeout == 0) {
    const bool defaults = hazard(Hazard::ZERO_TIMEOUT_DEFAULTS);
    timeout = contract_.value(defaults ? Switch::CONTEXT_TIMEOUT : Switch::DEFAULT_TIMEOUT_ZERO);
  }
  const bool zero = contract_.is(Switch::NEGATIVE_DEFAULT_TIMEOUT, negative_default_timeout::kZero);
  if (timeout < 0 && zero) timeout = 0;
  if (hazard(Hazard::TIMEOUT_TRUNCATED)) {
    expected_.result = static_cast<std::int32_t>(context.timeout);
    timeout = static_cast<std::uint32_t>(timeout);
  }
  const std::int32_t longest = contract_.value(Switch::LONGEST_DEFAULT_TIMEOUT);
  if (longest != 0) timeout = std::min<std::int64_t>(timeout, longest);
  context.timeout = timeout;
  context.ticket_hint = hints ? timeout : kTicketHint;
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
    case Op::GET_CALLBACK_HITS:
      expected_.result = context.callback_hits;
      break;
    default:
      expected_.result = context.timeouts;
      break;
  }
  return Legality::kLegal;
}

}  // namespace lastref
