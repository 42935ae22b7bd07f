// Steps on connections that have not shaken hands. Sources: SSL_set_session(3), SSL_get_session(3),
// SSL_clear(3), SSL_new(3).

#include "harness/model/stepper.h"

namespace lastref {
namespace {

// A connection holds its context twice: as the one it uses and as the one whose cache it uses.
constexpr std::uint8_t kReferencesToContext = 2;

constexpr std::uint8_t kMaxConnectionReferences = 100;

}  // namespace

Legality Stepper::connection(const Operation& operation) {
  if (operation.code == Op::CONNECTION_NEW) {
    const std::uint8_t context = operation.operand[0];
    if (const Legality legality = context_operand(context); legality != Legality::kLegal) {
      return legality;
    }
    ConnectionState& made = state_.connections[operation.result];
    if (made.alive != 0) return Legality::kOccupied;
    made = ConnectionState{1, kNobody, context, context};
    state_.contexts[context].connections =
        static_cast<std::uint8_t>(state_.contexts[context].connections + kReferencesToContext);
    expected_.result = operation.result;
    return Legality::kLegal;
  }
  const std::uint8_t number = operation.operand[0];
  if (const Legality legality = connection_operand(number); legality != Legality::kLegal) {
    return legality;
  }
  ConnectionState& connection = state_.connections[number];
  const Number held = connection.session;
  switch (operation.code) {
    case Op::CONNECTION_FREE: {
      const ConnectionState ended = connection;
      connection = ConnectionState{};
      expected_.result = 0;
      if (held != kNobody) {
        --session(held).connections;
        settle(held);
      }
      --state_.contexts[ended.session_context].connections;
      if (const Legality l = context_released(ended.session_context); l != Legality::kLegal) {
        return l;
      }
      --state_.contexts[ended.context].connections;
      return ended.context == ended.session_context && state_.contexts[ended.context].alive()
                 ? Legality::kLegal
                 : context_released(ended.context);
    }
    case Op::CONNECTION_CLEAR:
      // Nothing was negotiated, so nothing is open and the session that was set stays.
      expected_.result = 1;
      return Legality::kLegal;
    case Op::SET_SESSION: {
      Number wanted = kNobody;
      if (const Legality l = session_operand(operation.operand[1], wanted); l != Legality::kLegal) {
        return l;
      }
      if (wanted != kNobody) {
        if (!state_.is_live(wanted)) return Legality::kDeadSession;
        SessionState& setting = session(wanted);
        if (!belongs(setting, connection.session_context)) return Legality::kTwoContexts;
        if (setting.connections >= kMaxConnectionReferences) return Legality::kTooMany;
        ++setting.connections;
        setting.fresh = 0;
      } else if (contract_.is(Switch::SET_SESSION_NULL, set_session_null::kRefused)) {
        expected_.result = 0;
        return Legality::kLegal;
      }
      connection.session = wanted;
      expected_.result = 1;
      if (held != kNobody) {
        --session(held).connections;
        settle(held);
      }
      return Legality::kLegal;
    }
    case Op::GET0_SESSION:
    case Op::GET1_SESSION: {
      if (const Legality l = assignable(operation.result, held); l != Legality::kLegal) return l;
      state_.handles[operation.result] = held;
      expected_.result = held == kNobody ? kResultNull : held;
      if (operation.code == Op::GET1_SESSION && held != kNobody) {
        ++session(held).application;
        session(held).acquired = 1;
      }
      return Legality::kLegal;
    }
    default: {  // SET_CONTEXT
      const std::uint8_t wanted = operation.operand[1];
      if (const Legality l = context_operand(wanted); l != Legality::kLegal) return l;
      const std::uint8_t old = connection.context;
      connection.context = wanted;
      ++state_.contexts[wanted].connections;
      expected_.result = wanted;
      --state_.contexts[old].connections;
      return context_released(old);
    }
  }
}

}  // namespace lastref
