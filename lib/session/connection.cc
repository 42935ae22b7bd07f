#include "lib/session/connection.h"

#include <utility>

#include "lib/session/context.h"
#include "lib/session/memory.h"
#include "lib/session/session.h"

LR_SSL* lr_SSL_new(LR_CTX* context) {
  if (context == nullptr) return nullptr;
  LR_SSL* connection = lr::make<lr_ssl_st>(lr_ssl_st{context, context, nullptr});
  if (connection == nullptr) return nullptr;
  lr::acquire(context);
  lr::acquire(context);
  return connection;
}

void lr_SSL_free(LR_SSL* connection) {
  if (connection == nullptr) return;
  if (connection->session != nullptr) {
    lr::release(connection->session, lr::owned_by_connection(connection));
  }
  lr::release(connection->session_context);
  lr::release(connection->context);
  lr::destroy(connection);
}

int lr_SSL_clear(LR_SSL* connection) { return connection == nullptr ? 0 : 1; }

int lr_SSL_set_session(LR_SSL* connection, LR_SESSION* session) {
  const lr::Owner owner = lr::owned_by_connection(connection);
  // In this order, for they may be the same.
  if (session != nullptr) lr::acquire(session, owner);
  LR_SESSION* before = std::exchange(connection->session, session);
  if (before != nullptr) lr::release(before, owner);
  return 1;
}

LR_SESSION* lr_SSL_get0_session(const LR_SSL* connection) { return connection->session; }

LR_SESSION* lr_SSL_get_session(const LR_SSL* connection) { return connection->session; }

LR_SESSION* lr_SSL_get1_session(LR_SSL* connection) {
  if (connection->session != nullptr) lr::acquire(connection->session, LR_APPLICATION);
  return connection->session;
}

LR_CTX* lr_SSL_set_SSL_CTX(LR_SSL* connection, LR_CTX* context) {
  if (context == nullptr) context = connection->session_context;
  lr::acquire(context);
  lr::release(std::exchange(connection->context, context));
  return context;
}

LR_CTX* lr_SSL_get_SSL_CTX(const LR_SSL* connection) { return connection->context; }
