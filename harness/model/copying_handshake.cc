// Steps on connections that copy what they are given, and give copies of what they have: there is
// no session of a connection's that anybody sees, and what a handshake leaves are contents.
// Sources: mbedtls/ssl.h, mbedtls_ssl_set_session(), mbedtls_ssl_get_session(),
// mbedtls_ssl_conf_session_cache(), mbedtls_ssl_conf_session_tickets_cb(); RFC 5246, 7.3 and 7.4.1;
// RFC 5077, 3.

#include <algorithm>

#include "harness/model/stepper.h"
#include "harness/model/symbols.h"
#include "harness/program/values.h"

namespace lastref {
namespace {

// The shortest id that a client offers; shorter ones are none of a server's.
constexpr int kShortestOffered = 16;

// Stands for an id that a server is about to choose: no value's fingerprint.
constexpr std::uint32_t kSomeId = 2;
static_assert(is_symbol(kSomeId));

bool is_offered(std::uint32_t id) {
  for (const ByteValue& value : byte_values(OperandKind::kId)) {
    if (value.fingerprint == id) return value.size >= kShortestOffered;
  }
  return true;  // a handshake's
}

}  // namespace

Legality Stepper::offer(const Operation& operation, Number wanted) {
  const std::uint8_t number = operation.operand[0];
  if (session(wanted).contents.negotiated == 0 &&
      contract_.is(Switch::SET_SESSION_EMPTY, set_session_empty::kRefused)) {
    expected_.result = 0;
    return Legality::kLegal;
  }
  const Contents& given = session(wanted).contents;
  ConnectionState& offering = state_.connections[number];
  const Contents had = offering.offers != 0 ? state_.own[number].offered : Contents{};
  const bool drops_ticket = had.ticket != 0 && (given.ticket == 0 || given.version != had.version);
  const bool drops = drops_ticket || (offering.offers != 0 && is_dummy(given));
  if (drops && hazard(Hazard::SET_AGAIN_KEEPS_TICKET)) return Legality::kHazard;
  const bool loses = had.version == kTls13 && had.ticket != 0;
  if (loses && !is_dummy(given) && hazard(Hazard::SET_AGAIN_LEAKS)) return Legality::kHazard;
  offering.offers = is_dummy(given) ? 0 : 1;
  state_.own[number].offered = given;
  expected_.result = 1;
  return Legality::kLegal;
}

// A new copy each time of what was established.
Legality Stepper::copy_out(const Operation& operation) {
  const std::uint8_t number = operation.operand[0];
  const ConnectionState& asked = state_.connections[number];
  if (!unseen()) return Legality::kNoObject;
  const bool unfinished =
      asked.stage == Stage::kBegun || (asked.stage == Stage::kReady && asked.protocol == kTls13);
  if (unfinished && hazard(Hazard::UNFINISHED_COPIED)) return Legality::kHazard;
  Contents copied = state_.own[number].held;
  const bool dummy = is_dummy(copied);
  const bool has = asked.holds != 0 &&
                   !(dummy && contract_.is(Switch::TICKETLESS_COPY, ticketless_copy::kNothing));
  if (dummy) copied.time = new_contents().time;
  // One that is made and let go of, since there is nothing to copy, is there for a time.
  if (state_.born >= kMaxSessions) return Legality::kTooMany;
  if (const Legality l = assignable(operation.result); l != Legality::kLegal) return l;
  state_.handles[operation.result] = has ? birth(copied) : kNobody;
  expected_.result = has ? state_.handles[operation.result] : kResultNull;
  return Legality::kLegal;
}

// Of a server's only: a client has no cache. gnutls_db_remove_session(3): "will remove the current
// session data from the session database", which is there once it is established.
Legality Stepper::remove_own(const Operation& operation) {
  const ConnectionState& removing = state_.connections[operation.operand[0]];
  if (!unseen() || !has_entries()) return Legality::kNoObject;
  if (removing.stage == Stage::kBegun) return Legality::kNotReady;
  expected_.result = 0;
  if (removing.holds != 0 && removing.is_client == 0) {
    remove_entry(removing.session_context, state_.own[operation.operand[0]].held.id);
  }
  return Legality::kLegal;
}

// As has_bad_session(), of what nobody sees: the server's connection ends.
void Stepper::forsake_entry(const ConnectionState& ended, const Contents& held) {
  const bool bad = ended.stage == Stage::kEstablished && ended.shut_down == 0 &&
                   ended.is_client == 0 && contract_.is(Switch::BAD_SESSION, bad_session::kRemoved);
  if (bad && !hazard(Hazard::END_KEEPS_ENTRY)) remove_entry(ended.session_context, held.id);
}

// The connection with the settings that it has when it shakes hands.
ConnectionState Stepper::set_up(const ConnectionState& connection) const {
  ConnectionState settings = connection;
  if (contract_.is(Switch::CONNECTION_SETTINGS, connection_settings::kWhenUsed)) {
    settings.timeout = state_.contexts[connection.session_context].timeout;
    settings.tickets = state_.contexts[connection.session_context].tickets;
  }
  return settings;
}

// What the server finds of what the client offers decides how it goes; the flights are as
// shake_hands() has them.
Legality Stepper::shake_hands_by_copies(const Operation& operation) {
  ConnectionState& client = state_.connections[operation.operand[0]];
  ConnectionState& server = state_.connections[operation.operand[1]];
  if (std::min(client.protocol, server.protocol) == kTls13) {
    return shake_tls13_by_copies(operation);
  }
  OwnContents& own = state_.own[operation.operand[0]];
  Contents& of_server = state_.own[operation.operand[1]].held;
  const std::uint8_t number = server.session_context;
  const std::uint8_t stop = operation.operand[2];
  const ConnectionState serving = set_up(server);
  const bool tickets = set_up(client).tickets == kTicketsOn;
  const bool gives_tickets = tickets && serving.tickets != kTicketsOff;
  const bool offers = client.offers != 0;
  const Contents offered = offers ? own.offered : Contents{};
  if (gives_tickets && serving.timeout == 0 && hazard(Hazard::WITHHELD_2)) {
    return Legality::kHazard;
  }
  // Damaged bytes may have any secret.
  if (offers && offered.unknown != 0) return Legality::kTooMany;

  // The hello. RFC 5077, 3.4: a client that sends a ticket makes up an id. What TLS 1.3 made has
  // neither a ticket for TLS 1.2 nor, unless its id was another session's, an id.
  const bool newer = offered.version == kTls13;
  const bool sends_ticket = tickets && offered.ticket != 0 && !newer;
  const bool says_id = offers && (!newer || hazard(Hazard::OLD_ID_STAYS));
  const bool hides = hazard(Hazard::TICKET_HIDES_ID) && offered.ticket != 0;
  const bool random = contract_.is(Switch::TICKET_HELLO_ID, ticket_hello_id::kRandom);
  const bool makes_up_id = (sends_ticket && random) || hides;
  const Contents* found = nullptr;
  if (sends_ticket && gives_tickets) found = opened(serving, offered.ticket);
  const bool by_ticket = found != nullptr;
  if (!by_ticket && !makes_up_id && says_id && is_offered(offered.id)) {
    const CacheEntry* entry = entry_of(number, offered.id, serving.timeout);
    // What no handshake made has no ciphersuite, and is not what the client offers.
    if (entry != nullptr && entry->contents.negotiated != 0) found = &entry->contents;
  }
  const bool resumed = found != nullptr;
  // RFC 5077, 3.3: a server that resumes by an id may give a ticket too.
  const bool again = contract_.is(Switch::TICKET_ON_RESUMPTION, ticket_on_resumption::kYes);
  const bool issues = gives_tickets && (!resumed || (!by_ticket && again));
  const bool stores = !resumed && !issues;

  // A client can refuse a certificate, which comes in full handshakes only.
  const bool reaches_server = stop == kStopComplete || stop == kStopAfterClientFlight ||
                              (stop == kStopClientRefuses && resumed);
  if (stores && reaches_server) {
    Contents stored;
    stored.id = kSomeId;
    if (const Legality l = may_store(number, stored); l != Legality::kLegal) return l;
  }
  const std::uint32_t id = new_symbol(state_);

  client.stage = server.stage = Stage::kBegun;
  client.is_client = 1;
  server.is_client = 0;
  server.offers = 0;
  expected_.result = kHandshakeIncomplete;
  if (stop == kStopRefused || stop == kStopAfterClientHello) return Legality::kLegal;
  // Both go on with the secret that each has.
  if (resumed && (offered.negotiated == 0 || offered.master_key != found->master_key)) {
    return Legality::kLegal;
  }

  const bool chosen = contract_.is(Switch::TICKET_SESSION_ID, ticket_session_id::kChosen);
  Contents made = resumed ? *found : made_anew(stores || chosen ? id : empty_fingerprint());
  const std::uint32_t ticket = issues ? seal(serving, made) : 0;
  Contents held = resumed ? offered : made;
  // RFC 5077, 3.4: what the client sent along is how the server says that it resumes.
  if (by_ticket && !chosen) held.id = made.id = makes_up_id ? id : offered.id;
  if (!resumed && hazard(Hazard::STALE_TICKET)) held.ticket = offered.ticket;
  if (ticket != 0) {
    held.ticket = ticket;
    held.id = chosen ? new_symbol(state_) : empty_fingerprint();
  }
  const auto finish_client = [&] {
    client.stage = Stage::kEstablished;
    client.holds = 1;
    own.held = held;
  };
  if (resumed) finish_client();
  if (!reaches_server) return Legality::kLegal;
  server.stage = Stage::kEstablished;
  server.holds = 1;
  of_server = made;
  if (stores) store(number, made);
  if (stop == kStopAfterClientFlight) return Legality::kLegal;
  finish_client();
  expected_.result = resumed ? kHandshakeResumed : kHandshakeFull;
  return Legality::kLegal;
}

Contents Stepper::made_anew(std::uint32_t id) {
  Contents made = new_contents();
  made.time = state_.now;
  made.id = id;
  made.master_key = new_symbol(state_);
  made.negotiated = 1;
  return made;
}

// A ticket of the context's for these contents.
std::uint32_t Stepper::seal(const ConnectionState& server, const Contents& contents) {
  TicketState& ticket = state_.tickets[state_.issued++];
  ticket.value = new_symbol(state_);
  ticket.key = state_.contexts[server.session_context].ticket_key;
  ticket.period = key_period(server.timeout);
  ticket.contents = contents;
  return ticket.value;
}

// GnuTLS's manual, Session resumption: the interval is "three times the ticket expiration time"; it
// counts in 32 bits without a sign, so that less than none is nearly for ever.
std::int64_t Stepper::key_period(std::int64_t timeout) const {
  if (!contract_.is(Switch::TICKET_KEYS, ticket_keys::kOfTimeout)) return 0;
  const auto interval = static_cast<std::uint32_t>(3 * timeout);
  return interval == 0 ? 0 : state_.now / interval;
}

// What is sealed in a ticket that the context gave out and that has not expired; else NULL.
const Contents* Stepper::opened(const ConnectionState& server, std::uint32_t value) const {
  const bool own = contract_.is(Switch::TICKET_AGE, ticket_age::kOwn);
  const std::int64_t of_tls12 = own ? contract_.value(Switch::CONTEXT_TIMEOUT) : server.timeout;
  const std::uint32_t key = state_.contexts[server.session_context].ticket_key;
  for (std::size_t i = 0; i < state_.issued; ++i) {
    const TicketState& ticket = state_.tickets[i];
    if (ticket.value != value || ticket.key != key) continue;
    // The key of the period before is tried too.
    const std::int64_t period = key_period(server.timeout);
    if (ticket.period != period && ticket.period != period - 1) return nullptr;
    const bool newer = ticket.contents.version == kTls13;
    const std::int64_t lifetime = newer ? ticket.contents.timeout : of_tls12;
    return state_.now - ticket.contents.time <= lifetime ? &ticket.contents : nullptr;
  }
  return nullptr;
}

}  // namespace lastref
