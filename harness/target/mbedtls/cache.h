// The operations on contexts. A context is a cache here: mbedtls_ssl_cache_context.
#ifndef LASTREF_HARNESS_TARGET_MBEDTLS_CACHE_H_
#define LASTREF_HARNESS_TARGET_MBEDTLS_CACHE_H_

#include "harness/target/mbedtls/session.h"

namespace lastref::mbedtls {

Done perform_cache(const lastref_call& call, lastref_result& result);

// As lastref_target::view_context and reset_context.
void view_cache(const void* cache, lastref_context_view* view);
int reset_cache(void* cache);

}  // namespace lastref::mbedtls

#endif  // LASTREF_HARNESS_TARGET_MBEDTLS_CACHE_H_
