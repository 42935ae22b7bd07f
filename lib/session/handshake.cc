// A handshake between two connections of one process, as far as sessions are concerned.
//
// What is shared does not change: a session that is resumed is never written to, and a new one is
// filled before anybody else can see it.
#include <unistd.h>

#include <array>

#include "lib/session/connection.h"
#include "lib/session/context.h"
#include "lib/session/memory.h"
#include "lib/session/resumption.h"
#include "lib/session/session.h"

namespace lr {
namespace {

bool is_ready(const LR_SSL* connection) {
  return connection != nullptr && !connection->established;
}

class Handshake {
 public:
  Handshake(LR_SSL* client, LR_SSL* server) : client_(client), server_(server) {}

  bool run(int point) {
    if (point == LR_HANDSHAKE_DAMAGED_CLIENT_HELLO) return fail(server_, client_);
    if (!choose_session()) return false;
    if (point == LR_HANDSHAKE_REFUSED || refuses_name()) return fail(server_, client_);
    say_hello();
    if (point == LR_HANDSHAKE_AFTER_CLIENT_HELLO) return false;
    if (point == LR_HANDSHAKE_DAMAGED_SERVER_FLIGHT) return fail(client_, server_);
    if (!accept_session()) return false;
    if (point == LR_HANDSHAKE_CLIENT_REFUSES && !client_->reused) return fail(client_, server_);
    // RFC 5246, 7.3: who resumes has one flight less, and the client is done first.
    if (client_->reused && !finish_client()) return false;
    if (point == LR_HANDSHAKE_AFTER_SERVER_FLIGHT) return false;
    if (point == LR_HANDSHAKE_DAMAGED_CLIENT_FLIGHT) return fail(server_, client_);
    handshake_done(server_, LR_SESS_CACHE_SERVER);
    if (point == LR_HANDSHAKE_AFTER_CLIENT_FLIGHT) return false;
    if (client_->reused) return true;
    if (point == LR_HANDSHAKE_DAMAGED_LAST_FLIGHT) return fail(client_, server_);
    return finish_client();
  }

 private:
  // A fatal alert, from one to the other: RFC 5246, 7.2.2, "the session identifier MUST be
  // invalidated".
  static bool fail(LR_SSL* from, LR_SSL* to) {
    drop_session(from);
    drop_session(to);
    return false;
  }

  // The client's hello, and what the server makes of it.
  bool choose_session() {
    const LR_SESSION* offered = client_->session;
    LR_SESSION* session = nullptr;
    if (offered != nullptr && is_resumable(*offered) &&
        offered->content.version <= LR_TLS1_2_VERSION) {
      const bool ticket = client_->tickets && offered->content.has_ticket();
      session = find_offered(
          server_, {offered->content.id, ticket ? offered->content.ticket.span() : ByteSpan{}});
    }
    server_->reused = session != nullptr;
    if (session == nullptr) session = new_session();
    if (session == nullptr) return false;
    put_session(server_, session);
    return true;
  }

  bool refuses_name() {
    const LR_CTX* context = server_->context;
    if (context->on_servername == nullptr) context = server_->session_context;
    lr_servername_cb* callback = context->on_servername;
    int alert = 0;
    return callback != nullptr &&
           callback(server_, &alert, context->servername_arg) == LR_TLSEXT_ERR_ALERT_FATAL;
  }

  // RFC 5246, 7.4.1.3: an empty id says "that the session will not be cached". Nobody but the
  // server's connection has the session yet.
  void say_hello() {
    const bool caches = (server_->session_context->mode & LR_SESS_CACHE_SERVER) != 0;
    if (!server_->reused && !caches) server_->session->content.id = {};
  }

  // The server's flight. The client goes on with the session that it offered, or with a copy of the
  // server's new one.
  bool accept_session() {
    client_->reused = server_->reused;
    if (client_->reused) return true;
    LR_SESSION* session = make_session();
    if (session == nullptr) return false;
    stamp(session, client_->session_context->timeout);
    Content& content = session->content;
    content.id = server_->session->content.id;
    content.master_key = server_->session->content.master_key;
    content.id_context = client_->id_context;
    bear(session, owned_by_connection(client_));
    put_session(client_, session);
    return true;
  }

  // A new session gets its ticket with the server's last flight.
  bool finish_client() {
    if (client_->reused) {
      client_->session_context->hits.add(1);
    } else if (gives_ticket() && !take_ticket(client_->session->content)) {
      return false;
    }
    handshake_done(client_, LR_SESS_CACHE_CLIENT);
    return true;
  }

  bool gives_ticket() const { return client_->tickets && server_->tickets; }

  bool take_ticket(Content& content) {
    const TicketKey key = ticket_key_of(server_->session_context);
    if (!seal_ticket(key, server_->session->content, content.ticket)) return false;
    content.id = id_of_ticket(content.ticket.span());
    return true;
  }

  // The server's, with a reference of its connection's; NULL when memory or random bytes are short.
  LR_SESSION* new_session() {
    LR_SESSION* session = make_session();
    if (session == nullptr) return nullptr;
    Content& content = session->content;
    std::array<std::uint8_t, LR_MAX_SESSION_ID_LENGTH> id{};
    std::array<std::uint8_t, LR_MAX_MASTER_KEY_LENGTH> key{};
    if (getentropy(id.data(), id.size()) != 0 || getentropy(key.data(), key.size()) != 0) {
      destroy(session);
      return nullptr;
    }
    stamp(session, server_->session_context->timeout);
    if (!gives_ticket()) content.id.assign(id);
    content.master_key.assign(key);
    content.id_context = server_->id_context;
    bear(session, owned_by_connection(server_));
    return session;
  }

  LR_SSL* client_;
  LR_SSL* server_;
};

}  // namespace
}  // namespace lr

int lr_handshake(LR_SSL* client, LR_SSL* server, int point) {
  if (!lr::is_ready(client) || !lr::is_ready(server)) return 0;
  return lr::Handshake(client, server).run(point) ? 1 : 0;
}
