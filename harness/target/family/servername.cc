// The servername callback of a context, by which a server goes on with another one.
#include "harness/target/family/family.h"

namespace lastref::family {
namespace {

int on_servername(SSL* connection, int* alert, void* context) {
  lastref_reply reply{};
  reply.size = sizeof reply;
  host->callback(LASTREF_CALLBACK_SERVERNAME, context, connection, nullptr, nullptr, 0, &reply);
  if (reply.context == nullptr) return SSL_TLSEXT_ERR_NOACK;
  if (SSL_set_SSL_CTX(connection, static_cast<SSL_CTX*>(reply.context)) != nullptr) {
    return SSL_TLSEXT_ERR_OK;
  }
  *alert = SSL_AD_INTERNAL_ERROR;
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

// Under which a context remembers whether it has a servername callback, for which it has no getter.
int servername_index() {
  static const int kIndex = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return kIndex;
}

}  // namespace

bool prepare_servername(SSL_CTX* context) {
  return SSL_CTX_set_ex_data(context, servername_index(), nullptr) == 1;
}
void watch_servername(SSL_CTX* context, bool on) {
  SSL_CTX_set_tlsext_servername_callback(context, (on ? on_servername : nullptr));
  SSL_CTX_set_tlsext_servername_arg(context, context);
  SSL_CTX_set_ex_data(context, servername_index(), on ? context : nullptr);
}
bool watches_servername(SSL_CTX* context) {
  return SSL_CTX_get_ex_data(context, servername_index()) != nullptr;
}

}  // namespace lastref::family
