#include "lib/session/connection.h"

#include <ctime>
#include <mutex>
#include <utility>

#include "lib/session/context.h"
#include "lib/session/memory.h"
#include "lib/session/session.h"

namespace lr {
namespace {

// The cache is looked through for expired sessions after so many handshakes of a side:
// SSL_CTX_set_session_cache_mode(3), "every 255 connections".
constexpr long kClearEvery = 255;

void offer_to_application(LR_SSL* connection) {
  lr_new_session_cb* callback = connection->session_context->on_new;
  if (callback == nullptr) return;
  LR_SESSION* session = connection->session;
  // "the session is ... incremented ... if the callback returns 0, it is decremented".
  acquire(session, owned_by_application());
  if (callback(connection, session) == 0) release(session, owned_by_application());
}

}  // namespace

void put_session(LR_SSL* connection, LR_SESSION* session) {
  LR_SESSION* before = std::exchange(connection->session, session);
  if (before != nullptr) release(before, owned_by_connection(connection));
}

void handshake_done(LR_SSL* connection, long side) {
  connection->established = true;
  LR_CTX* context = connection->session_context;
  const long mode = context->mode;
  const long done = (side == LR_SESS_CACHE_SERVER ? context->accepted : context->connected).add(1);
  if ((mode & side) == 0) return;
  // A session without an id, such as one that is in a ticket only, cannot be found again.
  if (!connection->reused && connection->session->content.id.size() != 0) {
    if ((mode & LR_SESS_CACHE_NO_INTERNAL_STORE) == 0) {
      lr_CTX_add_session(context, connection->session);
    }
    offer_to_application(connection);
  }
  if ((mode & LR_SESS_CACHE_NO_AUTO_CLEAR) == 0 && (done + 1) % kClearEvery == 0) {
    lr_CTX_flush_sessions(context, std::time(nullptr));
  }
}

bool forsake_bad_session(LR_SSL* connection) {
  if (!connection->established || connection->sent_shutdown || connection->session == nullptr) {
    return false;
  }
  drop_session(connection);
  return true;
}

void drop_session(LR_SSL* connection) {
  LR_SESSION* session = connection->session;
  if (session == nullptr) return;
  LR_CTX* context = connection->session_context;
  if (session->content.id.size() == 0 && !session->link.home.is(context)) return;
  lr_CTX_remove_session(context, session);
}

}  // namespace lr

LR_SSL* lr_SSL_new(LR_CTX* context) {
  if (context == nullptr) return nullptr;
  LR_SSL* connection = lr::make<lr_ssl_st>(lr_ssl_st{context, context});
  if (connection == nullptr) return nullptr;
  lr::acquire(context);
  lr::acquire(context);
  const std::lock_guard<std::mutex> lock(context->mutex);
  connection->id_context = context->id_context;
  connection->tickets = (context->options & LR_OP_NO_TICKET) == 0;
  return connection;
}

void lr_SSL_free(LR_SSL* connection) {
  if (connection == nullptr) return;
  lr::forsake_bad_session(connection);
  lr::put_session(connection, nullptr);
  lr::release(connection->session_context);
  lr::release(connection->context);
  lr::destroy(connection);
}

int lr_SSL_clear(LR_SSL* connection) {
  if (connection == nullptr) return 0;
  if (lr::forsake_bad_session(connection)) lr::put_session(connection, nullptr);
  connection->established = false;
  connection->sent_shutdown = false;
  connection->reused = false;
  return 1;
}

int lr_SSL_set_session(LR_SSL* connection, LR_SESSION* session) {
  lr::forsake_bad_session(connection);
  // In this order, for they may be the same.
  if (session != nullptr) lr::acquire(session, lr::owned_by_connection(connection));
  lr::put_session(connection, session);
  return 1;
}

int lr_SSL_shutdown(LR_SSL* connection) {
  if (!connection->established) return -1;
  connection->sent_shutdown = true;
  return connection->quiet ? 1 : 0;
}

void lr_SSL_set_quiet_shutdown(LR_SSL* connection, int on) { connection->quiet = on != 0; }

int lr_SSL_session_reused(const LR_SSL* connection) { return connection->reused ? 1 : 0; }

int lr_SSL_is_init_finished(const LR_SSL* connection) { return connection->established ? 1 : 0; }

int lr_SSL_set_session_id_context(LR_SSL* connection, const unsigned char* bytes, unsigned length) {
  return connection->id_context.assign({bytes, length}) ? 1 : 0;
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
  const lr::IdContext inherited = lr::id_context_of(connection->context);
  if (connection->id_context == inherited) connection->id_context = lr::id_context_of(context);
  lr::release(std::exchange(connection->context, context));
  return context;
}

LR_CTX* lr_SSL_get_SSL_CTX(const LR_SSL* connection) { return connection->context; }
