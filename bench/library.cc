// What a library's own count costs, by its public calls: SSL_SESSION_up_ref and SSL_SESSION_free.
// One program for each library, and for the reference with each of the counters that scale.
//
//   build/release/bin/bench_library_openssl --benchmark_filter=pair/shared
#include "bench/counting.h"
#include "bench/library_calls.h"

namespace lastref::bench {
namespace {

struct Session {
  using Object = SSL_SESSION*;

  static Object make() { return make_session(); }
  static void drop(Object& session) { SSL_SESSION_free(session); }
  static void pair(Object& session) {
    SSL_SESSION_up_ref(session);
    SSL_SESSION_free(session);
  }
  static void life() {
    Object session = make();
    pair(session);
    SSL_SESSION_free(session);
  }
};

#if !defined OPENSSL_IS_BORINGSSL
// A session, its copy, and the end of both.
void copy_of_one(long count) {
  for (long i = 0; i < count; ++i) {
    SSL_SESSION* const session = make_session();
    SSL_SESSION* const copy = SSL_SESSION_dup(session);
    SSL_SESSION_free(session);
    SSL_SESSION_free(copy);
  }
}

void copies(benchmark::State& state) {
  for (auto step : state) copy_of_one(1);
  state.SetItemsProcessed(state.iterations());
}

void add_copies() {
  for_thread_counts([](int threads) {
    add_row(std::string("life/dup/") + kLibrary, threads, kLives / 5, copies);
  });
  add_deed(std::string("dup/") + kLibrary, copy_of_one);
}
#else
void add_copies() {}  // it has no SSL_SESSION_dup in public
#endif

}  // namespace

void add_rows() {
  add_way<Session>(kLibrary);
  add_copies();
#if LASTREF_BENCH_CACHE
  add_cache_rows();
#endif
}

}  // namespace lastref::bench
