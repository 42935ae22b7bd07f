// Steps of handshakes where a connection has a session of its own from its birth on, which the
// handshake fills in, and where servers find copies in a table of the process. Of TLS 1.2, by id;
// what tickets add stands in own_ticket_steps.cc.
// Sources beside those of handshake_steps.cc: SSL_new(3), SSL_get_session(3), and the manual of
// wolfSSL, wolfSSL_get_session().

#include "harness/model/handshake_choice.h"
#include "harness/model/stepper.h"
#include "harness/model/symbols.h"
#include "harness/program/values.h"

namespace lastref {

// What was set counts as it was then; a session that no handshake made is not one to offer.
void Stepper::note_offer(ConnectionState& connection, const Contents& set) {
  if (!contract_.is(Switch::HELLO_TESTS, hello_tests::kWhenSet)) return;
  if (is_over(contract_, set.time, set.timeout, state_.now, true)) return;
  const bool known = set.negotiated != 0 && set.unknown == 0 && set.version <= connection.protocol;
  connection.offer = known ? Offer::kSession : Offer::kUnknown;
  if (!known) return;
  // It speaks the protocol of what it offers.
  if (set.version < connection.protocol) connection.narrowed = 1;
  connection.protocol = set.version;
}

Legality Stepper::ready_with_own(const ConnectionState& connection, bool as_client) const {
  if (!has_own()) return Legality::kLegal;
  // Cleared of a bad session: what it has then is beyond what the model knows.
  if (connection.session == kNobody) return Legality::kTooMany;
  if (connection.used != 0 && hazard(Hazard::SET_BIO_LEAKS)) return Legality::kHazard;
  const bool turned = connection.used != 0 && as_client != (connection.is_client != 0);
  if ((turned || connection.stale != 0) && hazard(Hazard::CLEAR_KEEPS_STATE)) {
    return Legality::kHazard;
  }
  if (connection.id_context != empty_fingerprint() && hazard(Hazard::ID_CONTEXT_IGNORED)) {
    return Legality::kHazard;
  }
  // Whose callbacks and cache it then uses is beyond what the model knows.
  if (connection.context != connection.session_context) return Legality::kTooMany;
  return Legality::kLegal;
}

Legality Stepper::may_set_own(const ConnectionState& connection) const {
  if (connection.used != 0 && hazard(Hazard::CLEAR_KEEPS_STATE)) return Legality::kHazard;
  if (connection.id_context != empty_fingerprint() && hazard(Hazard::ID_CONTEXT_IGNORED)) {
    return Legality::kHazard;
  }
  return Legality::kLegal;
}

// What the server is going to store, or has found, must be such as the model can follow.
Legality Stepper::may_share(const ConnectionState& server, const HandshakeChoice& choice) const {
  if (!has_own()) return Legality::kLegal;
  if (state_.copied >= kMaxCopies) return Legality::kTooMany;
  if (!hazard(Hazard::EX_DATA_IN_TABLE)) return Legality::kLegal;
  if (choice.from_callback && session(choice.found).contents.ex_data != 0) return Legality::kHazard;
  const bool found = choice.copy >= 0 || choice.from_callback;
  for (const ContextState& context : state_.contexts) {
    const bool concerned = found || &context == &state_.contexts[server.context];
    if (concerned && context.alive() && context.on_remove != kOnRemoveOff) {
      return Legality::kHazard;
    }
  }
  return session(server.session).contents.ex_data != 0 ? Legality::kHazard : Legality::kLegal;
}

// Whether the model can follow what becomes of both sides' sessions, and no known bug does.
Legality Stepper::may_make(const ConnectionState& client, const ConnectionState& server,
                           const HandshakeChoice& choice) const {
  const Legality shared = may_share(server, choice);
  return shared == Legality::kLegal ? may_rename(client, server, choice) : shared;
}

// A full handshake without a ticket gives both sides' sessions a new id.
Legality Stepper::may_rename(const ConnectionState& client, const ConnectionState& server,
                             const HandshakeChoice& choice) const {
  const bool renames = !choice.resumed && !choice.gives_ticket && !choice.is_tls13();
  if (!has_own() || !renames || !hazard(Hazard::SET_EXPIRED_KEEPS_ID)) return Legality::kLegal;
  const auto keeps = [this](const ConnectionState& side) {
    return side.offer != Offer::kSession && session(side.session).contents.alias != 0;
  };
  return keeps(client) || keeps(server) ? Legality::kHazard : Legality::kLegal;
}

// Whether the client has read its tickets, or has not said its last.
Legality Stepper::may_stop(const HandshakeChoice& choice, std::uint8_t stop) const {
  const bool between = stop == kStopAfterServerFlight || stop == kStopAfterClientFlight;
  const bool renews = has_own() && choice.is_tls13() && choice.resumed;
  return between && renews && hazard(Hazard::TICKET_LOSES_SECRET) ? Legality::kHazard
                                                                  : Legality::kLegal;
}

// The contents of what the connection holds. What others hold as well "will be freed" by them, and
// does not become another session before: SSL_get_session(3).
void Stepper::fill(ConnectionState& connection, const Contents& contents) {
  SessionState& own = session(connection.session);
  if (own.application == 0 || hazard(Hazard::HANDSHAKE_OVERWRITES)) {
    own.contents = contents;
    own.fresh = 0;
  } else {
    hold(connection, bear(connection, contents));
  }
}

std::int64_t Stepper::fill_by_handshake(std::uint8_t client, std::uint8_t server,
                                        HandshakeChoice& choice, std::uint8_t stop) {
  ConnectionState& from = state_.connections[client];
  ConnectionState& to = state_.connections[server];
  from.stage = to.stage = Stage::kBegun;
  from.is_client = 1;
  to.is_client = 0;
  from.used = to.used = 1;
  from.stale = to.stale = 1;
  if (stop == kStopRefused) {
    refuse_own(to, choice);
    return kHandshakeIncomplete;
  }
  switch_context(server, choice.switches_to);
  read_own_hello(server, choice);
  if (halfway_ != Legality::kLegal) return kHandshakeIncomplete;
  if (stop == kStopAfterClientHello) return kHandshakeIncomplete;
  if (choice.denied || (stop == kStopClientRefuses && !choice.resumed)) {
    if (!choice.denied) touch(from);
    return kHandshakeIncomplete;
  }
  if (choice.is_tls13()) return fill_by_tls13(client, server, choice, stop);
  if (choice.resumed) {
    from.stage = Stage::kEstablished;
    if (stop == kStopAfterServerFlight) return kHandshakeIncomplete;
    to.stage = Stage::kEstablished;
    return stop == kStopAfterClientFlight ? kHandshakeIncomplete : kHandshakeResumed;
  }
  // RFC 5246, 7.4.1.3: an empty id says "that the session will not be cached".
  Contents agreed;
  const bool unnamed = settings_of(to).cache_off != 0 || choice.gives_ticket;
  agreed.id = unnamed ? empty_fingerprint() : new_symbol(state_);
  agreed.master_key = new_symbol(state_);
  const bool early = contract_.is(Switch::CLIENT_FINISHED, client_finished::kOwnFinished);
  if (choice.gives_ticket) {
    if (early) touch(from);
  } else if (early) {
    fill_new(client, agreed);
  }
  if (stop == kStopAfterServerFlight) return kHandshakeIncomplete;
  if (choice.gives_ticket) {
    give_own_ticket(server, kTls12);
  } else {
    fill_new(server, agreed);
  }
  to.stage = Stage::kEstablished;
  if (stop == kStopAfterClientFlight) return kHandshakeIncomplete;
  if (choice.gives_ticket) {
    take_own_ticket(client, kTls12, state_.contexts[heard_context(contract_, to)].ticket_hint);
  } else if (!early) {
    fill_new(client, agreed);
  }
  from.stage = Stage::kEstablished;
  from.offer = to.offer = Offer::kNone;
  from.stale = to.stale = 0;
  return kHandshakeFull;
}

// A side has sent its Finished: its session is made, stored and told of.
void Stepper::fill_new(std::uint8_t number, const Contents& agreed) {
  const bool unnamed = agreed.id == empty_fingerprint();
  ConnectionState& connection = state_.connections[number];
  const bool is_client = connection.is_client != 0;
  if (unnamed && contract_.is(Switch::UNCACHED_SESSION, uncached_session::kEmpty)) {
    if (is_client) touch(connection);
    return;
  }
  const bool uncached = settings_of(connection).cache_off != 0;
  Contents made = made_of_own(connection, kTls12);
  made.id = agreed.id;
  made.master_key = agreed.master_key;
  fill(connection, made);
  if (!is_client && !unnamed && settings_of(connection).store_off == 0) store(made);
  if (!unnamed && (!uncached || (is_client && hazard(Hazard::NEW_CALLBACK_OFF)))) {
    tell(number, connection.session);
  }
}

// What a handshake makes of the session that the connection has.
Contents Stepper::made_of_own(const ConnectionState& connection, std::int32_t version) {
  const Contents& own = session(connection.session).contents;
  Contents made = negotiated(connection, version);
  made.timeout = made.longest = settings_of(connection).timeout;
  made.id = own.id;
  made.negotiated = 1;
  made.ex_data = own.ex_data;
  made.table_ex_data = own.table_ex_data;
  made.alias = own.alias;
  return made;
}

// A handshake that is not through has left something in the session that only an encoding shows: a
// key, the server's certificate.
void Stepper::touch(const ConnectionState& connection) {
  session(connection.session).contents.master_key = new_symbol(state_);
}

// The connection with what its context's settings are to it.
ConnectionState Stepper::settings_of(const ConnectionState& connection) const {
  ConnectionState settings = connection;
  if (contract_.is(Switch::CONNECTION_SETTINGS, connection_settings::kWhenUsed)) {
    inherit(settings, state_.contexts[connection.session_context]);
  }
  return settings;
}

bool is_over(const Contract& contract, std::int64_t time, std::int64_t timeout, std::int64_t now,
             bool at_its_end) {
  std::int64_t end = 0;
  if (__builtin_add_overflow(time, timeout, &end)) {
    return contract.hazards.has(Hazard::OVERFLOW_EXPIRES);
  }
  if (contract.hazards.has(Hazard::TIMEOUT_TRUNCATED)) end = static_cast<std::uint32_t>(end);
  return at_its_end ? end <= now : end < now;
}

}  // namespace lastref
