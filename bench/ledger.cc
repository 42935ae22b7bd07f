// What the ledger costs: a pair of up_ref and free of one session, bare and with one record kept
// for each live reference. The objective is a ratio of at most 3 on one thread for a pair with the
// caller only, of 4 with stacks.
//
//   build/release/bin/bench_ledger --benchmark_repetitions=9
//   --benchmark_report_aggregates_only=true
//
// `ratio` is the one over the other, timed in short turns, so that what else the machine does meets
// both. A process that has one thread only needs no locks; the rows behind "threads_started" are
// for one that had more.
#include <benchmark/benchmark.h>
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <thread>
#include <vector>

#include "bench/ledger_calls.h"

namespace {

constexpr long kPairs = 4096;  // of a turn
constexpr long kFrames = 16;   // as many as the ledger records

const LedgerCalls& load(const char* name) {
  const std::string path = std::string(LASTREF_BENCH_OBJECTS) + "/" + name + ".so";
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  void* calls = library == nullptr ? nullptr : dlsym(library, "lastref_bench_calls");
  if (calls == nullptr) {
    std::fprintf(stderr, "bench_ledger: %s\n", dlerror());
    std::exit(3);
  }
  return *static_cast<const LedgerCalls*>(calls);
}

const LedgerCalls& bare() {
  static const LedgerCalls& calls = load("bench_session_bare");
  return calls;
}
const LedgerCalls& watched() {
  static const LedgerCalls& calls = load("bench_session");
  return calls;
}

// Of the processor, for the machine may be shared.
double now() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// What the pairs of a row are done on.
using Sessions = std::vector<void*>;
using Pattern = void (*)(const LedgerCalls& calls, const Sessions& sessions);

void alone(const LedgerCalls& calls, const Sessions& sessions) {
  calls.pairs(sessions[0], kPairs, 0);
}
void alone_and_deep(const LedgerCalls& calls, const Sessions& sessions) {
  calls.pairs(sessions[0], kPairs, kFrames);
}
void nested(const LedgerCalls& calls, const Sessions& sessions) {
  calls.nests(sessions[0], kPairs, 4);
}
void in_turn(const LedgerCalls& calls, const Sessions& sessions) {
  calls.rounds(sessions.data(), static_cast<long>(sessions.size()), kPairs);
}

double seconds_of(Pattern pattern, const LedgerCalls& calls, const Sessions& sessions) {
  const double start = now();
  pattern(calls, sessions);
  return now() - start;
}

Sessions make_sessions(const LedgerCalls& calls, std::size_t count) {
  Sessions sessions(count);
  for (void*& session : sessions) session = calls.make();
  return sessions;
}
void release_sessions(const LedgerCalls& calls, const Sessions& sessions) {
  for (void* session : sessions) calls.release(session);
}

// The time of the row is that with the ledger.
void one_thread(benchmark::State& state, Pattern pattern, std::size_t session_count, int trace) {
  watched().set_trace(trace);
  const Sessions of_bare = make_sessions(bare(), session_count);
  const Sessions of_watched = make_sessions(watched(), session_count);
  double without = 0;
  double with = 0;
  while (state.KeepRunning()) {
    without += seconds_of(pattern, bare(), of_bare);
    const double seconds = seconds_of(pattern, watched(), of_watched);
    with += seconds;
    state.SetIterationTime(seconds);
  }
  const auto pairs = static_cast<double>(state.iterations() * kPairs);
  state.counters["bare_ns"] = without / pairs * 1e9;
  state.counters["ledger_ns"] = with / pairs * 1e9;
  state.counters["ratio"] = with / without;
  watched().set_trace(1);
  release_sessions(bare(), of_bare);
  release_sessions(watched(), of_watched);
}

// Pairs by several threads at once: on one session, or on one for each thread. `pair_ns` is the
// processor time of a pair, whichever thread does it.
void many_threads(benchmark::State& state, const LedgerCalls& calls, bool shared) {
  static void* of_all = nullptr;
  if (state.thread_index() == 0) of_all = calls.make();
  void* own = calls.make();
  double seconds = 0;
  while (state.KeepRunning()) {
    const double start = now();
    calls.pairs(shared ? of_all : own, kPairs, 0);
    seconds += now() - start;
  }
  state.counters["pair_ns"] =
      benchmark::Counter(seconds / static_cast<double>(state.iterations() * kPairs) * 1e9,
                         benchmark::Counter::kAvgThreads);
  calls.release(own);
  if (state.thread_index() == 0) calls.release(of_all);
}

// Its only work is to have been there.
void threads_started(benchmark::State& state) {
  while (state.KeepRunning()) std::thread([] {}).join();
}

void add_rows(const std::string& prefix) {
  const char* const traces[] = {"off", "caller", "stack"};
  for (int trace = 0; trace < 3; ++trace) {
    const auto add = [&](const std::string& name, Pattern pattern, std::size_t sessions) {
      benchmark::RegisterBenchmark((prefix + name + "/" + traces[trace]).c_str(), one_thread,
                                   pattern, sessions, trace)
          ->UseManualTime();
    };
    add("pair", alone, 1);
    add("pair_below_16_frames", alone_and_deep, 1);
    add("nest_of_4", nested, 1);
    add("pool_of_100", in_turn, 100);
    add("pool_of_10000", in_turn, 10000);
  }
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  add_rows("one_thread/");
  benchmark::RegisterBenchmark("threads_started", threads_started)->Iterations(1);
  add_rows("one_of_several_threads/");
  for (const bool shared : {true, false}) {
    const std::string prefix = shared ? "one_session" : "session_each";
    const auto add = [&](const char* name, const LedgerCalls& calls) {
      benchmark::RegisterBenchmark((prefix + name).c_str(), many_threads, calls, shared)
          ->ThreadRange(1, 4);
    };
    add("/bare", bare());
    add("/ledger", watched());
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
