// The adapter of wolfSSL: how the library starts, what it claims, and in what it differs.
#include <openssl/err.h>

#include <cstdio>
#include <initializer_list>

#include "harness/target/family/family.h"
#include "harness/target/wolfssl/encoding.h"
#include "harness/target/wolfssl/points.h"
#include "harness/target/wolfssl/settings.h"
#include "harness/target/wolfssl/table.h"

namespace lastref::family {

const lastref_host* host = nullptr;

namespace {

int session_index = -1;
ContextDefaults defaults;

void* allocate(std::size_t bytes) {
  void* const point = wolfssl::has_size_of_point(bytes) ? wolfssl::take_point() : nullptr;
  return point != nullptr ? point : host->allocate(bytes);
}
// The library makes no point smaller or larger.
void* reallocate(void* block, std::size_t bytes) { return host->reallocate(block, bytes); }
void release(void* block) {
  if (wolfssl::is_point(block)) {
    wolfssl::give_back_point(block);
  } else {
    host->release(block);
  }
}

int fail(char* error, std::size_t error_size, const char* what) {
  std::snprintf(error, error_size, "%s", what);
  return -1;
}

// What the library allocates once for the process it allocates here, so that from now on a program
// that gives back what it took leaves as many blocks as it found.
bool warm_up() {
  SSL_CTX* context = new_context();
  SSL* connection = context == nullptr ? nullptr : SSL_new(context);
  const bool warm = connection != nullptr;
  if (warm) defaults = read_defaults(context);
  SSL_free(connection);
  SSL_CTX_free(context);
  return warm;
}

// A full handshake and a resumed one, for what the library makes and keeps at the first of each.
bool warm_handshakes(int protocol) {
  SSL_CTX* context = new_context();
  SSL_SESSION* session = nullptr;
  bool warm = context != nullptr && SSL_CTX_set_max_proto_version(context, protocol) == 1;
  for (const int64_t expected : {1, 2}) {
    SSL* client = warm ? SSL_new(context) : nullptr;
    SSL* server = warm ? SSL_new(context) : nullptr;
    warm = client != nullptr && server != nullptr;
    if (warm && session != nullptr) warm = SSL_set_session(client, session) == 1;
    warm = warm && shake_hands(client, server, LASTREF_STOP_COMPLETE) == expected;
    SSL_SESSION_free(session);
    session = warm ? SSL_get1_session(client) : nullptr;
    SSL_free(client);
    SSL_free(server);
  }
  SSL_SESSION_free(session);
  SSL_CTX_free(context);
  return warm;
}

int start(const lastref_host* from, char* error, std::size_t error_size) {
  host = from;
  if (wolfSSL_SetAllocators(allocate, release, reallocate) != 0) {
    return fail(error, error_size, "wolfSSL_SetAllocators failed");
  }
  if (wolfSSL_Init() != WOLFSSL_SUCCESS) return fail(error, error_size, "wolfSSL_Init failed");
  // The first index that the library gives out holds a value of its own, -1, in each new session:
  // one finding at the birth of every session would hide all others.
  SSL_SESSION_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  session_index = SSL_SESSION_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  if (session_index <= 0) return fail(error, error_size, "SSL_SESSION_get_ex_new_index failed");
  if (!make_credentials()) {
    return fail(error, error_size, "wolfSSL could not make a key and a certificate");
  }
  if (!warm_up()) return fail(error, error_size, "wolfSSL could not make a first connection");
  if (!wolfssl::learn_encoding()) {
    return fail(error, error_size,
                "this wolfSSL encodes a session in another way than the adapter knows, so that no "
                "session can be given an id; expected the encoding of 5.5");
  }
  // Before there is anything in the table, which is brought back to what it is now.
  if (!wolfssl::open_table()) return fail(error, error_size, "wolfSSL could not copy its table");
  if (!warm_handshakes(TLS1_2_VERSION) || !warm_handshakes(TLS1_3_VERSION)) {
    return fail(error, error_size, "wolfSSL could not make and resume handshakes");
  }
  wolfssl::shaken_hands();
  wolfssl::forget_program();
  ERR_clear_error();
  return 0;
}

const char* version() {
  static char text[64];
  std::snprintf(text, sizeof text, "wolfSSL %s", wolfSSL_lib_version());
  return text;
}

// A mode that took the internal cache away cannot be taken back.
int reset(void* context) {
  auto* of = static_cast<SSL_CTX*>(context);
  if (reset_context(of, defaults) != 0) return -1;
  return SSL_CTX_get_session_cache_mode(of) == defaults.mode ? 0 : -1;
}

void quiesce() {
  wolfssl::forget_program();
  ERR_clear_error();
}

}  // namespace

int perform(const lastref_call* call, lastref_result* result) {
  Done done = perform_session(*call, *result);
  if (done == Done::kUnknown) done = perform_context(*call, *result);
  if (done == Done::kUnknown) done = perform_connection(*call, *result);
  if (done == Done::kUnknown) done = perform_handshake(*call, *result);
  if (done == Done::kUnknown) done = wolfssl::perform_settings(*call, *result);
  if (done == Done::kUnknown) result->unsupported = 1;
  if (call->operation == LASTREF_OP_CACHE_ADD && result->value == 1) {
    wolfssl::added(static_cast<SSL_SESSION*>(call->session));
  } else if (call->operation == LASTREF_OP_ON_REMOVE && call->value != 0) {
    wolfssl::callback_installed();
  } else if (call->operation == LASTREF_OP_HANDSHAKE) {
    wolfssl::shaken_hands();
  }
  return done == Done::kFailed ? -1 : 0;
}

int token_index() { return session_index; }

// Ready to be a server's, of TLS 1.2 until it is told otherwise.
SSL_CTX* new_context() {
  SSL_CTX* context = SSL_CTX_new(TLS_method());
  if (context == nullptr) return nullptr;
  if (prepare_servername(context) && wolfssl::reset_settings(context) && use_credentials(context)) {
    return context;
  }
  SSL_CTX_free(context);
  return nullptr;
}

// They are sent when the server reads the client's last flight.
void send_tickets(SSL*) {}

bool reset_settings(SSL_CTX* context) { return wolfssl::reset_settings(context); }

}  // namespace lastref::family

