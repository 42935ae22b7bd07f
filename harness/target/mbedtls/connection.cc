#include "harness/target/mbedtls/connection.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "harness/target/mbedtls/credentials.h"
#include "harness/target/shared/connection.h"

namespace lastref::mbedtls {
namespace {

using Session = mbedtls_ssl_session;

struct Connection : copying::Endpoint<Context, Session, Connection> {
  static constexpr int kAgain = MBEDTLS_ERR_SSL_WANT_READ;

  explicit Connection(const Context&) {}

  mbedtls_ssl_context ssl;
  bool offers = false;
  std::array<unsigned char, sizeof Session::master> offered;  // what tells a resumption
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
  if (!configure(context) ||
      mbedtls_ssl_setup(&connection.ssl, serves ? &context.server : &context.client) != 0) {
    return false;
  }
  mbedtls_ssl_set_bio(&connection.ssl, &connection, send, receive, nullptr);
  // The name that a server may refuse.
  return serves || mbedtls_ssl_set_hostname(&connection.ssl, "lastref") == 0;
}

void tear_down(Connection& connection) { mbedtls_ssl_free(&connection.ssl); }

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

// The connection reads what there is and says what it has to. Not to be called again once it is
// done or has failed.
int drive(Connection& connection, int state) {
  return state == MBEDTLS_ERR_SSL_WANT_READ ? mbedtls_ssl_handshake(&connection.ssl) : state;
}

bool is_resumed(const Connection& client) {
  const Session* session = mbedtls_ssl_get_session_pointer(&client.ssl);
  return client.offers && session != nullptr &&
         std::equal(client.offered.begin(), client.offered.end(), session->master);
}

// There is nobody whom a client that asks would trust.
void refuse(Connection& client, Connection& server, std::int64_t stop) {
  server.context->refuses = stop == LASTREF_STOP_REFUSED;
  if (stop != LASTREF_STOP_CLIENT_REFUSES) return;
  mbedtls_ssl_conf_authmode(&client.context->client, MBEDTLS_SSL_VERIFY_REQUIRED);
}

void trust_again(Connection& client, Connection& server) {
  server.context->refuses = false;
  mbedtls_ssl_conf_authmode(&client.context->client, MBEDTLS_SSL_VERIFY_NONE);
}

std::int64_t say_goodbye(Connection& connection) {
  return mbedtls_ssl_close_notify(&connection.ssl);
}

}  // namespace

Done perform_connection(const lastref_call& call, lastref_result& result) {
  const Done done = copying::perform_connection<Connection>(call, result);
  if (call.operation == LASTREF_OP_HANDSHAKE && result.value == 0) mend_key();
  return done;
}

bool warm_up() {
  Context* context = make_context();
  if (context == nullptr) return false;
  const bool warm = copying::shake_hands_once<Connection>(context);
  release(context);
  return warm;
}

}  // namespace lastref::mbedtls
