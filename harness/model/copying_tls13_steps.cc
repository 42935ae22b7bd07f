// Handshakes of TLS 1.3 of connections that copy what they are given: nothing but a ticket stands
// for a session, and it comes behind the handshake.
// Sources: RFC 8446, 2, 4.2.9 and 4.6.1; gnutls_session_get_data2(3); GnuTLS's manual, Session
// resumption.

#include "harness/model/stepper.h"
#include "harness/model/symbols.h"
#include "harness/program/values.h"

namespace lastref {

// gnutls_session_get_data2(3): what is given where no ticket came is "dummy data which cannot lead
// to resumption".
bool Stepper::is_dummy(const Contents& contents) {
  return contents.version == kTls13 && contents.ticket == 0;
}

// Whether a server takes a session for resumed that TLS 1.3 does not know, by a ticket of TLS 1.2.
bool Stepper::mistakes_ticket(const ConnectionState& server, const Contents& offered) const {
  return offered.version != kTls13 && offered.ticket != 0 && hazard(Hazard::OLD_TICKET_ENDS) &&
         opened(server, offered.ticket) != nullptr;
}

// What is sealed knows how long it is good, whatever the server that opens it was set up to.
std::uint32_t Stepper::seal_tls13(const ConnectionState& server, Contents contents) {
  contents.timeout = server.timeout;
  return seal(server, contents);
}

// Tickets are a server's affair: RFC 8446, 4.2.9, has none for who cannot use them no more than
// that one "SHOULD NOT" give them. A client that takes none does not offer one.
Legality Stepper::shake_tls13_by_copies(const Operation& operation) {
  ConnectionState& client = state_.connections[operation.operand[0]];
  ConnectionState& server = state_.connections[operation.operand[1]];
  OwnContents& own = state_.own[operation.operand[0]];
  const std::uint8_t stop = operation.operand[2];
  const ConnectionState serving = set_up(server);
  const bool gives = serving.tickets != kTicketsOff;
  const Contents offered = client.offers != 0 ? own.offered : Contents{};
  if (gives && serving.timeout == 0 && hazard(Hazard::WITHHELD_2)) return Legality::kHazard;
  // RFC 8446, 4.6.1: a lifetime has no sign, and what becomes of one below nothing, nobody says.
  if ((gives && serving.timeout < 0) || offered.unknown != 0) return Legality::kTooMany;

  const bool sends = gives && set_up(client).tickets == kTicketsOn && offered.ticket != 0;
  const bool ends = sends && mistakes_ticket(serving, offered);
  const Contents* found = nullptr;
  if (sends && offered.version == kTls13) found = opened(serving, offered.ticket);
  const bool resumed = found != nullptr;
  client.stage = server.stage = Stage::kBegun;
  client.is_client = 1;
  server.is_client = 0;
  server.offers = 0;
  expected_.result = kHandshakeIncomplete;
  if (stop == kStopRefused || stop == kStopAfterClientHello || ends) return Legality::kLegal;

  const bool chosen = contract_.is(Switch::TICKET_SESSION_ID, ticket_session_id::kChosen);
  const bool renews = contract_.is(Switch::RESUMED_LIFETIME, resumed_lifetime::kOwn);
  Contents made = resumed ? *found : made_anew(chosen ? new_symbol(state_) : empty_fingerprint());
  made.timeout = new_contents().timeout;  // what is sealed has its ticket's
  if (renews) made.time = state_.now;
  made.version = kTls13;
  Contents held = resumed ? offered : made;
  held.time = made.time;
  held.ticket = 0;
  // Nobody says what a session without ids has for one: with what it offered, it goes on.
  if (!resumed && chosen) held.id = client.offers != 0 ? offered.id : new_symbol(state_);
  // Who resumes is shown no certificate.
  const bool completes = stop == kStopComplete || (stop == kStopClientRefuses && resumed);
  if (stop == kStopClientRefuses && !completes) return Legality::kLegal;
  // A server that has asked the client for nothing need not wait for it before it gives tickets;
  // one that resumes does.
  const bool over = resumed && made.time + serving.timeout <= state_.now;
  if (gives && (!resumed || completes) && !over) held.ticket = seal_tls13(serving, made);
  client.stage = Stage::kEstablished;
  client.holds = 1;
  own.held = held;
  if (stop == kStopAfterServerFlight) return Legality::kLegal;
  server.stage = Stage::kEstablished;
  server.holds = 1;
  state_.own[operation.operand[1]].held = made;
  if (completes) expected_.result = resumed ? kHandshakeResumed : kHandshakeFull;
  return Legality::kLegal;
}

}  // namespace lastref
