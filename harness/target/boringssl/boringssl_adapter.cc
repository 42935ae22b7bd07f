// The adapter of BoringSSL: how the library starts, how births and deaths are seen, and the
// operations that its relatives do not have.
#include <openssl/err.h>
#include <sys/time.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "harness/target/boringssl/memory.h"
#include "harness/target/family/family.h"

namespace lastref::family {
namespace {

int session_index = -1;
ContextDefaults defaults;

// A cipher, without which i2d_SSL_SESSION refuses a session, has no setter: it comes out of this
// encoding, the smallest there is. It is of TLS 1.3 and promises early data, so that
// SSL_SESSION_copy_without_early_data makes a copy of it, for a tenth of what decoding costs.
constexpr unsigned char kBlank[] = {
    0x30, 0x1e,                    // SEQUENCE
    0x02, 0x01, 0x01,              // the structure's version
    0x02, 0x02, 0x03, 0x04,        // TLS 1.3
    0x04, 0x02, 0xc0, 0x2f,        // ECDHE-RSA-AES128-GCM-SHA256
    0x04, 0x00, 0x04, 0x00,        // session id, master key
    0xa1, 0x03, 0x02, 0x01, 0x00,  // time
    0xa2, 0x03, 0x02, 0x01, 0x00,  // timeout
    0xb8, 0x03, 0x02, 0x01, 0x01,  // bytes of early data
};

// What new sessions are copies of. Never freed.
SSL_SESSION* blank = nullptr;

void tell_time(const SSL*, timeval* now) {
  now->tv_sec = host->now();
  now->tv_usec = 0;
}

int fail(char* error, std::size_t error_size, const char* what) {
  std::snprintf(error, error_size, "%s", what);
  return -1;
}

// Randomness from the host's stream, which the C library's syscall() answers inside of a call. A
// processor's own instruction for it, RDRAND, would be preferred: the library is told that there is
// none, before it first looks. The format is OpenSSL's, OPENSSL_ia32cap(3): "~" clears bits of
// CPUID's first leaf, of which ECX is the upper half.
bool use_host_random() {
  constexpr const char* kNoRdrand = "~0x4000000000000000";
  return setenv("OPENSSL_ia32cap", kNoRdrand, 1 /* also over what is there */) == 0;
}

// The library looks through a cache for expired sessions every 255 connections, and does not count
// them for us: a context has done with reuse when the process has driven half as many since it was
// made, and no program makes the other half.
constexpr std::uint64_t kHandshakesOfAContext = 128;
int context_index = -1;

bool remember_birth(SSL_CTX* context) {
  return SSL_CTX_set_ex_data(context, context_index, reinterpret_cast<void*>(handshakes())) == 1;
}

std::uint64_t handshakes_since_birth(const SSL_CTX* context) {
  const void* const at_birth = SSL_CTX_get_ex_data(context, context_index);
  return handshakes() - reinterpret_cast<std::uintptr_t>(at_birth);
}

// Handshakes of both protocols, with and without tickets, for what the library makes and keeps at
// the first of each.
bool warm_handshakes() {
  for (const std::uint16_t protocol :
       {std::uint16_t{TLS1_2_VERSION}, std::uint16_t{TLS1_3_VERSION}}) {
    for (const std::uint32_t options : {0U, std::uint32_t{SSL_OP_NO_TICKET}}) {
      SSL_CTX* context = new_context();
      SSL* client = context == nullptr ? nullptr : SSL_new(context);
      SSL* server = client == nullptr ? nullptr : SSL_new(context);
      bool warm = server != nullptr && SSL_set_max_proto_version(server, protocol) == 1;
      if (warm) {
        SSL_set_options(server, options);
        warm = shake_hands(client, server, LASTREF_STOP_COMPLETE) == 1;
      }
      SSL_free(client);
      SSL_free(server);
      SSL_CTX_free(context);
      if (!warm) return false;
    }
  }
  return true;
}

// What the library allocates once for the process or the thread it allocates here, so that from now
// on a program that gives back what it took leaves as many blocks as it found.
bool warm_up() {
  SSL_CTX* context = new_context();
  SSL* connection = context == nullptr ? nullptr : SSL_new(context);
  bool warm = connection != nullptr;
  if (warm) {
    defaults = read_defaults(context);
    blank = SSL_SESSION_from_bytes(kBlank, sizeof kBlank, context);
    warm = blank != nullptr && SSL_SESSION_early_data_capable(blank) == 1;
  }
  SSL_SESSION* session = warm ? new_session() : nullptr;
  unsigned char* encoding = nullptr;
  std::size_t length = 0;
  warm = session != nullptr && SSL_SESSION_to_bytes(session, &encoding, &length) == 1;
  if (warm) {
    SSL_SESSION_free(SSL_SESSION_from_bytes(encoding, length, context));
    SSL_SESSION_free(SSL_SESSION_from_bytes(encoding, length - 1, context));
  }
  OPENSSL_free(encoding);
  SSL_SESSION_free(session);
  SSL_free(connection);
  SSL_CTX_free(context);
  ERR_clear_error();
  return warm;
}

int start(const lastref_host* from, char* error, std::size_t error_size) {
  if (from->size < sizeof *from) {
    return fail(error, error_size,
                "the harness is older than this adapter, which needs "
                "lastref_host::block_size; take both from one version");
  }
  if (boringssl::allocations() != 0) {
    return fail(error, error_size,
                "BoringSSL has already asked for memory in this process, before there was any; "
                "start the target in a fresh process");
  }
  host = from;
  if (!use_host_random()) return fail(error, error_size, "setenv failed");
  OPENSSL_free(OPENSSL_malloc(1));
  if (boringssl::allocations() == 0) {
    return fail(error, error_size,
                "BoringSSL does not use the adapter's OPENSSL_memory_alloc: the library was loaded "
                "before the adapter; start the target in a fresh process");
  }
  session_index = SSL_SESSION_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  if (session_index < 0) return fail(error, error_size, "SSL_SESSION_get_ex_new_index failed");
  context_index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  if (context_index < 0) return fail(error, error_size, "SSL_CTX_get_ex_new_index failed");
  if (!make_credentials()) {
    return fail(error, error_size, "BoringSSL could not make a key and a certificate");
  }
  if (!warm_up()) {
    return fail(error, error_size, "BoringSSL could not make, encode and decode a first session");
  }
  if (!warm_handshakes()) {
    return fail(error, error_size, "BoringSSL could not make handshakes of TLS 1.2 and 1.3");
  }
  ERR_clear_error();
  return 0;
}

const char* version() {
  static const std::string kText =
      "BoringSSL, API version " + std::to_string(BORINGSSL_API_VERSION);
  return kText.c_str();
}

int reset(void* context) {
  auto* const used = static_cast<SSL_CTX*>(context);
  if (handshakes_since_birth(used) >= kHandshakesOfAContext) return -1;
  return reset_context(used, defaults);
}

void quiesce() {
  if (ERR_peek_error() != 0) ERR_clear_error();
}

}  // namespace

// Ready to be a server's.
SSL_CTX* new_context() {
  SSL_CTX* context = SSL_CTX_new(TLS_method());
  if (context == nullptr) return nullptr;
  SSL_CTX_set_current_time_cb(context, tell_time);
  if (use_credentials(context) && use_own_ticket_keys(context) && remember_birth(context) &&
      prepare_servername(context)) {
    return context;
  }
  SSL_CTX_free(context);
  return nullptr;
}

// The library keeps them back until a server's next write, lest a client that does not read blocks
// it: a write of nothing will do.
void send_tickets(SSL* server) { SSL_write(server, nullptr, 0); }

SSL_SESSION* new_session() {
  SSL_SESSION* session = SSL_SESSION_copy_without_early_data(blank);
  if (session == nullptr) return nullptr;
  SSL_SESSION_set_protocol_version(session, TLS1_2_VERSION);
  SSL_SESSION_set_time(session, Number{host->now()});
  // As SSL_SESSION_new sets it.
  SSL_SESSION_set_timeout(session, SSL_DEFAULT_SESSION_TIMEOUT);
  return session;
}

int token_index() { return session_index; }

Done perform_library(const lastref_call& call, lastref_result& result) {
  auto* session = static_cast<SSL_SESSION*>(call.session);
  switch (call.operation) {
    case LASTREF_OP_SET_TICKET:
      result.value = SSL_SESSION_set_ticket(session, call.bytes, call.length);
      return Done::kYes;
    case LASTREF_OP_SET_VERSION:
      result.value = SSL_SESSION_set_protocol_version(session, Number{call.value});
      return Done::kYes;
    default:
      return Done::kUnknown;
  }
}

void view_library(const SSL_SESSION* /*session*/, lastref_session_view& view) {
  view.hostname = nullptr;
  view.alpn = nullptr;
  view.alpn_length = 0;
}

std::size_t encoded_bound(SSL_SESSION* session) {
  // What a handshake leaves in a session is not known without encoding it.
  const unsigned char* bytes = nullptr;
  std::size_t ocsp = 0;
  std::size_t timestamps = 0;
  std::size_t ticket = 0;
  SSL_SESSION_get0_ocsp_response(session, &bytes, &ocsp);
  SSL_SESSION_get0_signed_cert_timestamp_list(session, &bytes, &timestamps);
  if (SSL_SESSION_get0_peer_certificates(session) != nullptr || ocsp + timestamps != 0) {
    return static_cast<std::size_t>(i2d_SSL_SESSION(session, nullptr));
  }
  SSL_SESSION_get0_ticket(session, &bytes, &ticket);
  // Id, id context, key, protocol names and numbers, each with its tag, stay far below this.
  constexpr std::size_t kFixedParts = 4096;
  return kFixedParts + ticket;
}

}  // namespace lastref::family

