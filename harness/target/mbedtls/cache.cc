#include "harness/target/mbedtls/cache.h"

#include <mbedtls/ssl_cache.h>

#include <algorithm>
#include <cstdint>
#include <limits>

namespace lastref::mbedtls {
namespace {

using Cache = mbedtls_ssl_cache_context;

// Sizes and timeouts are int here. What is beyond it stands for the largest, which no cache and no
// clock of a program comes near; and the largest, read back, for what was asked for.
constexpr int kLargest = std::numeric_limits<int>::max();

int to_int(std::int64_t value) { return static_cast<int>(std::min<std::int64_t>(value, kLargest)); }
std::int64_t from_int(int value) {
  return value == kLargest ? std::numeric_limits<std::int64_t>::max() : value;
}

Cache* make() {
  auto* made = static_cast<Cache*>(allocate(sizeof(Cache)));
  if (made != nullptr) mbedtls_ssl_cache_init(made);
  return made;
}

}  // namespace

Done perform_cache(const lastref_call& call, lastref_result& result) {
  auto* cache = static_cast<Cache*>(call.context);
  auto* session = static_cast<mbedtls_ssl_session*>(call.session);
  switch (call.operation) {
    case LASTREF_OP_CONTEXT_NEW:
      result.object = make();
      return Done::kYes;
    case LASTREF_OP_CONTEXT_FREE:
      mbedtls_ssl_cache_free(cache);
      host->release(cache);
      return Done::kYes;
    case LASTREF_OP_SET_CACHE_SIZE:
      result.value = from_int(cache->max_entries);
      mbedtls_ssl_cache_set_max_entries(cache, to_int(call.value));
      return Done::kYes;
    case LASTREF_OP_SET_DEFAULT_TIMEOUT:
      result.value = from_int(cache->timeout);
      mbedtls_ssl_cache_set_timeout(cache, to_int(call.value));
      return Done::kYes;
    case LASTREF_OP_GET_CACHE_SIZE:
      result.value = from_int(cache->max_entries);
      return Done::kYes;
    case LASTREF_OP_GET_DEFAULT_TIMEOUT:
      result.value = from_int(cache->timeout);
      return Done::kYes;
    case LASTREF_OP_GET_NUMBER: {
      lastref_context_view view{};
      view_cache(cache, &view);
      result.value = view.number;
      return Done::kYes;
    }
    case LASTREF_OP_CACHE_ADD:
      result.value = mbedtls_ssl_cache_set(cache, session) == 0 ? 1 : 0;
      return Done::kYes;
    case LASTREF_OP_CACHE_LOOKUP:
      result.value = mbedtls_ssl_cache_get(cache, session) == 0 ? 1 : 0;
      return Done::kYes;
    default:
      return Done::kUnknown;
  }
}

void view_cache(const void* cache, lastref_context_view* view) {
  view->number = 0;
  for (const auto* entry = static_cast<const Cache*>(cache)->chain; entry != nullptr;
       entry = entry->next) {
    ++view->number;
  }
  view->cache_full = 0;
  if (view->size <= LASTREF_CONTEXT_VIEW_CHEAP) return;
  view->hits = 0;
  view->misses = 0;
  view->timeouts = 0;
}

int reset_cache(void* cache) {
  auto* of = static_cast<Cache*>(cache);
  mbedtls_ssl_cache_free(of);
  mbedtls_ssl_cache_init(of);
  return 0;
}

}  // namespace lastref::mbedtls
