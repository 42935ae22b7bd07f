// The adapter of OpenSSL 3: how the library starts, how births and deaths are seen, and the
// operations that its relatives do not have.
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <sys/random.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "harness/target/family/family.h"

namespace lastref::family {
namespace {

int session_index = -1;
const SSL_CIPHER* cipher = nullptr;
ContextDefaults defaults;

void* allocate(std::size_t bytes, const char*, int) { return host->allocate(bytes); }
void* reallocate(void* block, std::size_t bytes, const char*, int) {
  return host->reallocate(block, bytes);
}
void release(void* block, const char*, int) { host->release(block); }

// OpenSSL calls the new function for each session object that it makes, a dup included (3.0 calls
// it there before it copies), and the free function at its end; both whether or not data was ever
// set. So births come from one place; the dup function has the pointer copied, but where it
// refuses.
void on_birth(void* session, void*, CRYPTO_EX_DATA*, int, long, void*) { host->born(session); }
void on_death(void* session, void*, CRYPTO_EX_DATA*, int, long, void*) { host->died(session); }
bool refusing = false;
int on_dup(CRYPTO_EX_DATA*, const CRYPTO_EX_DATA*, void**, int, long, void*) {
  return refusing ? 0 : 1;
}

// The dup function is asked only where data was set: what is there is set once more.
int64_t dup_refused(SSL_SESSION* session) {
  void* const value = SSL_SESSION_get_ex_data(session, session_index);
  if (SSL_SESSION_set_ex_data(session, session_index, value) != 1) return 0;
  refusing = true;
  SSL_SESSION* const copy = SSL_SESSION_dup(session);
  refusing = false;
  if (copy == nullptr) return 1;
  SSL_SESSION_free(copy);
  return 2;
}

// Randomness from the host's stream, which the C library's getrandom() answers inside of a call:
// OpenSSL's own generators mix in what differs from run to run.
int random_bytes(unsigned char* bytes, int count) {
  constexpr std::size_t kLimit = 256;  // what getrandom(2) gives at once without fail
  auto left = static_cast<std::size_t>(std::max(count, 0));
  while (left > 0) {
    const std::size_t part = std::min(left, kLimit);
    if (getrandom(bytes, part, 0) != static_cast<ssize_t>(part)) return 0;
    bytes += part;
    left -= part;
  }
  return 1;
}
int random_status() { return 1; }

// RAND_set_rand_method(3) is deprecated, and there is nothing else that takes the place of all
// generators without a provider of one's own.
bool use_host_random() {
  static const RAND_METHOD method = {nullptr, random_bytes, nullptr,
                                     nullptr, random_bytes, random_status};
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  return RAND_set_rand_method(&method) == 1;
#pragma GCC diagnostic pop
}

int fail(char* error, std::size_t error_size, const char* what) {
  std::snprintf(error, error_size, "%s", what);
  return -1;
}

// Handshakes of both protocols, full and resumed, with and without tickets, for what the library
// fetches and keeps at the first of each.
bool warm_handshakes() {
  bool warm = true;
  for (const int protocol : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    for (const std::uint64_t options : {std::uint64_t{0}, std::uint64_t{SSL_OP_NO_TICKET}}) {
      SSL_CTX* context = SSL_CTX_new(TLS_method());
      warm = warm && context != nullptr && use_credentials(context) &&
             SSL_CTX_set_max_proto_version(context, protocol) == 1;
      if (!warm) return false;
      SSL_CTX_set_options(context, options);
      SSL_SESSION* session = nullptr;
      for (const int64_t expected : {1, 2}) {
        SSL* client = SSL_new(context);
        SSL* server = SSL_new(context);
        warm = warm && client != nullptr && server != nullptr;
        if (warm) {
          SSL_set_session(client, session);
          warm = shake_hands(client, server, LASTREF_STOP_COMPLETE) == expected;
          SSL_SESSION_free(session);
          session = SSL_get1_session(client);
          shut_down(client, false);
          shut_down(server, false);
        }
        SSL_free(client);
        SSL_free(server);
      }
      SSL_SESSION_free(session);
      SSL_CTX_free(context);
    }
  }
  return warm;
}

// What the library allocates once for the process or the thread it allocates here, so that from now
// on a program that gives back what it took leaves as many blocks as it found: the random generator
// (SSL_CTX_new draws ticket keys), the decoder's tables, and the error queue. Each of the queue's
// places keeps a text buffer, once it has one, after ERR_clear_error(); so each gets one now.
bool warm_up() {
  SSL_CTX* context = new_context();
  SSL* connection = context == nullptr ? nullptr : SSL_new(context);
  bool warm = connection != nullptr;
  if (warm) {
    defaults = read_defaults(context);
    const unsigned char kEcdheRsaAes128GcmSha256[] = {0xC0, 0x2F};
    cipher = SSL_CIPHER_find(connection, kEcdheRsaAes128GcmSha256);
    warm = cipher != nullptr;
  }
  SSL_SESSION* session = warm ? new_session() : nullptr;
  unsigned char* encoding = nullptr;
  const int length = session == nullptr ? 0 : i2d_SSL_SESSION(session, &encoding);
  warm = length > 0;
  if (warm) {
    const unsigned char* in = encoding;
    SSL_SESSION_free(d2i_SSL_SESSION(nullptr, &in, length));
  }
  OPENSSL_free(encoding);
  SSL_SESSION_free(session);
  SSL_free(connection);
  SSL_CTX_free(context);
  constexpr int kErrorQueueLength = 16;  // ERR_NUM_ERRORS
  for (int place = 0; place < kErrorQueueLength; ++place) {
    ERR_raise_data(ERR_LIB_USER, ERR_R_INTERNAL_ERROR, "place %d", place);
  }
  ERR_clear_error();
  return warm;
}

int start(const lastref_host* from, char* error, std::size_t error_size) {
  host = from;
  if (CRYPTO_set_mem_functions(allocate, reallocate, release) != 1) {
    return fail(
        error, error_size,
        "OpenSSL has already allocated memory in this process, so that its allocator cannot "
        "be replaced; start the target in a fresh process");
  }
  // No configuration file: what a machine's openssl.cnf says must not change a result. No exit
  // handler: the host's memory may be gone when it would run.
  constexpr std::uint64_t kOptions = OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT;
  if (OPENSSL_init_ssl(kOptions, nullptr) != 1) {
    return fail(error, error_size, "OPENSSL_init_ssl failed");
  }
  session_index = SSL_SESSION_get_ex_new_index(0, nullptr, on_birth, on_dup, on_death);
  if (session_index < 0) return fail(error, error_size, "SSL_SESSION_get_ex_new_index failed");
  if (!use_host_random() || !make_credentials()) {
    return fail(error, error_size, "OpenSSL could not make a key and a certificate");
  }
  if (!warm_up()) {
    return fail(error, error_size, "OpenSSL could not make, encode and decode a first session");
  }
  if (!warm_handshakes()) {
    return fail(error, error_size,
                "OpenSSL could not make and resume handshakes of TLS 1.2 and 1.3");
  }
  ERR_clear_error();
  return 0;
}

const char* version() { return OpenSSL_version(OPENSSL_VERSION); }

int reset(void* context) { return reset_context(static_cast<SSL_CTX*>(context), defaults); }

void quiesce() {
  // Peeking costs a fraction of clearing, and most programs leave no error.
  if (ERR_peek_error() != 0) ERR_clear_error();
}

}  // namespace

// Ready to be a server's. Its clock is the process's time(), which the host has interposed.
SSL_CTX* new_context() {
  SSL_CTX* context = SSL_CTX_new(TLS_method());
  if (context == nullptr) return nullptr;
  if (use_credentials(context) && use_own_ticket_keys(context) && prepare_servername(context)) {
    return context;
  }
  SSL_CTX_free(context);
  return nullptr;
}

// The library sends them by itself.
void send_tickets(SSL*) {}

SSL_SESSION* new_session() {
  SSL_SESSION* session = SSL_SESSION_new();
  if (session == nullptr) return nullptr;
  // i2d gives 0 for a session that has no cipher, and d2i refuses one whose version is not that of
  // an SSL or TLS protocol. A fresh session has neither; a handshake would have set both.
  SSL_SESSION_set_cipher(session, cipher);
  SSL_SESSION_set_protocol_version(session, TLS1_2_VERSION);
  return session;
}

int token_index() { return session_index; }

Done perform_library(const lastref_call& call, lastref_result& result) {
  auto* session = static_cast<SSL_SESSION*>(call.session);
  void* data = nullptr;
  switch (call.operation) {
    case LASTREF_OP_SESSION_DUP:
      result.object = SSL_SESSION_dup(session);
      return Done::kYes;
    case LASTREF_OP_DUP_REFUSED:
      result.value = dup_refused(session);
      return Done::kYes;
    case LASTREF_OP_SET_HOSTNAME:
      result.value = SSL_SESSION_set1_hostname(session, reinterpret_cast<const char*>(call.bytes));
      return Done::kYes;
    case LASTREF_OP_SET_ALPN:
      result.value = SSL_SESSION_set1_alpn_selected(session, call.bytes, call.length);
      return Done::kYes;
    case LASTREF_OP_SET_APPDATA:
      result.value = SSL_SESSION_set1_ticket_appdata(session, call.bytes, call.length);
      return Done::kYes;
    case LASTREF_OP_SET_MASTER_KEY:
      result.value = SSL_SESSION_set1_master_key(session, call.bytes, call.length);
      return Done::kYes;
    case LASTREF_OP_SET_VERSION:
      result.value = SSL_SESSION_set_protocol_version(session, static_cast<int>(call.value));
      return Done::kYes;
    case LASTREF_OP_GET_HOSTNAME:
      result.bytes = reinterpret_cast<const uint8_t*>(SSL_SESSION_get0_hostname(session));
      if (result.bytes != nullptr) result.length = std::strlen(SSL_SESSION_get0_hostname(session));
      return Done::kYes;
    case LASTREF_OP_GET_ALPN:
      SSL_SESSION_get0_alpn_selected(session, &result.bytes, &result.length);
      return Done::kYes;
    case LASTREF_OP_GET_APPDATA:
      result.value = SSL_SESSION_get0_ticket_appdata(session, &data, &result.length);
      result.bytes = static_cast<const uint8_t*>(data);
      return Done::kYes;
    default:
      return Done::kUnknown;
  }
}

void view_library(const SSL_SESSION* session, lastref_session_view& view) {
  view.hostname = reinterpret_cast<const uint8_t*>(SSL_SESSION_get0_hostname(session));
  SSL_SESSION_get0_alpn_selected(session, &view.alpn, &view.alpn_length);
}

std::size_t encoded_bound(SSL_SESSION* session) {
  // Only a certificate is not known without encoding it.
  if (SSL_SESSION_get0_peer(session) != nullptr) {
    return static_cast<std::size_t>(i2d_SSL_SESSION(session, nullptr));
  }
  const char* hostname = SSL_SESSION_get0_hostname(session);
  const unsigned char* bytes = nullptr;
  void* data = nullptr;
  std::size_t alpn = 0;
  std::size_t ticket = 0;
  std::size_t appdata = 0;
  SSL_SESSION_get0_alpn_selected(session, &bytes, &alpn);
  SSL_SESSION_get0_ticket(session, &bytes, &ticket);
  SSL_SESSION_get0_ticket_appdata(session, &data, &appdata);
  // Id, id context, key and numbers, each with its tag, stay far below this.
  constexpr std::size_t kFixedParts = 1024;
  return kFixedParts + alpn + ticket + appdata + (hostname == nullptr ? 0 : std::strlen(hostname));
}

}  // namespace lastref::family

