#include "harness/target/mbedtls/connection.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <new>

#include "harness/target/shared/wire.h"

namespace lastref::mbedtls {
namespace {

using Session = mbedtls_ssl_session;

struct Connection {
  mbedtls_ssl_context ssl;
  Context* context = nullptr;
  Connection* peer = nullptr;  // whom it writes to
  bool serves = false;
  bool offers = false;
  std::array<unsigned char, sizeof Session::master> offered;  // what tells a resumption
  Wire wire;                                                  // what it has not read yet
};

int send(void* to, const unsigned char* bytes, std::size_t size) noexcept {
  Connection* peer = static_cast<Connection*>(to)->peer;
  if (peer == nullptr) return static_cast<int>(size);  // nobody reads it
  return peer->wire.put(bytes, size) ? static_cast<int>(size) : MBEDTLS_ERR_SSL_WANT_WRITE;
}

int receive(void* at, unsigned char* bytes, std::size_t size) noexcept {
  auto* from = static_cast<Connection*>(at);
  const std::size_t taken = from->wire.take(bytes, size);
  return taken == 0 ? MBEDTLS_ERR_SSL_WANT_READ : static_cast<int>(taken);
}

// A side is the configuration's, which a connection has from when it is set up.
bool set_up(Connection& connection, bool serves) {
  Context& context = *connection.context;
  connection.serves = serves;
  connection.offers = false;
  mbedtls_ssl_init(&connection.ssl);
  if (mbedtls_ssl_setup(&connection.ssl, serves ? &context.server : &context.client) != 0) {
    return false;
  }
  mbedtls_ssl_set_bio(&connection.ssl, &connection, send, receive, nullptr);
  // The name that a server may refuse.
  return serves || mbedtls_ssl_set_hostname(&connection.ssl, "lastref") == 0;
}

bool set_up_again(Connection& connection, bool serves) {
  mbedtls_ssl_free(&connection.ssl);
  return set_up(connection, serves);
}

void disconnect(Connection& connection) {
  if (connection.peer != nullptr) connection.peer->peer = nullptr;
  connection.peer = nullptr;
  connection.wire.clear();
}

void end(Connection* connection) {
  disconnect(*connection);
  mbedtls_ssl_free(&connection->ssl);
  release(connection->context);
  host->release(connection);
}

Connection* make(Context* context) {
  if (!configure(*context)) return nullptr;
  void* block = allocate(sizeof(Connection));
  if (block == nullptr) return nullptr;
  auto* made = new (block) Connection;
  made->context = context;
  ++context->references;
  if (set_up(*made, false)) return made;
  end(made);
  return nullptr;
}

// Until it serves, a connection is a client's.
bool clear(Connection& connection) {
  disconnect(connection);
  if (connection.serves) return set_up_again(connection, false);
  connection.offers = false;
  return mbedtls_ssl_session_reset(&connection.ssl) == 0;
}

int64_t set_session(Connection& connection, const Session* session) {
  if (mbedtls_ssl_set_session(&connection.ssl, session) != 0) return 0;
  std::copy_n(session->master, connection.offered.size(), connection.offered.begin());
  connection.offers = true;
  return 1;
}

// mbedtls_ssl_get_session() is a client's. A server's session can be looked at, "for example to
// serialize it".
Session* copy_session(const Connection& connection) {
  if (connection.serves) {
    const Session* own = mbedtls_ssl_get_session_pointer(&connection.ssl);
    return own == nullptr ? nullptr : dup_session(own);
  }
  Session* made = make_session();
  if (made == nullptr || mbedtls_ssl_get_session(&connection.ssl, made) == 0) return made;
  end_session(made);
  return nullptr;
}

// One flight: the connection reads what there is and says what it has to. Not to be called again
// once it is done or has failed.
void drive(Connection& connection, int& state) {
  if (state == MBEDTLS_ERR_SSL_WANT_READ) state = mbedtls_ssl_handshake(&connection.ssl);
}

bool is_resumed(const Connection& client) {
  const Session* session = mbedtls_ssl_get_session_pointer(&client.ssl);
  return client.offers && session != nullptr &&
         std::equal(client.offered.begin(), client.offered.end(), session->master);
}

int64_t shake_hands(Connection& client, Connection& server, int64_t stop) {
  disconnect(client);
  disconnect(server);
  if (!set_up_again(server, true)) return 0;
  client.peer = &server;
  server.peer = &client;
  int client_state = MBEDTLS_ERR_SSL_WANT_READ;
  int server_state = MBEDTLS_ERR_SSL_WANT_READ;
  drive(client, client_state);
  server.context->refuses = stop == LASTREF_STOP_REFUSED;
  drive(server, server_state);
  server.context->refuses = false;
  if (stop == LASTREF_STOP_AFTER_CLIENT_HELLO) return 0;
  // There is nobody whom a client that asks would trust.
  const bool asks = stop == LASTREF_STOP_CLIENT_REFUSES;
  mbedtls_ssl_config& config = client.context->client;
  if (asks) mbedtls_ssl_conf_authmode(&config, MBEDTLS_SSL_VERIFY_REQUIRED);
  drive(client, client_state);
  if (asks) mbedtls_ssl_conf_authmode(&config, MBEDTLS_SSL_VERIFY_NONE);
  if (asks && client_state != 0) return 0;
  if (stop == LASTREF_STOP_AFTER_SERVER_FLIGHT || stop == LASTREF_STOP_REFUSED) return 0;
  drive(server, server_state);
  if (stop == LASTREF_STOP_AFTER_CLIENT_FLIGHT) return 0;
  drive(client, client_state);
  if (client_state != 0 || server_state != 0) return 0;
  return is_resumed(client) ? 2 : 1;
}

// A quiet one says nothing and is over at once.
int64_t shut_down(Connection& connection, bool quiet) {
  return quiet ? 1 : mbedtls_ssl_close_notify(&connection.ssl);
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
  Connection* client = make(context);
  Connection* server = make(context);
  const bool warm = client != nullptr && server != nullptr &&
                    shake_hands(*client, *server, LASTREF_STOP_COMPLETE) == 1;
  for (Connection* connection : {client, server}) {
    if (connection != nullptr) end(connection);
  }
  release(context);
  return warm;
}

}  // namespace lastref::mbedtls
