// Steps of handshakes with tickets where a connection has a session of its own. The server's
// session has no id that a client would ever say: it is kept in the table of the process under
// another one, its alias, which the ticket carries. Sources: RFC 5077; RFC 8446, 4.2.11 and 4.6.1;
// the manual of wolfSSL, wolfSSL_UseSessionTicket() and wolfSSL_CTX_set_TicketHint().

#include "harness/model/handshake_choice.h"
#include "harness/model/stepper.h"
#include "harness/model/symbols.h"
#include "harness/program/values.h"

namespace lastref {

// What the server has looked at before its servername callback refuses the client.
void Stepper::refuse_own(ConnectionState& server, const HandshakeChoice& choice) {
  Contents contents = session(server.session).contents;
  const Contents before = contents;
  if (choice.is_tls13()) {
    contents.id = choice.hello_id;
  } else if (choice.ticket >= 0) {
    open_ticket(contents, choice);
  }
  if (!(contents == before)) fill(server, contents);
}

// TLS 1.2: a server's session has the age of the ticket that it opened.
void Stepper::open_ticket(Contents& contents, const HandshakeChoice& choice) const {
  const Contents& sealed = state_.tickets[static_cast<std::size_t>(choice.ticket)].contents;
  contents.alias = sealed.alias;
  if (!choice.is_tls13()) contents.time = sealed.time;
}

// The server has read the client's hello.
void Stepper::read_own_hello(std::uint8_t number, HandshakeChoice& choice) {
  ConnectionState& server = state_.connections[number];
  if (choice.asked) ask_callback(number, choice);
  if (halfway_ != Legality::kLegal) return;
  Contents contents = session(server.session).contents;
  const Contents before = contents;
  if (choice.copy >= 0 || choice.from_callback) {
    contents = choice.from_callback ? session(choice.found).contents
                                    : state_.copies[static_cast<std::size_t>(choice.copy)].contents;
    contents.table_ex_data = 1;
    contents.alias = before.alias;
  }
  if (choice.is_tls13()) {
    contents.id = choice.hello_id;
    contents.master_key = new_symbol(state_);
  }
  if (choice.ticket >= 0) open_ticket(contents, choice);
  if (!(contents == before)) fill(server, contents);
  if (choice.from_callback) use_answer(server, choice.found);
}

// What the get callback returned has been copied. Its reference is given back if it said so.
void Stepper::use_answer(const ConnectionState& server, Number answer) {
  SessionState& answered = session(answer);
  const std::uint8_t on_get = state_.contexts[heard_context(contract_, server)].on_get;
  answered.fresh = 0;
  if (get_callback_acquires(on_get)) {
    ++answered.application;
    answered.acquired = 1;
  }
  if (!get_callback_hands_over(on_get)) return;
  --answered.application;
  settle(answer);
}

std::int64_t Stepper::fill_by_tls13(std::uint8_t client, std::uint8_t server,
                                    const HandshakeChoice& choice, std::uint8_t stop) {
  ConnectionState& from = state_.connections[client];
  ConnectionState& to = state_.connections[server];
  touch(from);
  from.stage = Stage::kEstablished;
  if (stop == kStopAfterServerFlight) return kHandshakeIncomplete;
  give_own_ticket(server, kTls13);
  to.stage = Stage::kEstablished;
  if (stop == kStopAfterClientFlight) return kHandshakeIncomplete;
  take_own_ticket(client, kTls13, state_.contexts[heard_context(contract_, to)].ticket_hint);
  from.offer = to.offer = Offer::kNone;
  return choice.resumed ? kHandshakeResumed : kHandshakeFull;
}

// The server has made its session, with a ticket for it: it is stored and told of.
void Stepper::give_own_ticket(std::uint8_t number, std::int32_t version) {
  ConnectionState& server = state_.connections[number];
  Contents made = made_of_own(server, version);
  made.ticket = new_symbol(state_);
  if (made.alias == 0) made.alias = ++state_.aliases;
  fill(server, made);
  issue(server, state_.contexts[server.session_context].ticket_key, made.ticket);
  const ConnectionState settings = settings_of(server);
  if (settings.cache_off != 0 && !hazard(Hazard::NEW_CALLBACK_OFF)) return;
  if (settings.store_off == 0) store(made);
  tell(number, server.session);
}

// The client has read a ticket.
void Stepper::take_own_ticket(std::uint8_t number, std::int32_t version, std::int64_t hint) {
  ConnectionState& client = state_.connections[number];
  const TicketState& ticket = state_.tickets[state_.issued - std::size_t{1}];
  Contents made = made_of_own(client, version);
  made.ticket = ticket.value;
  made.master_key = ticket.contents.master_key;
  // What stands for the ticket where an id is asked for.
  if (version == kTls13 || made.alias == 0) made.id = new_symbol(state_);
  made.timeout = made.longest = client.timeout = hint;
  fill(client, made);
  if (settings_of(client).cache_off == 0 || hazard(Hazard::NEW_CALLBACK_OFF)) {
    tell(number, client.session);
  }
}

}  // namespace lastref