namespace {

// No setter of an id, of a time, a hostname, ALPN, the ticket's data, the master key or the
// version; no getter of a ticket.
constexpr std::uint64_t kCapabilities =
    LASTREF_CAN_SESSION | LASTREF_CAN_COUNT_REFERENCES | LASTREF_CAN_DUP | LASTREF_CAN_EX_DATA |
    LASTREF_CAN_I2D | LASTREF_CAN_I2D_ALLOCATE | LASTREF_CAN_D2I | LASTREF_CAN_CONTEXT |
    LASTREF_CAN_CALLBACKS | LASTREF_CAN_CONNECTION | LASTREF_CAN_HANDSHAKE | LASTREF_CAN_TLS13 |
    LASTREF_CAN_TICKETS | LASTREF_CAN_TICKET_KEY | LASTREF_CAN_SID_CONTEXT | LASTREF_CAN_CLOCK |
    LASTREF_CAN_SERVERNAME | LASTREF_CAN_NEW_WITH_ID | LASTREF_SEES_BLOCKS |
    LASTREF_CAN_DAMAGE_FLIGHTS | LASTREF_CAN_FAIL_RANDOM | LASTREF_CAN_FAIL_LOCK;

// Each measured; what is not named is as the defaults say.
constexpr lastref_switch kSwitches[] = {
    {"cache-key", "id"},
    {"remove-marks", "expires"},
    {"cache-adds", "copy"},
    {"empty-id-add", "refused"},
    {"flush", "nothing"},
    {"cache-size-set", "fixed"},
    {"cache-mode", "flags"},
    {"remove-callback-at-end", "connection"},
    {"set-session-null", "refused"},
    {"set-session", "copies"},
    {"set-session-cache-off", "refused"},
    {"fresh-connection-session", "own"},
    {"clear-session", "renews"},
    {"one-context", "free"},
    {"d2i-into", "replaces"},
    {"d2i-zero", "kept"},
    {"update-time-on-add", "no"},
    {"new-timeout", "0"},
    {"new-time", "zero"},
    {"new-version", "0"},
    {"context-timeout", "500"},
    {"default-timeout-zero", "500"},
    {"cache-size", "33"},
    {"protocol", "771"},
    {"tickets", "asked-for"},
    {"stateful-tickets", "no"},
    {"set-session-late", "undefined"},
    {"switched-id-context", "always"},
    {"hello-tests", "when-set"},
    {"client-finished", "own-finished"},
    {"connection-settings", "at-birth"},
    {"resumption-age", "also-of-connection"},
    {"uncached-session", "empty"},
    {"quiet-shutdown", "clears"},
    {"handshake-statistics", "zero"},
    {"client-cache", "external"},
    {"refusal", "before-lookup"},
    {"switched-callbacks", "context-in-use"},
    {"failed-session", "kept"},
    {"bad-session", "kept"},
    {"expires", "at-its-end"},
};

constexpr lastref_target kTarget = {
    .size = sizeof(lastref_target),
    .abi = LASTREF_TARGET_ABI,
    .name = "wolfssl",
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
