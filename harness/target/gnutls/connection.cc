#include "harness/target/gnutls/connection.h"

#include <cerrno>
#include <cstddef>
#include <new>

#include "harness/target/gnutls/credentials.h"
#include "harness/target/shared/wire.h"

namespace lastref::gnutls {
namespace {

struct Connection {
  gnutls_session_t tls = nullptr;  // NULL when it could not be made
  Context* context = nullptr;
  Connection* peer = nullptr;  // whom it writes to
  bool serves = false;
  bool tickets = false;  // this one and the next two: as its context had them when it was made
  bool tls13 = false;
  int timeout = 0;
  Wire wire;  // what it has not read yet
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

bool set_up_again(Connection& connection, bool serves) {
  gnutls_deinit(connection.tls);
  return set_up(connection, serves);
}

void disconnect(Connection& connection) {
  if (connection.peer != nullptr) connection.peer->peer = nullptr;
  connection.peer = nullptr;
  connection.wire.clear();
}

void end(Connection* connection) {
  disconnect(*connection);
  gnutls_deinit(connection->tls);
  release(connection->context);
  host->release(connection);
}

Connection* make(Context* context) {
  void* block = allocate(sizeof(Connection));
  if (block == nullptr) return nullptr;
  auto* made = new (block) Connection;
  made->context = context;
  made->tickets = context->tickets;
  made->tls13 = context->tls13;
  made->timeout = context->timeout;
  ++context->references;
  if (set_up(*made, false)) return made;
  end(made);
  return nullptr;
}

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

// One flight: the connection reads what there is and says what it has to, at last why it gives up.
// Once it is done it reads only, and once it has failed nothing.
void drive(Connection& connection, int& state) {
  if (state == GNUTLS_E_AGAIN) {
    state = gnutls_handshake(connection.tls);
    if (gnutls_error_is_fatal(state) != 0) gnutls_alert_send_appropriate(connection.tls, state);
  }
  if (state == 0) read_on(connection);
}

int64_t shake_hands(Connection& client, Connection& server, int64_t stop) {
  disconnect(client);
  disconnect(server);
  if (!set_up_again(server, true) || client.tls == nullptr) return 0;
  client.peer = &server;
  server.peer = &client;
  int client_state = GNUTLS_E_AGAIN;
  int server_state = GNUTLS_E_AGAIN;
  if (stop == LASTREF_STOP_REFUSED) {
    gnutls_handshake_set_hook_function(server.tls, GNUTLS_HANDSHAKE_CLIENT_HELLO, GNUTLS_HOOK_PRE,
                                       refuse_hello);
  }
  if (stop == LASTREF_STOP_CLIENT_REFUSES) {
    gnutls_session_set_verify_function(client.tls, refuse_certificate);
  }
  drive(client, client_state);
  drive(server, server_state);
  if (stop == LASTREF_STOP_AFTER_CLIENT_HELLO) return 0;
  drive(client, client_state);
  if (stop == LASTREF_STOP_AFTER_SERVER_FLIGHT || stop == LASTREF_STOP_REFUSED) return 0;
  drive(server, server_state);
  if (stop == LASTREF_STOP_AFTER_CLIENT_FLIGHT) return 0;
  drive(client, client_state);
  if (client_state != 0 || server_state != 0) return 0;
  return gnutls_session_is_resumed(client.tls) != 0 ? 2 : 1;
}

bool shake_hands_once(Context* context) {
  Connection* client = make(context);
  Connection* server = make(context);
  const bool shaken = client != nullptr && server != nullptr &&
                      shake_hands(*client, *server, LASTREF_STOP_COMPLETE) == 1;
  for (Connection* connection : {client, server}) {
    if (connection != nullptr) end(connection);
  }
  return shaken;
}

// A quiet one says nothing and is over at once.
int64_t shut_down(Connection& connection, bool quiet) {
  return quiet ? 1 : gnutls_bye(connection.tls, GNUTLS_SHUT_WR);
}

}  // namespace

Done perform_connection(const lastref_call& call, lastref_result& result) {
  auto* connection = static_cast<Connection*>(call.connection);
  switch (call.operation) {
    case LASTREF_OP_CONNECTION_NEW:
      result.object = make(static_cast<Context*>(call.context));
      return Done::kYes;
    case LASTREF_OP_CONNECTION_FREE:
      end(connection);
      return Done::kYes;
    case LASTREF_OP_CONNECTION_CLEAR:
      result.value = clear(*connection) ? 1 : 0;
      return Done::kYes;
    case LASTREF_OP_SET_SESSION:
      result.value = set_session(*connection, static_cast<const Session*>(call.session));
      return Done::kYes;
    case LASTREF_OP_COPY_SESSION:
      result.object = copy_session(*connection);
      return Done::kYes;
    case LASTREF_OP_REMOVE_OWN:
      if (connection->tls != nullptr) gnutls_db_remove_session(connection->tls);
      return Done::kYes;
    case LASTREF_OP_HANDSHAKE:
      result.value = shake_hands(*connection, *static_cast<Connection*>(call.peer), call.value);
      return Done::kYes;
    case LASTREF_OP_SHUTDOWN:
      result.value = shut_down(*connection, call.value != 0);
      return Done::kYes;
    default:
      return Done::kUnknown;
  }
}

bool warm_up() {
  lastref_call call{};
  lastref_result made{};
  call.operation = LASTREF_OP_CONTEXT_NEW;
  perform_context(call, made);
  auto* context = static_cast<Context*>(made.object);
  if (context == nullptr) return false;
  bool warm = true;
  for (const bool tls13 : {false, true}) {
    context->tls13 = tls13;
    warm = warm && shake_hands_once(context);
  }
  release(context);
  return warm;
}

}  // namespace lastref::gnutls