namespace {

// Not LASTREF_SEES_EX_DATA: the free function is called only for a session on which data was set,
// and on those that the library makes for itself nobody has.
constexpr std::uint64_t kCapabilities =
    LASTREF_CAN_SESSION | LASTREF_CAN_COUNT_REFERENCES | LASTREF_CAN_SET_ID |
    LASTREF_CAN_SET_ID_CONTEXT | LASTREF_CAN_TIME | LASTREF_CAN_TICKET | LASTREF_CAN_SET_TICKET |
    LASTREF_CAN_EX_DATA | LASTREF_CAN_VERSION | LASTREF_CAN_I2D | LASTREF_CAN_I2D_ALLOCATE |
    LASTREF_CAN_D2I | LASTREF_CAN_CONTEXT | LASTREF_CAN_CALLBACKS | LASTREF_CAN_CONNECTION |
    LASTREF_CAN_HANDSHAKE | LASTREF_CAN_TICKET_KEY | LASTREF_CAN_SID_CONTEXT | LASTREF_CAN_TLS13 |
    LASTREF_CAN_CLOCK | LASTREF_CAN_NEW_WITH_ID | LASTREF_CAN_SERVERNAME | LASTREF_CAN_TICKETS |
    LASTREF_SEES_BLOCKS | LASTREF_CAN_DAMAGE_FLIGHTS;

// Each measured, and said by openssl/ssl.h where `lastref contract` says so; what is not named is
// as the defaults say.
constexpr lastref_switch kSwitches[] = {
    {"cache-key", "id"},
    {"eviction-order", "insertion"},
    {"remove-matches", "object"},
    {"remove-marks", "no"},
    {"flush-order", "unordered"},
    {"one-context", "free"},
    {"d2i-into", "replaces"},
    {"d2i-failure", "keeps"},
    {"d2i-zero", "kept"},
    {"timeout-type", "uint32"},
    {"time-type", "unsigned"},
    {"set-time-result", "time"},
    {"cached-key", "fixed"},
    {"cache-full", "zero"},
    {"update-time-on-add", "no"},
    {"new-timeout", "7200"},
    {"dup-ex-data", "absent"},
    {"bad-session", "kept"},
    {"single-use", "no"},
    {"failed-session", "kept"},
    {"uncached-id", "context-in-use"},
    {"handshake-statistics", "zero"},
    {"client-cache", "external"},
    {"ticket-sessions", "callback"},
    {"stateful-tickets", "no"},
    {"resumed-session", "kept"},
    {"unoffered-session", "dropped"},
    {"hello-tests", "lifetime"},
    {"expires", "at-its-end"},
    {"expiry-tested", "first"},
    {"session-side", "own"},
    {"refusal", "before-lookup"},
    {"ticket-lifetime", "renewed"},
    {"tickets-after-resumption", "2"},
    {"ticket-hello-id", "random"},
    {"switched-id-context", "always"},
    {"session-in-handshake", "undefined"},
    {"set-session-late", "undefined"},
};

constexpr lastref_target kTarget = {
    .size = sizeof(lastref_target),
    .abi = LASTREF_TARGET_ABI,
    .name = "boringssl",
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
