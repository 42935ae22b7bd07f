// Steps on connections, but for their handshakes. Sources: SSL_set_session(3), SSL_get_session(3),
// SSL_clear(3), SSL_new(3), and of SSL_set_SSL_CTX BoringSSL's openssl/ssl.h.

#include <bit>

#include "harness/model/stepper.h"
#include "harness/program/values.h"

namespace lastref {
namespace {

// A connection holds its context twice: as the one it uses and as the one whose cache it uses.
constexpr std::uint8_t kReferencesToContext = 2;

constexpr std::uint8_t kMaxConnectionReferences = 100;

}  // namespace

Legality Stepper::connection(const Operation& operation) {
  if (operation.code == Op::CONNECTION_NEW) return connection_new(operation);
  const std::uint8_t number = operation.operand[0];
  if (const Legality legality = connection_operand(number); legality != Legality::kLegal) {
    return legality;
  }
  switch (operation.code) {
    case Op::CONNECTION_FREE:
      return connection_free(number);
    case Op::CONNECTION_CLEAR:
      return connection_clear(number);
    case Op::SET_SESSION:
      return set_session(operation);
    case Op::GET0_SESSION:
    case Op::GET1_SESSION:
      return get_session(operation);
    case Op::COPY_SESSION:
      return copy_out(operation);
    case Op::REMOVE_OWN:
      return remove_own(operation);
    case Op::HAS_SESSION_ID:
      return has_session_id(operation);
    default:
      return set_context(operation);
  }
}

// SSL_has_matching_session_id: whether the cache of "the parent SSL_CTX" has a session that a
// server would find by that id.
Legality Stepper::has_session_id(const Operation& operation) {
  const ConnectionState& asked = state_.connections[operation.operand[0]];
  const ByteValue& id = byte_values(OperandKind::kId)[operation.operand[1]];
  Contents wanted;
  wanted.id = id.fingerprint;
  wanted.version = asked.protocol;
  const bool found =
      id.size <= kMaxIdLength && linked_under(asked.session_context, wanted) != kNobody;
  expected_.result = found ? 1 : 0;
  return Legality::kLegal;
}

Legality Stepper::connection_new(const Operation& operation) {
  const std::uint8_t number = operation.operand[0];
  if (const Legality legality = context_operand(number); legality != Legality::kLegal) {
    return legality;
  }
  ConnectionState& made = state_.connections[operation.result];
  if (made.alive != 0) return Legality::kOccupied;
  const bool own = contract_.is(Switch::FRESH_SESSION, fresh_session::kOwn);
  if (own && state_.born >= kMaxSessions) return Legality::kTooMany;
  ContextState& from = state_.contexts[number];
  made = ConnectionState{};
  made.alive = 1;
  made.context = number;
  made.session_context = number;
  made.tickets = from.tickets;
  inherit(made, from);
  made.id_context = from.id_context;
  made.protocol = from.protocol;
  from.connections = static_cast<std::uint8_t>(from.connections + kReferencesToContext);
  if (own) bear_own(made);
  expected_.result = operation.result;
  return Legality::kLegal;
}

void Stepper::bear_own(ConnectionState& connection) {
  connection.session = birth(new_contents());
  SessionState& own = session(connection.session);
  own.application = 0;
  own.acquired = 0;
  own.connections = 1;
}

bool Stepper::has_bad_session(const ConnectionState& connection) const {
  return connection.stage == Stage::kEstablished && connection.shut_down == 0 &&
         connection.session != kNobody && contract_.is(Switch::BAD_SESSION, bad_session::kRemoved);
}

void Stepper::hold(ConnectionState& connection, Number wanted) {
  const Number held = connection.session;
  connection.session = wanted;
  if (wanted != kNobody) {
    ++session(wanted).connections;
    session(wanted).fresh = 0;
  }
  if (held != kNobody) {
    --session(held).connections;
    settle(held);
  }
}

// As hold(), of the session that the connection holds beside the one it shows.
void Stepper::keep_beside(ConnectionState& connection, Number wanted) {
  const Number kept = connection.kept;
  connection.kept = wanted;
  if (wanted != kNobody) {
    ++session(wanted).connections;
    session(wanted).fresh = 0;
  }
  if (kept != kNobody) {
    --session(kept).connections;
    settle(kept);
  }
}

// Where connections keep what they were given, a client that is cleared offers next what it has
// established; others are left with what they had been given.
void Stepper::clear_session(ConnectionState& connection) {
  if (!contract_.is(Switch::RESUMED_SESSION, resumed_session::kKept)) return;
  const bool established = connection.stage == Stage::kEstablished;
  if (!(established && connection.is_client != 0) &&
      (connection.made != 0 || connection.kept != kNobody)) {
    hold(connection, connection.kept);
  }
  keep_beside(connection, kNobody);
  connection.made = 0;
}

Legality Stepper::connection_free(std::uint8_t number) {
  ConnectionState& connection = state_.connections[number];
  expected_.result = 0;
  if (has_bad_session(connection)) {
    const Legality l = drop(connection.session_context, connection.session);
    if (l != Legality::kLegal) return l;
  }
  if (unseen()) forsake_entry(connection, state_.own[number].held);
  // What it holds is let go of, in this order where there is one.
  const int first = expected_.events.size();
  ConnectionState ended = connection;
  connection = ConnectionState{};
  if (ended.session != kNobody) {
    if (const Legality l = end_session(ended); l != Legality::kLegal) return l;
  }
  keep_beside(ended, kNobody);
  for (const std::uint8_t context : {ended.session_context, ended.context}) {
    if (--state_.contexts[context].connections > 0) continue;
    if (const Legality l = context_released(context); l != Legality::kLegal) return l;
  }
  if (unordered()) {
    expected_.unordered_from = first;
    expected_.unordered_to = expected_.events.size();
    // The connection may hold what its context's cache links, until the cache is gone or not so
    // long.
    expected_.interleaved = true;
  }
  return Legality::kLegal;
}

// A callback that runs in between borrows the session.
Legality Stepper::end_session(const ConnectionState& ended) {
  SessionState& ending = session(ended.session);
  --ending.connections;
  if (ending.holders() == 0 && ending.contents.table_ex_data == 0 &&
      contract_.is(Switch::CALLBACK_AT_END, callback_at_end::kConnection)) {
    if (hazard(Hazard::WITHHELD_1) && state_.contexts[ended.context].on_remove == kOnRemoveDo) {
      return Legality::kHazard;
    }
    ++ending.in_flight;
    if (const Legality l = callback(ended.context, ended.session); l != Legality::kLegal) return l;
    --ending.in_flight;
  }
  settle(ended.session);
  return Legality::kLegal;
}

// What a handshake has established stays.
bool Stepper::renews_session(const ConnectionState& cleared) const {
  const bool ended = cleared.shut_down == kShutDownQuietly &&
                     contract_.is(Switch::QUIET_SHUTDOWN, quiet_shutdown::kClears);
  return contract_.is(Switch::CLEAR_SESSION, clear_session::kRenews) &&
         (cleared.stage != Stage::kEstablished || ended);
}

// "If a session is still open, it is considered bad and will be removed". Whether one that is not
// open stays is the library's choice.
Legality Stepper::connection_clear(std::uint8_t number) {
  ConnectionState& cleared = state_.connections[number];
  const bool renews = renews_session(cleared);
  if (renews && state_.born >= kMaxSessions) return Legality::kTooMany;
  const bool bad = has_bad_session(cleared);
  if (bad) {
    const Legality l = drop(cleared.session_context, cleared.session);
    if (l != Legality::kLegal) return l;
  }
  if (unseen()) forsake_entry(cleared, state_.own[number].held);
  if (bad || renews) hold(cleared, kNobody);
  // That a session was to be resumed is left behind as well.
  if (has_own() && cleared.offer != Offer::kNone) cleared.stale = 1;
  clear_session(cleared);
  if (renews) bear_own(cleared);
  cleared.offers = cleared.holds = 0;
  cleared.stage = Stage::kReady;
  cleared.shut_down = 0;
  cleared.replaced = 0;
  expected_.result = 1;
  return Legality::kLegal;
}

// "to be used when the TLS/SSL connection is to be established".
Legality Stepper::set_session(const Operation& operation) {
  ConnectionState& connection = state_.connections[operation.operand[0]];
  Number wanted = kNobody;
  if (const Legality l = session_operand(operation.operand[1], wanted); l != Legality::kLegal) {
    return l;
  }
  if (connection.stage != Stage::kReady &&
      contract_.is(Switch::SET_SESSION_LATE, set_session_late::kUndefined)) {
    return Legality::kNotReady;
  }
  if (has_own()) {
    if (connection.stage != Stage::kReady) return Legality::kTooMany;
    if (const Legality l = may_set_own(connection); l != Legality::kLegal) return l;
  }
  if (wanted == kNobody && contract_.is(Switch::SET_SESSION_NULL, set_session_null::kRefused)) {
    expected_.result = 0;
    return Legality::kLegal;
  }
  if (wanted != kNobody) {
    if (!state_.is_live(wanted)) return Legality::kDeadSession;
    SessionState& setting = session(wanted);
    if (!belongs(setting, connection.session_context)) return Legality::kTwoContexts;
    if (setting.connections >= kMaxConnectionReferences) return Legality::kTooMany;
    setting.fresh = 0;
    if (unseen()) return offer(operation, wanted);
    // A ticket needs no cache.
    if (connection.cache_off != 0 && setting.contents.ticket == 0 &&
        contract_.is(Switch::SET_SESSION_OFF, set_session_off::kRefused)) {
      expected_.result = 0;
      return Legality::kLegal;
    }
    // There is something to copy into only where a connection has a session of its own.
    if (connection.session != kNobody && contract_.is(Switch::SET_SESSION, set_session::kCopies)) {
      return copy_session(connection, wanted);
    }
  }
  if (const Legality l = forsake_bad_session(connection, wanted); l != Legality::kLegal) return l;
  hold(connection, wanted);
  if (connection.stage != Stage::kReady) connection.replaced = 1;
  expected_.result = 1;
  return Legality::kLegal;
}

// "If that old session is still open, it is considered bad and will be removed".
Legality Stepper::forsake_bad_session(const ConnectionState& connection, Number wanted) {
  if (!has_bad_session(connection)) return Legality::kLegal;
  // One that nobody but a cache holds may be what leaves it.
  const bool borrowed = wanted != kNobody && wanted != connection.session &&
                        session(wanted).holders() == std::popcount(session(wanted).caches);
  if (borrowed) return Legality::kTooMany;
  const Legality l = drop(connection.session_context, connection.session);
  if (l != Legality::kLegal || wanted == kNobody || state_.is_live(wanted)) return l;
  return Legality::kDeadSession;
}

// What others hold does not change: "SSL_SESSION_free() will be called for that session" is all
// that may become of it.
Legality Stepper::copy_session(ConnectionState& connection, Number wanted) {
  SessionState& own = session(connection.session);
  const Contents& set = session(wanted).contents;
  if (connection.offer == Offer::kSession && hazard(Hazard::SET_EXPIRED_ENDS) &&
      is_over(contract_, set.time, set.timeout, state_.now, true)) {
    return Legality::kHazard;
  }
  expected_.result = 1;
  if (wanted == connection.session) {
    if (hazard(Hazard::SET_OWN_SESSION_FAILS)) {
      expected_.result = 0;
    } else {
      note_offer(connection, own.contents);
    }
    return Legality::kLegal;
  }
  if (own.application == 0 || hazard(Hazard::SET_SESSION_OVERWRITES)) {
    const std::uint8_t alias = own.contents.alias;
    own.contents = session(wanted).contents;
    if (own.contents.alias == 0) own.contents.alias = alias;
  }
  note_offer(connection, session(wanted).contents);
  return Legality::kLegal;
}

Legality Stepper::get_session(const Operation& operation) {
  const ConnectionState& asked = state_.connections[operation.operand[0]];
  if (asked.stage == Stage::kBegun &&
      contract_.is(Switch::SESSION_IN_HANDSHAKE, session_in_handshake::kUndefined)) {
    return Legality::kNotReady;
  }
  const Number held = asked.session;
  if (const Legality l = assignable(operation.result, held); l != Legality::kLegal) return l;
  state_.handles[operation.result] = held;
  expected_.result = held == kNobody ? kResultNull : held;
  if (operation.code == Op::GET1_SESSION && held != kNobody) {
    ++session(held).application;
    session(held).acquired = 1;
  }
  return Legality::kLegal;
}

Legality Stepper::set_context(const Operation& operation) {
  ConnectionState& connection = state_.connections[operation.operand[0]];
  const std::uint8_t wanted = operation.operand[1];
  if (const Legality l = context_operand(wanted); l != Legality::kLegal) return l;
  if (connection.stage != Stage::kReady) return Legality::kNotReady;
  const std::uint8_t old = connection.context;
  use_context(connection, wanted);
  ++state_.contexts[wanted].connections;
  expected_.result = wanted;
  --state_.contexts[old].connections;
  return context_released(old);
}

// Engines hand the new context's id context on, unless the connection has one of its own.
void Stepper::use_context(ConnectionState& connection, std::uint8_t wanted) const {
  const std::uint8_t old = connection.context;
  const bool always = contract_.is(Switch::SWITCHED_ID_CONTEXT, switched_id_context::kAlways);
  if (wanted != old && (always || connection.id_context == state_.contexts[old].id_context)) {
    connection.id_context = state_.contexts[wanted].id_context;
  }
  connection.context = wanted;
}

}  // namespace lastref
