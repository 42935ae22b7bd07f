// Steps of handshakes and shutdowns: who holds what when both ends are left alone. The flights come
// as RFC 5246, 7.3, and RFC 8446, 2, have them; who finishes first follows from that. Sources
// beside those of handshake_choice.h: SSL_CTX_set_session_cache_mode(3),
// SSL_CTX_sess_set_get_cb(3), SSL_CTX_sess_number(3), SSL_shutdown(3).

#include <algorithm>

#include "harness/model/handshake_choice.h"
#include "harness/model/renumbering.h"
#include "harness/model/stepper.h"
#include "harness/model/symbols.h"
#include "harness/program/values.h"

namespace lastref {
namespace {

// BoringSSL, openssl/ssl.h: SSL_DEFAULT_SESSION_PSK_DHE_TIMEOUT and
// SSL_DEFAULT_SESSION_AUTH_TIMEOUT, in seconds.
constexpr std::int64_t kTls13Timeout = 2 * 24 * 60 * 60;
constexpr std::int64_t kLongestTls13Timeout = 7 * 24 * 60 * 60;

// Whether what fails is a buffer of one of the two BIOs between the connections, which are made
// first: each takes two allocations.
bool makes_a_buffer(const Fault& fault) {
  return fault.is_allocation() && (fault.at() == 2 || fault.at() == 4);
}

}  // namespace

Legality Stepper::handshake(const Operation& operation) {
  const std::uint8_t client = operation.operand[0];
  const std::uint8_t server = operation.operand[1];
  if (const Legality l = ready_for_handshake(client, server); l != Legality::kLegal) return l;
  if (makes_a_buffer(operation.fault) && hazard(Hazard::FAILED_BIO_LOST)) return Legality::kHazard;
  if (unseen()) return shake_hands_by_copies(operation);
  const std::uint8_t stop = operation.operand[2];
  // A callback that refuses the client switches nothing.
  const std::uint8_t wanted =
      stop == kStopRefused ? kNobody : named_context(state_.connections[server]);
  const std::uint8_t clients =
      hazard(Hazard::CLIENT_NAMED) ? named_context(state_.connections[client]) : kNobody;
  if (const Legality l = may_switch(state_.connections[server], wanted); l != Legality::kLegal) {
    return l;
  }
  if (const Legality l = may_switch(state_.connections[client], clients); l != Legality::kLegal) {
    return l;
  }
  const bool looks_first = contract_.is(Switch::REFUSAL, refusal::kAfterLookup);
  ConnectionState looking = state_.connections[server];
  if (!looks_first && wanted != kNobody) use_context(looking, wanted);
  HandshakeChoice choice = choose(state_, contract_, state_.connections[client], looking);
  choice.switches_to = wanted;
  choice.client_switches_to = clients;
  if (choice.legality != Legality::kLegal) return choice.legality;
  const Legality made = may_make(state_.connections[client], looking, choice);
  if (made != Legality::kLegal) return made;
  if (const Legality l = may_stop(choice, stop); l != Legality::kLegal) return l;
  // A ticket of TLS 1.3 is opened behind the servername callback, with the new context's key, where
  // others are opened before it.
  const bool opened_late = has_own() && choice.is_tls13() && choice.offered != kNobody;
  if (opened_late && wanted != kNobody) return Legality::kTooMany;
  const int first = state_.born;
  expected_.result = has_own() ? fill_by_handshake(client, server, choice, stop)
                               : shake_hands(client, server, choice, stop);
  if (halfway_ != Legality::kLegal) return halfway_;
  doubt_unfinished(first);
  renumber(first, state_.connections[server].session, state_.connections[client].session);
  return Legality::kLegal;
}

Legality Stepper::ready_for_handshake(std::uint8_t client, std::uint8_t server) const {
  if (in_callback()) return Legality::kInsideCallback;
  for (const std::uint8_t number : {client, server}) {
    if (const Legality l = connection_operand(number); l != Legality::kLegal) return l;
    const ConnectionState& connection = state_.connections[number];
    if (connection.stage != Stage::kReady) return Legality::kNotReady;
    const Legality own = ready_with_own(connection, number == client);
    if (own != Legality::kLegal) return own;
    // What a body would do in the middle of a handshake is beyond what the model knows.
    if (state_.contexts[connection.session_context].on_remove == kOnRemoveDo) {
      return Legality::kTooMany;
    }
  }
  if (client == server) return Legality::kNotReady;
  if (state_.born + kMaxHandshakeBirths > kMaxSessions) return Legality::kTooMany;
  if (state_.issued + kTicketsAfterFull > kMaxTickets) return Legality::kTooMany;
  return Legality::kLegal;
}

std::int64_t Stepper::shake_hands(std::uint8_t client, std::uint8_t server, HandshakeChoice& choice,
                                  std::uint8_t stop) {
  ConnectionState& from = state_.connections[client];
  ConnectionState& to = state_.connections[server];
  from.stage = to.stage = Stage::kBegun;
  from.is_client = 1;
  to.is_client = 0;
  client_hello(from, choice);
  const bool looks_first = contract_.is(Switch::REFUSAL, refusal::kAfterLookup);
  if (!looks_first && choice.switches_to != kNobody) {
    const bool acts = state_.contexts[naming_context(to)].acts(Inside::kServername);
    switch_context(server, choice.switches_to);
    if (acts && halfway_ == Legality::kLegal) choose_anew(client, server, choice);
    if (halfway_ != Legality::kLegal) return kHandshakeIncomplete;
  }
  if (stop != kStopRefused || looks_first) server_flight(server, choice);
  if (looks_first && stop != kStopRefused) name_anew(server, choice);
  if (looks_first) switch_context(server, choice.switches_to);
  if (halfway_ != Legality::kLegal) return kHandshakeIncomplete;
  if (stop == kStopRefused) {
    refuse(to);
    refuse(from);
    return kHandshakeIncomplete;
  }
  server_hello(to, choice);
  if (stop == kStopAfterClientHello) return kHandshakeIncomplete;
  const bool client_first = choice.resumed || choice.is_tls13();
  // Who resumes is shown no certificate.
  if (stop == kStopClientRefuses && !choice.resumed) {
    accept(from, to, choice);
    switch_context(client, choice.client_switches_to);
    refuse(from);
    refuse(to);
    return kHandshakeIncomplete;
  }
  const std::uint32_t tls12_ticket = issue_tls12(to, choice);
  accept(from, to, choice);
  switch_context(client, choice.client_switches_to);
  if (client_first) finish_client(client, choice, tls12_ticket);
  if (stop == kStopAfterServerFlight) return kHandshakeIncomplete;
  const int first_ticket = state_.issued;
  finish_server(server, choice);
  if (stop == kStopAfterClientFlight) return kHandshakeIncomplete;
  if (!client_first) finish_client(client, choice, tls12_ticket);
  for (int ticket = first_ticket; ticket < state_.issued; ++ticket) read_ticket(client, ticket);
  return choice.resumed ? kHandshakeResumed : kHandshakeFull;
}

Contents Stepper::negotiated(const ConnectionState& connection, std::int32_t version) {
  const ContextState& context = state_.contexts[connection.session_context];
  Contents contents;
  contents.time = state_.now;
  contents.timeout = context.timeout;
  if (context.timeout == 0 &&
      contract_.is(Switch::ZERO_DEFAULT_TIMEOUT, zero_default_timeout::kDefault)) {
    contents.timeout = contract_.value(Switch::CONTEXT_TIMEOUT);
  }
  contents.longest = contents.timeout;
  if (version == kTls13 && contract_.is(Switch::TICKET_LIFETIME, ticket_lifetime::kRenewed)) {
    contents.timeout = kTls13Timeout;
    contents.longest = kLongestTls13Timeout;
  }
  contents.id = empty_fingerprint();
  contents.id_context = connection.id_context;
  contents.master_key = new_symbol(state_);
  contents.version = version;
  contents.of_server = connection.is_client != 0 ? 0 : 1;
  return contents;
}

// The connection makes a session of its own. What it resumes it may keep beside it.
void Stepper::make(ConnectionState& connection, const Contents& contents) {
  hold(connection, bear(connection, contents));
  connection.made = 1;
}

// TLS 1.3: what comes of a resumption is a session anew, without the ticket, that has the rest of
// the old one's authority.
Contents Stepper::renewed(const ConnectionState& connection, Contents resumed) {
  Contents fresh = negotiated(connection, kTls13);
  const std::int64_t age = state_.now - resumed.time;
  const std::int64_t left = std::max<std::int64_t>(resumed.timeout - age, 0);
  fresh.longest = std::max<std::int64_t>(resumed.longest - age, 0);
  fresh.timeout = left > kTls13Timeout ? left : std::min(kTls13Timeout, fresh.longest);
  return fresh;
}

// A session that a connection of the context makes.
Stepper::Number Stepper::bear(const ConnectionState& connection, const Contents& contents) {
  const Number number = birth(contents);
  session(number).application = 0;
  session(number).acquired = 0;
  session(number).home = connection.session_context;
  return number;
}

void Stepper::client_hello(ConnectionState& client, const HandshakeChoice& choice) {
  if (choice.offered != kNobody) return;
  if (contract_.is(Switch::UNOFFERED_SESSION, unoffered_session::kDropped)) hold(client, kNobody);
  if (!contract_.is(Switch::HELLO_SESSION, hello_session::kEmpty)) return;
  hold(client, bear(client, negotiated(client, client.protocol)));
}

void Stepper::server_flight(std::uint8_t number, HandshakeChoice& choice) {
  ConnectionState& server = state_.connections[number];
  ContextState& context = state_.contexts[server.session_context];
  const bool counts = contract_.is(Switch::HANDSHAKE_STATISTICS, counts::kCounted);
  if (choice.missed && counts) ++context.misses;
  const Number found = take_found(number, choice);
  if (halfway_ != Legality::kLegal) return;
  if (choice.expired) {
    if (counts) ++context.timeouts;
    if (choice.by_id && !choice.is_tls13()) drop(server.session_context, found);
  }
  if (choice.resumed) {
    if (counts) ++context.hits;
    if ((context.mode & kModeUpdateTime) != 0 && !hazard(Hazard::RESUME_KEEPS_TIME) &&
        contract_.is(Switch::UPDATE_TIME_ON_ADD, yes_no::kYes)) {
      session(found).contents.time = state_.now;
      resort(found);
    }
    if (choice.is_tls13() && contract_.is(Switch::RESUMED_SESSION, resumed_session::kKept)) {
      keep_beside(server, server.session);
      make(server, renewed(server, session(found).contents));
    } else {
      hold(server, found);
    }
  } else {
    Contents contents = negotiated(server, choice.version);
    if (!choice.is_tls13() && !choice.gives_ticket) contents.id = new_symbol(state_);
    make(server, contents);
  }
  if (found != kNobody) {
    --session(found).in_flight;
    settle(found);
  }
}

// What was found, with a reference of the library's in flight. The get callback runs.
Stepper::Number Stepper::take_found(std::uint8_t number, HandshakeChoice& choice) {
  const ConnectionState& server = state_.connections[number];
  const ContextState& context = state_.contexts[server.session_context];
  if (choice.ticket >= 0) {
    Contents opened = decoded(state_.tickets[static_cast<std::size_t>(choice.ticket)].contents);
    if (!choice.is_tls13()) {
      opened.id = session(choice.offered).contents.id;
    } else if (contract_.is(Switch::PSK_SESSION_ID, psk_session_id::kNone)) {
      opened.id = empty_fingerprint();
    }
    if (!choice.resumed) return kNobody;  // nobody sees it
    const Number number_of_ticket = bear(server, opened);
    ++session(number_of_ticket).in_flight;
    return number_of_ticket;
  }
  const std::uint8_t on_get = state_.contexts[heard_context(contract_, server)].on_get;
  if (choice.asked) ask_callback(number, choice);
  if (halfway_ != Legality::kLegal || choice.found == kNobody) return kNobody;
  // SSL_CTX_sess_number(3): "successfully retrieved sessions from the external session cache"; one
  // that is marked is not, and OpenSSL ignores it.
  const bool retrieved = choice.from_callback && session(choice.found).contents.marked == 0;
  if (retrieved && contract_.is(Switch::HANDSHAKE_STATISTICS, counts::kCounted)) {
    ++state_.contexts[server.session_context].callback_hits;
  }
  SessionState& found = session(choice.found);
  ++found.in_flight;
  found.fresh = 0;
  if (!choice.from_callback) return choice.found;
  if (get_callback_acquires(on_get)) {
    ++found.application;
    found.acquired = 1;
  }
  if (get_callback_hands_over(on_get)) --found.application;
  if ((context.mode & kModeNoInternalStore) == 0 && resumable(found.contents)) {
    cache_add(server.session_context, choice.found);
  }
  return choice.found;
}

// A fatal alert. RFC 5246, 7.2.2: both "MUST forget any session-identifiers, keys, and secrets
// associated with a failed connection".
void Stepper::refuse(const ConnectionState& connection) {
  if (connection.session == kNobody) return;
  if (contract_.is(Switch::FAILED_SESSION, failed_session::kKept)) return;
  drop(connection.session_context, connection.session);
}

// RFC 5246, 7.4.1.3: an empty id says "that the session will not be cached".
void Stepper::server_hello(const ConnectionState& server, const HandshakeChoice& choice) {
  if (choice.resumed) return;
  const bool in_use = contract_.is(Switch::UNCACHED_ID, uncached_id::kContextInUse);
  const ContextState& asked = state_.contexts[in_use ? server.context : server.session_context];
  if ((asked.mode & kModeServer) == 0) session(server.session).contents.id = empty_fingerprint();
}

// The client has read the server's flight.
void Stepper::accept(ConnectionState& client, const ConnectionState& server,
                     const HandshakeChoice& choice) {
  const bool keeps = contract_.is(Switch::RESUMED_SESSION, resumed_session::kKept);
  if (choice.resumed && keeps && choice.is_tls13()) {
    make(client, renewed(client, session(client.session).contents));
  }
  if (choice.resumed) return;
  if (choice.offered != kNobody && hazard(Hazard::CLIENT_MISSES)) {
    ++state_.contexts[client.session_context].misses;
  }
  Contents contents = negotiated(client, choice.version);
  if (!choice.is_tls13()) {
    contents.id = session(server.session).contents.id;
    contents.master_key = session(server.session).contents.master_key;
  }
  make(client, contents);
}

void Stepper::finish_client(std::uint8_t number, const HandshakeChoice& choice,
                            std::uint32_t ticket) {
  ConnectionState& client = state_.connections[number];
  ContextState& context = state_.contexts[client.session_context];
  // RFC 5077, 3.3: the new ticket takes the place of the old one, and of its session.
  if (ticket != 0 && choice.resumed && (context.mode & kModeClient) != 0) {
    drop(client.session_context, client.session);
  }
  if (ticket != 0) take_ticket(client, ticket, choice.resumed);
  session(client.session).contents.negotiated = 1;
  client.stage = Stage::kEstablished;
  if (choice.resumed && contract_.is(Switch::HANDSHAKE_STATISTICS, counts::kCounted)) {
    ++context.hits;
  }
  if (!choice.is_tls13()) {
    if (choice.resumed && contract_.is(Switch::RESUMED_SESSION, resumed_session::kKept)) {
      keep_beside(client, client.session);
    }
    if (!choice.resumed) keep_for_later(number, kModeClient, true);
  } else if (choice.resumed && (context.mode & kModeClient) != 0 &&
             contract_.is(Switch::SINGLE_USE, yes_no::kYes)) {
    drop(client.session_context, client.session);
  }
}

void Stepper::finish_server(std::uint8_t number, const HandshakeChoice& choice) {
  ConnectionState& server = state_.connections[number];
  server.stage = Stage::kEstablished;
  session(server.session).contents.negotiated = 1;
  if (choice.is_tls13()) {
    send_tickets(number, choice);
    return;
  }
  if (!choice.resumed) keep_for_later(number, kModeServer, true);
  if (choice.resumed && contract_.is(Switch::RESUMED_SESSION, resumed_session::kKept)) {
    keep_beside(server, server.session);
  }
}

// i2d_SSL_SESSION(3): "If the session is not valid, 0 is returned". What a handshake that did not
// finish leaves is not, or not yet: nobody says what it has.
void Stepper::doubt_unfinished(int first) {
  for (int number = first; number < state_.born; ++number) {
    Contents& contents = session(static_cast<Number>(number)).contents;
    if (contents.negotiated == 0) contents.unknown = 1;
  }
}

void Stepper::renumber(int first, Number server, Number client) {
  const Renumbering renumbering(first, state_.born, state_.live, server, client);
  renumbering.settle(expected_.events);
  lastref::renumber(state_, renumbering);
}

Legality Stepper::shutdown(const Operation& operation) {
  const std::uint8_t number = operation.operand[0];
  if (const Legality l = connection_operand(number); l != Legality::kLegal) return l;
  ConnectionState& connection = state_.connections[number];
  // A second one would wait for the peer's. What is left of a connection that was given another
  // session after its handshake no page says: it is good to be cleared and freed.
  if (connection.replaced != 0) return Legality::kNotReady;
  if (connection.stage != Stage::kEstablished || connection.shut_down != 0) {
    return Legality::kNotReady;
  }
  connection.shut_down = number_of(operation) == 0 ? kShutDown : kShutDownQuietly;
  // "The shutdown is not yet finished: the close_notify was sent but the peer did not send it back
  // yet"; a quiet one is over at once: SSL_CTX_set_quiet_shutdown(3).
  expected_.result = number_of(operation);
  return Legality::kLegal;
}

}  // namespace lastref
