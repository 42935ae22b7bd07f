#include "harness/target/gnutls/connection.h"

#include <cerrno>
#include <cstddef>

#include "harness/target/gnutls/credentials.h"
#include "harness/target/shared/connection.h"

namespace lastref::gnutls {
namespace {

struct Connection : copying::Endpoint<Context, Session, Connection> {
  static constexpr int kAgain = GNUTLS_E_AGAIN;

  explicit Connection(const Context& made_from)
      : tickets(made_from.tickets), tls13(made_from.tls13), timeout(made_from.timeout) {}

  gnutls_session_t tls = nullptr;  // NULL when it could not be made
  // As its context had them when it was made.
  bool tickets;
  bool tls13;
  int timeout;
};

ssize_t would_block(Connection& connection) {
  gnutls_transport_set_errno(connection.tls, EAGAIN);
  return -1;
}

ssize_t send(gnutls_transport_ptr_t from, const void* bytes, std::size_t size) noexcept {
  auto& sender = *static_cast<Connection*>(from);
  Connection* peer = sender.peer;
  if (peer == nullptr) return static_cast<ssize_t>(size);  // nobody reads it
  if (!peer->wire.put(bytes, size)) return would_block(sender);
  return static_cast<ssize_t>(size);
}

ssize_t receive(gnutls_transport_ptr_t at, void* bytes, std::size_t size) noexcept {
  auto& from = *static_cast<Connection*>(at);
  const std::size_t taken = from.wire.take(bytes, size);
  return taken == 0 ? would_block(from) : static_cast<ssize_t>(taken);
}

// A connection reads where a program drives its handshake, and nothing comes while it waits: asked
// for its session's data, it has the tickets that it has read.
int nothing_comes(gnutls_transport_ptr_t, unsigned) noexcept { return 0; }

// A server's part: the database, and the keys of tickets.
bool serve(Connection& connection) {
  Context& context = *connection.context;
  use_database(connection.tls, context.database);
  gnutls_db_set_cache_expiration(connection.tls, connection.timeout);
  return !connection.tickets ||
         (has_ticket_key(context) &&
          gnutls_session_ticket_enable_server(connection.tls, &context.ticket_key) == 0);
}

// A side is given when a connection is made, and stays.
bool set_up(Connection& connection, bool serves) {
  connection.serves = serves;
  const unsigned side = serves ? GNUTLS_SERVER : GNUTLS_CLIENT;
  const unsigned tickets = connection.tickets ? 0 : GNUTLS_NO_TICKETS;
  if (gnutls_init(&connection.tls, side | tickets) != 0) {
    connection.tls = nullptr;
    return false;
  }
  gnutls_transport_set_ptr(connection.tls, &connection);
  gnutls_transport_set_push_function(connection.tls, send);
  gnutls_transport_set_pull_function(connection.tls, receive);
  gnutls_transport_set_pull_timeout_function(connection.tls, nothing_comes);
  return use_credentials(connection.tls, serves, connection.tls13) &&
         (!serves || serve(connection));
}

void tear_down(Connection& connection) { gnutls_deinit(connection.tls); }

// There is no way to use one again but to make another.
bool clear(Connection& connection) {
  disconnect(connection);
  return set_up_again(connection, false);
}

int64_t set_session(Connection& connection, const Session* session) {
  if (connection.tls == nullptr) return 0;
  const gnutls_datum_t data = session == nullptr ? gnutls_datum_t{nullptr, 0} : session->data;
  return gnutls_session_set_data(connection.tls, data.data, data.size) == 0 ? 1 : 0;
}

Session* copy_session(const Connection& connection) {
  if (connection.tls == nullptr) return nullptr;
  gnutls_datum_t data = {nullptr, 0};
  if (gnutls_session_get_data2(connection.tls, &data) != 0) return nullptr;
  Session* made = make_session();
  if (made == nullptr) {
    gnutls_free(data.data);
    return nullptr;
  }
  made->data = data;
  gnutls_datum_t id = {nullptr, 0};
  if (gnutls_session_get_id2(connection.tls, &id) == 0) made->id = id_of(id);
  return made;
}

int refuse_hello(gnutls_session_t, unsigned, unsigned, unsigned, const gnutls_datum_t*) noexcept {
  return GNUTLS_E_USER_ERROR;
}
int refuse_certificate(gnutls_session_t) noexcept { return 1; }

// What comes behind a handshake of TLS 1.3, a client's tickets, is read where data would be.
void read_on(Connection& connection) {
  unsigned char data = 0;
  ssize_t read = GNUTLS_E_AGAIN;
  while (read == GNUTLS_E_AGAIN && !connection.wire.empty()) {
    read = gnutls_record_recv(connection.tls, &data, sizeof data);
  }
}

// The connection reads what there is and says what it has to, at last why it gives up. Once it is
// done it reads only, and once it has failed nothing.
int drive(Connection& connection, int state) {
  if (connection.tls == nullptr) return GNUTLS_E_MEMORY_ERROR;
  if (state == GNUTLS_E_AGAIN) {
    state = gnutls_handshake(connection.tls);
    if (gnutls_error_is_fatal(state) != 0) gnutls_alert_send_appropriate(connection.tls, state);
  }
  if (state == 0) read_on(connection);
  return state;
}

bool is_resumed(const Connection& client) { return gnutls_session_is_resumed(client.tls) != 0; }

void refuse(Connection& client, Connection& server, std::int64_t stop) {
  if (stop == LASTREF_STOP_REFUSED) {
    gnutls_handshake_set_hook_function(server.tls, GNUTLS_HANDSHAKE_CLIENT_HELLO, GNUTLS_HOOK_PRE,
                                       refuse_hello);
  }
  if (stop == LASTREF_STOP_CLIENT_REFUSES && client.tls != nullptr) {
    gnutls_session_set_verify_function(client.tls, refuse_certificate);
  }
}

// Neither shakes hands again before it is another.
void trust_again(Connection&, Connection&) {}

std::int64_t say_goodbye(Connection& connection) {
  return gnutls_bye(connection.tls, GNUTLS_SHUT_WR);
}

}  // namespace

Done perform_connection(const lastref_call& call, lastref_result& result) {
  if (call.operation != LASTREF_OP_REMOVE_OWN) {
    return copying::perform_connection<Connection>(call, result);
  }
  const auto* connection = static_cast<const Connection*>(call.connection);
  if (connection->tls != nullptr) gnutls_db_remove_session(connection->tls);
  return Done::kYes;
}

bool warm_up() {
  Context* context = make_context();
  if (context == nullptr) return false;
  bool warm = true;
  for (const bool tls13 : {false, true}) {
    context->tls13 = tls13;
    warm = warm && copying::shake_hands_once<Connection>(context);
  }
  release(context);
  return warm;
}

}  // namespace lastref::gnutls
