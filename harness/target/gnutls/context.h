// The operations on contexts. GnuTLS has none: a context is what an application keeps for its
// connections, a database and the settings that each is given.
#ifndef LASTREF_HARNESS_TARGET_GNUTLS_CONTEXT_H_
#define LASTREF_HARNESS_TARGET_GNUTLS_CONTEXT_H_

#include "harness/target/gnutls/database.h"
#include "harness/target/gnutls/session.h"

namespace lastref::gnutls {

struct Context {
  Database database;
  int timeout = 0;
  bool tickets = true;
  bool tls13 = false;
  gnutls_datum_t ticket_key = {nullptr, 0};
  // The application's and its connections': the database is there as long as they use it.
  int references = 1;
};

// NULL when memory is short.
Context* make_context();
// Makes the key of its tickets, if it is not there yet. False when memory is short.
bool has_ticket_key(Context& context);
// One reference less; the last one ends it.
void release(Context* context);

Done perform_context(const lastref_call& call, lastref_result& result);

// As lastref_target::view_context and reset_context.
void view_context(const void* context, lastref_context_view* view);
int reset_context(void* context);

}  // namespace lastref::gnutls

#endif  // LASTREF_HARNESS_TARGET_GNUTLS_CONTEXT_H_
