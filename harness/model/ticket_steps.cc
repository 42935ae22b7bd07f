// Steps of handshakes that are about tickets, and about who gets a new session. Sources: RFC 5077;
// RFC 8446, 4.6.1; SSL_CTX_set_num_tickets(3), SSL_CTX_sess_set_get_cb(3).

#include <algorithm>

#include "harness/model/handshake_choice.h"
#include "harness/model/stepper.h"
#include "harness/model/symbols.h"
#include "harness/program/values.h"

namespace lastref {

// TLS 1.2: the ticket of the server's last flight, 0 for none.
std::uint32_t Stepper::issue_tls12(const ConnectionState& server, const HandshakeChoice& choice) {
  if (choice.is_tls13() || !choice.gives_ticket) return 0;
  if (choice.resumed && (choice.ticket >= 0 ||
                         !contract_.is(Switch::TICKET_ON_RESUMPTION, ticket_on_resumption::kYes))) {
    return 0;
  }
  return issue(server, state_.contexts[server.session_context].ticket_key, new_symbol(state_));
}

std::uint32_t Stepper::issue(const ConnectionState& server, std::uint32_t key,
                             std::uint32_t value) {
  TicketState& ticket = state_.tickets[state_.issued++];
  ticket.value = value;
  ticket.key = key;
  ticket.contents = session(server.session).contents;
  ticket.contents.negotiated = 1;
  return value;
}

// The client's session gets the ticket; if others may have it already, a copy does.
void Stepper::take_ticket(ConnectionState& client, std::uint32_t ticket, bool copies) {
  if (copies) hold(client, bear(client, duplicated(session(client.session).contents)));
  Contents& contents = session(client.session).contents;
  contents.ticket = ticket;
  contents.id = new_symbol(state_);
  contents.time = state_.now;
  contents.marked = 0;
}

void Stepper::send_tickets(std::uint8_t number, const HandshakeChoice& choice) {
  ConnectionState& server = state_.connections[number];
  const ContextState& context = state_.contexts[server.session_context];
  const bool stateless = server.tickets != 0;
  const bool caches =
      !stateless || (context.on_remove != kOnRemoveOff &&
                     contract_.is(Switch::STATELESS_CACHED, stateless_cached::kWithRemoveCallback));
  const int tickets = choice.resumed ? contract_.value(Switch::TICKETS_AGAIN) : kTicketsAfterFull;
  if (!stateless && contract_.is(Switch::STATEFUL_TICKETS, yes_no::kNo)) return;
  if (contract_.is(Switch::TICKET_SESSIONS, ticket_sessions::kCallback)) {
    for (int sent = 0; sent < tickets; ++sent) {
      issue(server, context.ticket_key, new_symbol(state_));
      state_.tickets[static_cast<std::size_t>(state_.issued) - 1].contents.master_key =
          new_symbol(state_);
    }
    return;
  }
  for (int sent = 0; sent < tickets; ++sent) {
    if (sent > 0 || choice.resumed) {
      hold(server, bear(server, duplicated(session(server.session).contents)));
    }
    Contents& contents = session(server.session).contents;
    contents.id = new_symbol(state_);
    contents.master_key = new_symbol(state_);
    contents.time = state_.now;
    if (stateless) {
      issue(server, context.ticket_key, new_symbol(state_));
    } else {
      issue(server, 0, contents.id);
    }
    keep_for_later(number, kModeServer, caches);
  }
}

// TLS 1.3: the client reads a ticket after the handshake; each makes a session of its own.
void Stepper::read_ticket(std::uint8_t number, int issued) {
  ConnectionState& client = state_.connections[number];
  const TicketState& ticket = state_.tickets[static_cast<std::size_t>(issued)];
  if (contract_.is(Switch::TICKET_SESSIONS, ticket_sessions::kCallback)) {
    give_ticket(number, ticket);
    return;
  }
  take_ticket(client, ticket.value, true);
  session(client.session).contents.master_key = ticket.contents.master_key;
  keep_for_later(number, kModeClient, true);
}

// The session of a ticket is the new callback's or nobody's.
void Stepper::give_ticket(std::uint8_t number, const TicketState& ticket) {
  const ConnectionState& client = state_.connections[number];
  Contents contents = session(client.session).contents;
  contents.ticket = ticket.value;
  contents.id = new_symbol(state_);
  contents.master_key = ticket.contents.master_key;
  contents.ex_data = 0;
  contents.timeout = std::min(contents.timeout, ticket.contents.timeout);
  const Number made = bear(client, contents);
  ++session(made).in_flight;
  if ((state_.contexts[client.session_context].mode & kModeClient) != 0) tell(number, made);
  --session(made).in_flight;
  settle(made);
}

// A side that caches adds its new session to the cache, if it stores there, and tells the
// application.
void Stepper::keep_for_later(std::uint8_t number, std::int64_t side, bool caches) {
  const ConnectionState& connection = state_.connections[number];
  const ContextState& context = state_.contexts[connection.session_context];
  const Number made = connection.session;
  if ((context.mode & side) == 0 || session(made).contents.id == empty_fingerprint()) return;
  const bool internal =
      side == kModeServer || contract_.is(Switch::CLIENT_CACHE, client_cache::kInternal);
  if (caches && internal && (context.mode & kModeNoInternalStore) == 0) {
    cache_add(connection.session_context, made);
  }
  tell(number, made);
}

void Stepper::tell(std::uint8_t number, Number made) {
  const std::uint8_t heard = heard_context(contract_, state_.connections[number]);
  const ContextState& context = state_.contexts[heard];
  if (context.on_new == kOnNewOff) return;
  expected_.events.add({EventKind::kNewCallback, made, number, 0});
  // The callback gets a reference, and gives it back by returning 0.
  session(made).acquired = 1;
  ++session(made).application;
  const bool keeps = context.on_new == kOnNewKeep;
  act_inside(Inside::kNew, heard, made);
  if (halfway_ != Legality::kLegal) return;
  // The callback keeps its reference if it has a variable for it; see Lockstep.
  const auto variable = std::find(state_.handles.begin(), state_.handles.end(), kNobody);
  if (keeps && variable != state_.handles.end()) {
    *variable = made;
  } else if (session(made).application == 0) {
    halfway_ = Legality::kDoubleFree;
  } else {
    --session(made).application;
  }
}

}  // namespace lastref
