// The callbacks of a context: each tells the host that it runs and answers as the host says.
#include "harness/target/family/family.h"

namespace lastref::family {
namespace {

lastref_reply ask(std::uint32_t kind, SSL_CTX* context, SSL* connection, SSL_SESSION* session,
                  const unsigned char* id, std::size_t id_length) {
  lastref_reply reply{};
  reply.size = sizeof(reply);
  host->callback(kind, context, connection, session, id, id_length, &reply);
  return reply;
}

int on_new(SSL* connection, SSL_SESSION* session) {
  return ask(LASTREF_CALLBACK_NEW, SSL_get_SSL_CTX(connection), connection, session, nullptr, 0)
      .value;
}

SSL_SESSION* on_get(SSL* connection, const unsigned char* id, int id_length, int* copy) {
  const lastref_reply reply = ask(LASTREF_CALLBACK_GET, SSL_get_SSL_CTX(connection), connection,
                                  nullptr, id, static_cast<std::size_t>(id_length));
  if (reply.value != 0) *copy = reply.copy;
  return static_cast<SSL_SESSION*>(reply.session);
}

void on_remove(SSL_CTX* context, SSL_SESSION* session) {
  ask(LASTREF_CALLBACK_REMOVE, context, nullptr, session, nullptr, 0);
}

}  // namespace

void watch_new(SSL_CTX* context, bool on) {
  SSL_CTX_sess_set_new_cb(context, on ? on_new : nullptr);
}
void watch_get(SSL_CTX* context, bool on) {
  SSL_CTX_sess_set_get_cb(context, on ? on_get : nullptr);
}
void watch_remove(SSL_CTX* context, bool on) {
  SSL_CTX_sess_set_remove_cb(context, on ? on_remove : nullptr);
}

}  // namespace lastref::family
