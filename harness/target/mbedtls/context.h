// The operations on contexts. A context is what the connections of a program share: a cache and,
// once there is a connection, a configuration for each side and the keys of tickets.
#ifndef LASTREF_HARNESS_TARGET_MBEDTLS_CONTEXT_H_
#define LASTREF_HARNESS_TARGET_MBEDTLS_CONTEXT_H_

#include <mbedtls/ssl.h>
#include <mbedtls/ssl_cache.h>
#include <mbedtls/ssl_ticket.h>

#include "harness/target/mbedtls/session.h"

namespace lastref::mbedtls {

struct Context {
  mbedtls_ssl_cache_context cache;
  mbedtls_ssl_config client;
  mbedtls_ssl_config server;
  mbedtls_ssl_ticket_context keys;
  bool configured = false;
  bool tickets = true;
  bool refuses = false;  // its server says no to whom a client asks for
  // The application's and its connections': the library wants a configuration to be there as long
  // as they use it.
  int references = 1;
};

// NULL when memory is short.
Context* make_context();
// Makes both configurations, if they are not there yet. False when memory is short.
bool configure(Context& context);
// One reference less; the last one ends it.
void release(Context* context);

Done perform_context(const lastref_call& call, lastref_result& result);

// As lastref_target::view_context and reset_context.
void view_context(const void* context, lastref_context_view* view);
int reset_context(void* context);

}  // namespace lastref::mbedtls

#endif  // LASTREF_HARNESS_TARGET_MBEDTLS_CONTEXT_H_
