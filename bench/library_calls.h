// The calls of one library by the names of OpenSSL's manual, and what the library has of them. Each
// program of the suite is compiled for one library: their symbols clash.
#ifndef LASTREF_BENCH_LIBRARY_CALLS_H_
#define LASTREF_BENCH_LIBRARY_CALLS_H_

// The reference's header for such programs, or the library's own.
#include <openssl/ssl.h>

#include <cstdlib>

namespace lastref::bench {

// The name of the library in the names of rows.
inline constexpr const char* kLibrary = LASTREF_BENCH_LIBRARY;

inline SSL_CTX* make_context() {
  SSL_CTX* context = SSL_CTX_new(TLS_method());
  if (context == nullptr) std::abort();
  return context;
}

inline SSL_SESSION* make_session() {
#if defined OPENSSL_IS_BORINGSSL
  static SSL_CTX* const context = make_context();
  SSL_SESSION* session = SSL_SESSION_new(context);
#else
  SSL_SESSION* session = SSL_SESSION_new();
#endif
  if (session == nullptr) std::abort();
  return session;
}

// The rows of session_cache.cc; not for wolfSSL, which has one table of copies for the process.
void add_cache_rows();

}  // namespace lastref::bench

#endif  // LASTREF_BENCH_LIBRARY_CALLS_H_
