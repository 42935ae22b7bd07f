// SSL_CTX_sess_set_get_cb(3), SSL_CTX_set_session_cache_mode(3), SSL_CTX_sess_number(3).
#include "lib/session/resumption.h"

#include <ctime>
#include <utility>

#include "lib/session/connection.h"
#include "lib/session/context.h"
#include "lib/session/session.h"

namespace lr {
namespace {

LR_SESSION* from_ticket(LR_SSL* server, const Offer& offer) {
  Content content;
  if (!open_ticket(ticket_key_of(server->session_context), offer.ticket, content)) return nullptr;
  content.id = offer.id;
  LR_SESSION* session = make_session();
  if (session == nullptr) return nullptr;
  session->content = std::move(content);
  bear(session, owned_by_connection(server));
  return session;
}

LR_SESSION* from_cache(LR_SSL* server, const SessionId& id) {
  const Key key = {id, LR_TLS1_2_VERSION};
  return get1_cached(server->session_context, key, owned_by_connection(server));
}

LR_SESSION* from_application(LR_SSL* server, const SessionId& id) {
  LR_CTX* context = server->session_context;
  lr_get_session_cb* callback = context->on_get;
  if (callback == nullptr) return nullptr;
  int copy = 1;
  LR_SESSION* session = callback(server, id.data(), static_cast<int>(id.size()), &copy);
  if (session == nullptr) return nullptr;
  // What nobody may resume is not retrieved.
  if (!session->not_resumable) context->callback_hits.add(1);
  if (copy != 0) {
    acquire(session, owned_by_connection(server));
  } else {
    // The reference changes hands; the count stays.
    note_transfer(session, owned_by_application(), owned_by_connection(server));
  }
  // One that is in a cache already stays where it is.
  if ((context->mode & LR_SESS_CACHE_NO_INTERNAL_STORE) == 0 && is_resumable(*session)) {
    lr_CTX_add_session(context, session);
  }
  return session;
}

LR_SESSION* by_id(LR_SSL* server, const SessionId& id) {
  LR_CTX* context = server->session_context;
  if (id.size() == 0) return nullptr;
  if ((context->mode & LR_SESS_CACHE_NO_INTERNAL_LOOKUP) == 0) {
    if (LR_SESSION* session = from_cache(server, id)) return session;
    context->misses.add(1);
  }
  return from_application(server, id);
}

// One that was found by its id is of no more use to anybody; what came out of a ticket is nobody's.
bool has_expired(LR_SSL* server, LR_SESSION* session, bool by_ticket) {
  if (session->content.expiry() >= std::time(nullptr)) return false;
  server->session_context->timeouts.add(1);
  if (!by_ticket) lr_CTX_remove_session(server->session_context, session);
  return true;
}

bool may_resume(LR_SSL* server, LR_SESSION* session, bool by_ticket) {
  return is_resumable(*session) && session->content.version == LR_TLS1_2_VERSION &&
         session->content.id_context == server->id_context &&
         !has_expired(server, session, by_ticket);
}

}  // namespace

// The reference is taken inside the gate: outside of it, another thread may remove the session.
LR_SESSION* get1_cached(LR_CTX* context, const Key& key, const Owner& owner) {
  const ReadGate::Reading reading(context->gate);
  LR_SESSION* session = context->cache.find(key);
  if (session != nullptr) acquire(session, owner);
  return session;
}

LR_SESSION* find_offered(LR_SSL* server, const Offer& offer) {
  LR_CTX* context = server->session_context;
  const bool by_ticket = server->tickets && offer.ticket.data() != nullptr;
  LR_SESSION* session = by_ticket ? from_ticket(server, offer) : by_id(server, offer.id);
  if (session == nullptr) return nullptr;
  if (!may_resume(server, session, by_ticket)) {
    release(session, owned_by_connection(server));
    return nullptr;
  }
  context->hits.add(1);
  if ((context->mode & LR_SESS_CACHE_UPDATE_TIME) != 0) {
    lr_SESSION_set_time(session, std::time(nullptr));
  }
  return session;
}

}  // namespace lr

int lr_SSL_has_matching_session_id(const LR_SSL* connection, const unsigned char* id,
                                   unsigned length) {
  if (length > LR_MAX_SESSION_ID_LENGTH) return 0;
  const lr::Key key = {lr::SessionId::of({id, length}), LR_TLS1_2_VERSION};
  LR_CTX* const context = connection->session_context;
  const lr::ReadGate::Reading reading(context->gate);
  return context->cache.find(key) != nullptr ? 1 : 0;
}
