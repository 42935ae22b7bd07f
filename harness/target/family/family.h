// What the adapters of the OpenSSL family share. OpenSSL and BoringSSL spell most of the API alike:
// the sources of this folder are compiled once for each of them, against that library's own
// headers; those on contexts and callbacks for wolfSSL too. What they spell or mean differently
// stands behind the functions at the end, one set for each library.
//
// One process holds one library, so the state is static: the host, which outlives the library, and
// buffers that lend encoded bytes until the next perform().
#ifndef LASTREF_HARNESS_TARGET_FAMILY_FAMILY_H_
#define LASTREF_HARNESS_TARGET_FAMILY_FAMILY_H_

#include <lastref/target_abi.h>
#include <openssl/ssl.h>

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "harness/target/shared/damage.h"

namespace lastref::family {

// The host given to start(). Set by it before the library makes its first allocation.
extern const lastref_host* host;

// An operand that is a number. Where one library takes a long, the other takes an uint32_t: it
// becomes the type that a function asks for, as C would have it.
struct Number {
  std::int64_t value;
  template <std::integral Type>
  operator Type() const {  // NOLINT(google-explicit-constructor): it stands for C's own conversion
    return static_cast<Type>(value);
  }
};

// Each carries out an operation of its kind. kUnknown: not one of its kind; kFailed: the adapter
// could not, which is no failure of the library.
enum class Done { kYes, kUnknown, kFailed };
Done perform_session(const lastref_call& call, lastref_result& result);
Done perform_context(const lastref_call& call, lastref_result& result);
Done perform_connection(const lastref_call& call, lastref_result& result);
Done perform_handshake(const lastref_call& call, lastref_result& result);
Done perform_settings(const lastref_call& call, lastref_result& result);

// Members of lastref_target: the operations above, then those of perform_library().
int perform(const lastref_call* call, lastref_result* result);
void view_session(const void* session, lastref_session_view* view);
void view_context(const void* context, lastref_context_view* view);

// What a context has at birth. Read from a fresh one, so that a reset restores what the library
// does and not what we believe.
struct ContextDefaults {
  int mode = 0;
  long cache_size = 0;
  long timeout = 0;
};
ContextDefaults read_defaults(SSL_CTX* context);

// As lastref_target::reset_context.
int reset_context(SSL_CTX* context, const ContextDefaults& defaults);

// Installs or removes the callbacks of a context, which ask the host what to answer.
void watch_new(SSL_CTX* context, bool on);
void watch_get(SSL_CTX* context, bool on);
void watch_remove(SSL_CTX* context, bool on);
void watch_servername(SSL_CTX* context, bool on);
// Whether the last call of watch_servername() was with true.
bool watches_servername(SSL_CTX* context);
// To be called once for each context, so that the above take no memory of it later. False when
// memory is short.
bool prepare_servername(SSL_CTX* context);

// The key and the certificate of every server, made at start. False when they cannot be.
bool make_credentials();
bool use_credentials(SSL_CTX* context);

// Drives both up to LASTREF_STOP_*; the value is that of LASTREF_OP_HANDSHAKE.
int64_t shake_hands(SSL* client, SSL* server, int64_t stop);
int64_t shake_hands(SSL* client, SSL* server, int64_t stop, Flights& flights);
int64_t shut_down(SSL* connection, bool quiet);
// How many handshakes the process has driven.
std::uint64_t handshakes();

// Brings what perform_settings() changed back to what it was at birth.
bool reset_settings(SSL_CTX* context);
// Gives the context ticket keys that no other context has.
bool use_own_ticket_keys(SSL_CTX* context);

// Each library's own part.

// A context as the library makes it, on the host's clock. NULL when memory is short.
SSL_CTX* new_context();

// Sends the tickets of TLS 1.3 that a server keeps back for its next write.
void send_tickets(SSL* server);

// A session with one reference, of TLS 1.2 and with a cipher, so that it can be encoded. NULL when
// memory is short.
SSL_SESSION* new_session();

// The ex_data index of the token that set_ex_data and get_ex_data know.
int token_index();

// The operations that only this library has.
Done perform_library(const lastref_call& call, lastref_result& result);

// What only this library's getters say of a session.
void view_library(const SSL_SESSION* session, lastref_session_view& view);

// No less than the length of the session's encoding, and cheaper to have than that.
std::size_t encoded_bound(SSL_SESSION* session);

}  // namespace lastref::family

#endif  // LASTREF_HARNESS_TARGET_FAMILY_FAMILY_H_
