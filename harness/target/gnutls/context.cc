#include "harness/target/gnutls/context.h"

#include <algorithm>
#include <cstdint>
#include <new>

namespace lastref::gnutls {
namespace {

// "The maximum value that can be set using this function is 604800 (7 days)":
// gnutls_db_set_cache_expiration(3).
constexpr std::int64_t kLongestTimeout = 604800;

// As TLS writes it.
constexpr std::int64_t kTls13 = 0x0304;

int default_timeout() { return static_cast<int>(gnutls_db_get_default_cache_expiration()); }

void drop_ticket_key(Context& context) {
  gnutls_free(context.ticket_key.data);
  context.ticket_key = {nullptr, 0};
}

}  // namespace

Context* make_context() {
  void* block = copying::allocate(sizeof(Context));
  if (block == nullptr) return nullptr;
  auto* made = new (block) Context;
  made->timeout = default_timeout();
  return made;
}

bool has_ticket_key(Context& context) {
  return context.ticket_key.data != nullptr ||
         gnutls_session_ticket_key_generate(&context.ticket_key) == 0;
}

void release(Context* context) {
  if (--context->references > 0) return;
  drop_ticket_key(*context);
  remove_entries(context->database);
  host->release(context);
}

Done perform_context(const lastref_call& call, lastref_result& result) {
  auto* context = static_cast<Context*>(call.context);
  switch (call.operation) {
    case LASTREF_OP_CONTEXT_NEW:
      result.object = make_context();
      return Done::kYes;
    case LASTREF_OP_CONTEXT_FREE:
      release(context);
      return Done::kYes;
    case LASTREF_OP_SET_DEFAULT_TIMEOUT:
      result.value = context->timeout;
      context->timeout = static_cast<int>(std::min(call.value, kLongestTimeout));
      return Done::kYes;
    case LASTREF_OP_GET_DEFAULT_TIMEOUT:
      result.value = context->timeout;
      return Done::kYes;
    case LASTREF_OP_GET_NUMBER:
      result.value = count_entries(context->database);
      return Done::kYes;
    case LASTREF_OP_SET_PROTOCOL:
      context->tls13 = call.value == kTls13;
      result.value = 1;
      return Done::kYes;
    case LASTREF_OP_SET_TICKETS:
      context->tickets = call.value != 0;
      return Done::kYes;
    default:
      return Done::kUnknown;
  }
}

void view_context(const void* context, lastref_context_view* view) {
  copying::view_number(count_entries(static_cast<const Context*>(context)->database), view);
}

int reset_context(void* context) {
  auto* of = static_cast<Context*>(context);
  drop_ticket_key(*of);
  remove_entries(of->database);
  of->timeout = default_timeout();
  of->tickets = true;
  of->tls13 = false;
  return 0;
}

}  // namespace lastref::gnutls