namespace {

constexpr std::uint64_t kCapabilities =
    LASTREF_CAN_SESSION | LASTREF_CAN_COUNT_REFERENCES | LASTREF_CAN_DUP | LASTREF_CAN_SET_ID |
    LASTREF_CAN_SET_ID_CONTEXT | LASTREF_CAN_TIME | LASTREF_CAN_HOSTNAME | LASTREF_CAN_ALPN |
    LASTREF_CAN_TICKET | LASTREF_CAN_APPDATA | LASTREF_CAN_MASTER_KEY | LASTREF_CAN_EX_DATA |
    LASTREF_CAN_VERSION | LASTREF_CAN_I2D | LASTREF_CAN_I2D_ALLOCATE | LASTREF_CAN_D2I |
    LASTREF_CAN_CONTEXT | LASTREF_CAN_CALLBACKS | LASTREF_CAN_CONNECTION | LASTREF_CAN_HANDSHAKE |
    LASTREF_CAN_TICKET_KEY | LASTREF_CAN_SID_CONTEXT | LASTREF_CAN_TLS13 | LASTREF_CAN_CLOCK |
    LASTREF_CAN_NEW_WITH_ID | LASTREF_CAN_SERVERNAME | LASTREF_CAN_TICKETS |
    LASTREF_CAN_CALLBACK_HITS | LASTREF_SEES_BLOCKS | LASTREF_SEES_EX_DATA |
    LASTREF_CAN_DAMAGE_FLIGHTS | LASTREF_CAN_FAIL_RANDOM | LASTREF_CAN_FAIL_LOCK |
    LASTREF_CAN_REFUSE_DUP;

// Each measured; what is not named is as the defaults say.
constexpr lastref_switch kSwitches[] = {
    {"add-again", "refreshes-place"},
    {"cache-capacity", "one-less"},
    // Measured: a sum beyond the type sorts after all others, and there by what it wraps to.
    {"never-expiring-order", "by-sum"},
    {"hello-session", "empty"},
    {"ticket-on-resumption", "yes"},
    {"zero-default-timeout", "default"},
    {"stateless-cached", "with-remove-callback"},
    {"psk-session-id", "as-sealed"},
    {"uncached-id", "context-in-use"},
};

constexpr lastref_target kTarget = {
    .size = sizeof(lastref_target),
    .abi = LASTREF_TARGET_ABI,
    .name = "openssl",
    .capabilities = kCapabilities,
    .switches = kSwitches,
    .switch_count = sizeof kSwitches / sizeof *kSwitches,
    .start = lastref::family::start,
    .version = lastref::family::version,
    .perform = lastref::family::perform,
    .view_session = lastref::family::view_session,
    .view_context = lastref::family::view_context,
    .reset_context = lastref::family::reset,
    .quiesce = lastref::family::quiesce,
};

}  // namespace

const lastref_target* lastref_target_open(uint32_t abi) {
  return abi == LASTREF_TARGET_ABI ? &kTarget : nullptr;
}
