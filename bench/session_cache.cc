// What a context's cache costs as it grows: look-up, add, remove, eviction, flush, and mixes of
// them by several threads. Rows "cache/WHAT/SESSIONS/LIBRARY".
//
// A look-up is SSL_has_matching_session_id, and a reference acquired and released. BoringSSL does
// not tell whether it has an id: there only what changes the cache is measured here, and look-ups
// by resumption in resumption.cc.
#include <chrono>
#include <ctime>
#include <map>
#include <memory>
#include <mutex>

#include "bench/counting.h"
#include "bench/library_calls.h"

namespace lastref::bench {
namespace {

constexpr std::size_t kSizes[] = {100, 1000, 10'000, 100'000, 1'000'000};
constexpr long kBatch = 64;
// Some milliseconds each.
constexpr std::int64_t kOperations = 100'000;
constexpr std::int64_t kBatches = 200;

constexpr unsigned kIdSize = 32;
using Id = std::array<unsigned char, kIdSize>;

#if defined OPENSSL_IS_BORINGSSL
constexpr bool kTellsOfIds = false;
bool has(SSL*, const Id&) { return false; }
void make_findable(SSL_SESSION*, SSL*) {}
#else
constexpr bool kTellsOfIds = true;
bool has(SSL* connection, const Id& id) {
  return SSL_has_matching_session_id(connection, id.data(), kIdSize) == 1;
}
// A cache finds sessions of the connection's protocol version.
void make_findable([[maybe_unused]] SSL_SESSION* session, [[maybe_unused]] SSL* connection) {
#if defined OPENSSL_VERSION_NUMBER
  SSL_SESSION_set_protocol_version(session, SSL_version(connection));
#endif
}
#endif

void check(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "bench: %s: %s\n", kLibrary, what);
  std::abort();
}

SSL_SESSION* make_session_with(const Id& id) {
  SSL_SESSION* session = make_session();
  check(SSL_SESSION_set1_id(session, id.data(), kIdSize) == 1, "an id is refused");
  // Of one moment, or what an addition to the end of the order costs would depend on how many
  // seconds it took to make them all.
  static const auto kMade = static_cast<long>(std::time(nullptr));
  SSL_SESSION_set_time(session, kMade);
  SSL_SESSION_set_timeout(session, 100'000);
  return session;
}

// Sessions of random ids, held by the program too, of a seed.
struct Sessions {
  Sessions(std::size_t count, unsigned seed) {
    std::mt19937_64 random(seed);
    ids.resize(count);
    for (Id& id : ids) {
      for (unsigned char& byte : id) byte = static_cast<unsigned char>(random() >> 56);
      all.push_back(make_session_with(id));
    }
  }
  Sessions(const Sessions&) = delete;
  Sessions& operator=(const Sessions&) = delete;
  ~Sessions() {
    for (SSL_SESSION* session : all) SSL_SESSION_free(session);
  }

  std::vector<Id> ids;
  std::vector<SSL_SESSION*> all;
};

// A context whose cache is as large as it gets, with the sessions in it.
struct Cache {
  explicit Cache(std::size_t count)
      : context(make_context()), connection(SSL_new(context)), sessions(count, 1) {
    SSL_CTX_sess_set_cache_size(context, 0);
    for (SSL_SESSION* session : sessions.all) {
      make_findable(session, connection);
      check(SSL_CTX_add_session(context, session) == 1, "a session is not added");
    }
  }

  SSL_CTX* context;
  SSL* connection;
  Sessions sessions;
};

// Kept until the process ends, since rows come back in turns and a large one takes a second to
// fill.
Cache& cache_of(std::size_t count) {
  static std::mutex mutex;
  static std::map<std::size_t, std::unique_ptr<Cache>> all;
  const std::lock_guard<std::mutex> lock(mutex);
  std::unique_ptr<Cache>& cache = all[count];
  if (cache == nullptr) cache = std::make_unique<Cache>(count);
  return *cache;
}

void look_up(Cache& cache, std::size_t which) {
  if (!has(cache.connection, cache.sessions.ids[which])) check(false, "a session is not found");
  SSL_SESSION_up_ref(cache.sessions.all[which]);
  SSL_SESSION_free(cache.sessions.all[which]);
}

// Reads and writes, so many of a hundred the latter: each thread adds sessions of its own and
// removes them again.
void mix(benchmark::State& state, std::size_t count, int writes_of_100) {
  Cache& cache = cache_of(count);
  Picks picks(count, state.thread_index(), 0);
  std::mt19937 random(static_cast<unsigned>(100 + state.thread_index()));
  std::array<bool, 1 << 12> write{};
  for (bool& one : write) one = static_cast<int>(random() % 100) < writes_of_100;
  Sessions own(kBatch, static_cast<unsigned>(1000 + state.thread_index()));
  std::size_t step_number = 0;
  std::size_t writes = 0;
  if (kTellsOfIds && writes_of_100 < 100) {
    // Once before, or a short row would measure how the processor's caches are filled.
    for (std::size_t i = 0; i < Picks::kCount; ++i) look_up(cache, picks.next());
  }
  for (auto step : state) {
    if (!write[step_number++ % write.size()]) {
      look_up(cache, picks.next());
      continue;
    }
    SSL_SESSION* const session = own.all[writes / 2 % kBatch];
    (writes++ % 2 == 0 ? SSL_CTX_add_session : SSL_CTX_remove_session)(cache.context, session);
  }
  state.SetItemsProcessed(state.iterations());
  for (SSL_SESSION* session : own.all) SSL_CTX_remove_session(cache.context, session);
}

// One call for each of a batch, timed; then what takes it back, which is not.
void batches(benchmark::State& state, std::size_t count, bool removal) {
  Cache& cache = cache_of(count);
  const Sessions own(kBatch, 7);
  const auto all = [&](auto* call) {
    const auto start = std::chrono::steady_clock::now();
    for (SSL_SESSION* session : own.all) check(call(cache.context, session) == 1, "a call failed");
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  while (state.KeepRunningBatch(kBatch)) {
    const double adding = all(SSL_CTX_add_session);
    const double removing = all(SSL_CTX_remove_session);
    state.SetIterationTime(removal ? removing : adding);
  }
  state.SetItemsProcessed(state.iterations());
}

// Adds to a full cache.
void evictions(benchmark::State& state, std::size_t count) {
  static std::map<std::size_t, std::unique_ptr<Sessions>> rings;
  std::unique_ptr<Sessions>& ring = rings[count];
  if (ring == nullptr) ring = std::make_unique<Sessions>(count + kBatch, 3);
  SSL_CTX* const context = make_context();
  SSL_CTX_sess_set_cache_size(context, static_cast<long>(count));
  std::size_t at = 0;
  const auto add_next = [&] {
    SSL_CTX_add_session(context, ring->all[at]);
    at = at + 1 < ring->all.size() ? at + 1 : 0;
  };
  for (std::size_t i = 0; i < count; ++i) add_next();
  for (auto step : state) add_next();
  check(static_cast<std::size_t>(SSL_CTX_sess_number(context)) + 1 >= count,
        "the cache is not full");
  state.SetItemsProcessed(state.iterations());
  SSL_CTX_free(context);
}

void flushes(benchmark::State& state, std::size_t count) {
  SSL_CTX* const context = make_context();
  SSL_CTX_sess_set_cache_size(context, 0);
  const Sessions own(count, 5);
  while (state.KeepRunningBatch(static_cast<std::int64_t>(count))) {
    for (SSL_SESSION* session : own.all) SSL_CTX_add_session(context, session);
    const auto start = std::chrono::steady_clock::now();
    SSL_CTX_flush_sessions(context, 0);
    const auto taken = std::chrono::steady_clock::now() - start;
    state.SetIterationTime(std::chrono::duration<double>(taken).count());
  }
  check(SSL_CTX_sess_number(context) == 0, "the cache is not empty");
  state.SetItemsProcessed(state.iterations());
  SSL_CTX_free(context);
}

std::string row(const char* what, std::size_t count) {
  return std::string("cache/") + what + "/" + std::to_string(count) + "/" + kLibrary;
}

void add_manual(const std::string& name, std::int64_t iterations, auto function) {
  benchmark::RegisterBenchmark(name.c_str(), function)
      ->Iterations(iterations * scale())
      ->UseManualTime();
}

void add_mix(const char* name, std::size_t count, int writes_of_100) {
  for_thread_counts([&](int threads) {
    add_row(row(name, count), threads, kOperations,
            [count, writes_of_100](benchmark::State& state) { mix(state, count, writes_of_100); });
  });
}

}  // namespace

void add_cache_rows() {
  for (const std::size_t count : kSizes) {
    if constexpr (kTellsOfIds) {
      add_mix("look_up", count, 0);
      add_mix("read_mostly", count, 5);
      add_mix("write_heavy", count, 50);
    }
    add_mix("add_remove", count, 100);
    add_manual(row("add", count), kBatches * kBatch,
               [count](benchmark::State& state) { batches(state, count, false); });
    add_manual(row("remove", count), kBatches * kBatch,
               [count](benchmark::State& state) { batches(state, count, true); });
    add_row(row("evict", count), 1, kOperations / 4,
            [count](benchmark::State& state) { evictions(state, count); });
    // All that are in the cache, some times if they are few.
    const auto flushed = static_cast<std::int64_t>(count < 10'000 ? 20'000 : count);
    add_manual(row("flush", count), flushed,
               [count](benchmark::State& state) { flushes(state, count); });
  }
  if constexpr (kTellsOfIds) {
    add_deed(std::string("look_up/10000/") + kLibrary, [](long count) {
      Cache& cache = cache_of(10'000);
      Picks picks(10'000, 0, 0);
      for (long i = 0; i < count; ++i) look_up(cache, picks.next());
    });
  }
}

}  // namespace lastref::bench
