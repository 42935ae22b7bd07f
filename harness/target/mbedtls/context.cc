#include "harness/target/mbedtls/context.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <new>

#include "harness/target/mbedtls/credentials.h"

namespace lastref::mbedtls {
namespace {

// Sizes and timeouts are int here. What is beyond it stands for the largest, which no cache and no
// clock of a program comes near; and the largest, read back, for what was asked for.
constexpr int kLargest = std::numeric_limits<int>::max();

// Of tickets, in seconds: that of a new cache's entries.
constexpr std::uint32_t kTicketLifetime = MBEDTLS_SSL_CACHE_DEFAULT_TIMEOUT;

// One that spares the processor the elliptic curves, which are slow in this library.
constexpr int kCiphersuites[] = {MBEDTLS_TLS_RSA_WITH_AES_128_GCM_SHA256, 0};

int to_int(std::int64_t value) { return static_cast<int>(std::min<std::int64_t>(value, kLargest)); }
std::int64_t from_int(int value) {
  return value == kLargest ? std::numeric_limits<std::int64_t>::max() : value;
}

// What the server's configuration asks about a client's wish for a name.
int look_at_name(void* context, mbedtls_ssl_context*, const unsigned char*, std::size_t) noexcept {
  return static_cast<Context*>(context)->refuses ? -1 : 0;
}

void apply_tickets(Context& context) {
  mbedtls_ssl_conf_session_tickets(&context.client, context.tickets
                                                        ? MBEDTLS_SSL_SESSION_TICKETS_ENABLED
                                                        : MBEDTLS_SSL_SESSION_TICKETS_DISABLED);
  mbedtls_ssl_conf_session_tickets_cb(
      &context.server, context.tickets ? mbedtls_ssl_ticket_write : nullptr,
      context.tickets ? mbedtls_ssl_ticket_parse : nullptr, &context.keys);
}

void drop_configuration(Context& context) {
  if (!context.configured) return;
  context.configured = false;
  mbedtls_ssl_config_free(&context.client);
  mbedtls_ssl_config_free(&context.server);
  mbedtls_ssl_ticket_free(&context.keys);
}

bool set_defaults(mbedtls_ssl_config& config, int endpoint) {
  mbedtls_ssl_config_init(&config);
  if (mbedtls_ssl_config_defaults(&config, endpoint, MBEDTLS_SSL_TRANSPORT_STREAM,
                                  MBEDTLS_SSL_PRESET_DEFAULT) != 0) {
    return false;
  }
  mbedtls_ssl_conf_rng(&config, random_bytes, nullptr);
  mbedtls_ssl_conf_ciphersuites(&config, kCiphersuites);
  mbedtls_ssl_conf_authmode(&config, MBEDTLS_SSL_VERIFY_NONE);
  return true;
}

std::int64_t count_entries(const Context& context) {
  std::int64_t count = 0;
  for (const auto* entry = context.cache.chain; entry != nullptr; entry = entry->next) ++count;
  return count;
}

}  // namespace

Context* make_context() {
  void* block = copying::allocate(sizeof(Context));
  if (block == nullptr) return nullptr;
  auto* made = new (block) Context;
  mbedtls_ssl_cache_init(&made->cache);
  return made;
}

bool configure(Context& context) {
  if (context.configured) return true;
  context.configured = true;
  mbedtls_ssl_ticket_init(&context.keys);
  const bool client = set_defaults(context.client, MBEDTLS_SSL_IS_CLIENT);
  const bool server = set_defaults(context.server, MBEDTLS_SSL_IS_SERVER);
  if (!client || !server || !use_credentials(context.server) ||
      mbedtls_ssl_ticket_setup(&context.keys, random_bytes, nullptr, MBEDTLS_CIPHER_AES_256_GCM,
                               kTicketLifetime) != 0) {
    drop_configuration(context);
    return false;
  }
  mbedtls_ssl_conf_session_cache(&context.server, &context.cache, mbedtls_ssl_cache_get,
                                 mbedtls_ssl_cache_set);
  mbedtls_ssl_conf_sni(&context.server, look_at_name, &context);
  apply_tickets(context);
  return true;
}

void release(Context* context) {
  if (--context->references > 0) return;
  drop_configuration(*context);
  mbedtls_ssl_cache_free(&context->cache);
  host->release(context);
}

Done perform_context(const lastref_call& call, lastref_result& result) {
  auto* context = static_cast<Context*>(call.context);
  auto* session = static_cast<mbedtls_ssl_session*>(call.session);
  switch (call.operation) {
    case LASTREF_OP_CONTEXT_NEW:
      result.object = make_context();
      return Done::kYes;
    case LASTREF_OP_CONTEXT_FREE:
      release(context);
      return Done::kYes;
    case LASTREF_OP_SET_CACHE_SIZE:
      result.value = from_int(context->cache.max_entries);
      mbedtls_ssl_cache_set_max_entries(&context->cache, to_int(call.value));
      return Done::kYes;
    case LASTREF_OP_SET_DEFAULT_TIMEOUT:
      result.value = from_int(context->cache.timeout);
      mbedtls_ssl_cache_set_timeout(&context->cache, to_int(call.value));
      return Done::kYes;
    case LASTREF_OP_GET_CACHE_SIZE:
      result.value = from_int(context->cache.max_entries);
      return Done::kYes;
    case LASTREF_OP_GET_DEFAULT_TIMEOUT:
      result.value = from_int(context->cache.timeout);
      return Done::kYes;
    case LASTREF_OP_GET_NUMBER:
      result.value = count_entries(*context);
      return Done::kYes;
    case LASTREF_OP_CACHE_ADD:
      result.value = mbedtls_ssl_cache_set(&context->cache, session) == 0 ? 1 : 0;
      return Done::kYes;
    case LASTREF_OP_CACHE_LOOKUP:
      result.value = mbedtls_ssl_cache_get(&context->cache, session) == 0 ? 1 : 0;
      return Done::kYes;
    case LASTREF_OP_SET_TICKETS:
      context->tickets = call.value != 0;
      if (context->configured) apply_tickets(*context);
      return Done::kYes;
    default:
      return Done::kUnknown;
  }
}

void view_context(const void* context, lastref_context_view* view) {
  copying::view_number(count_entries(*static_cast<const Context*>(context)), view);
}

int reset_context(void* context) {
  auto* of = static_cast<Context*>(context);
  drop_configuration(*of);
  of->tickets = true;
  mbedtls_ssl_cache_free(&of->cache);
  mbedtls_ssl_cache_init(&of->cache);
  return 0;
}

}  // namespace lastref::mbedtls
